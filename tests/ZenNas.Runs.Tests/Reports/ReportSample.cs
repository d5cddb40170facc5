using ZenNas.Architectures;
using ZenNas.Complexity;
using ZenNas.Runs.Reports;
using ZenNas.Scores;
using ZenNas.Search;

namespace ZenNas.Runs.Tests.Reports;

/// <summary>A small report whose parts tests replace.</summary>
internal static class ReportSample
{
    public const string Structure = "SuperConvK3BNRELU(3,8,1,1)SuperResK1K5K1(8,16,2,8,3)SuperResIDWE6K3(16,24,2,8,2)";

    public static SearchReport Create(Architecture? best = null)
    {
        var winner = Scored(best ?? StructureString.Parse(Structure, 32, 10), 123.4567, 40);
        var other = Scored(StructureString.Parse("SuperConvK3BNRELU(3,8,1,1)", 32, 10), 20, 0);
        return new SearchReport
        {
            SpaceName = "residual",
            Budget = new Budget(1_000_000, null, 18),
            ScoreName = "closed-form",
            Strategy = SearchStrategy.Evolution,
            Preset = "pair",
            Seed = 7,
            Iterations = 100,
            Counts = new StepCounts(60, 30, 10, 1),
            SearchSeconds = 2,
            ElapsedSeconds = 3700,
            Command = "zennas search",
            Version = "1.2.3",
            Best = [Verified(winner), Verified(other)],
            Failures = [],
            Convergence = [new ConvergencePoint(0, 20, 20), new ConvergencePoint(100, 123.4567, 20)],
            Population = [winner, other],
        };
    }

    public static SearchReport WithMeasurement(ScoreValue measured)
    {
        var report = Create();
        return report with { Best = [report.Best[0] with { Measured = measured }] };
    }

    public static FailureCount Failed(string reason, long count) => new(
        reason, count, new FailedNetwork(12, StructureString.Parse(Structure, 32, 10), new ScoreFailure(reason)));

    private static Candidate Scored(Architecture architecture, double score, long step) =>
        new(architecture, score, NetworkCost.Of(Network.Lower(architecture)), step);

    private static VerifiedNetwork Verified(Candidate candidate) => new(candidate, candidate.Score, null);
}
