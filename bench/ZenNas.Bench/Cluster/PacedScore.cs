using System.Diagnostics;
using ZenNas.Architectures;
using ZenNas.Scores;

namespace ZenNas.Bench.Cluster;

/// <summary>A score that takes a given time: <c>wait</c> sleeps for a time that varies evenly by half to either side, <c>compute</c> does a given amount of arithmetic.</summary>
internal sealed class PacedScore(ScoreInfo info, Action<ulong> work) : IScore
{
    public static ScoreInfo Wait { get; } = new() { Name = "wait", Summary = "sleeps", Source = "this benchmark", IsRandom = true };

    public static ScoreInfo Compute { get; } = new() { Name = "compute", Summary = "computes", Source = "this benchmark", IsRandom = true };

    public ScoreInfo Info => info;

    /// <summary>Both, for so long.</summary>
    public static ScoreCatalog Catalog(double waitMs, long steps) => ScoreCatalog.TensorFree
        .With(Wait, _ => new PacedScore(Wait, seed => Sleep(ClusterModel.Varying(waitMs)((int)seed))))
        .With(Compute, _ => new PacedScore(Compute, _ => Arithmetic(steps)));

    /// <summary>How many steps of arithmetic take so long here, while nothing else runs.</summary>
    public static long StepsFor(double ms)
    {
        const long Steps = 20_000_000;
        _ = Arithmetic(Steps);
        var clock = Stopwatch.StartNew();
        _ = Arithmetic(Steps);
        return (long)(Steps * ms / clock.Elapsed.TotalMilliseconds);
    }

    public ScoreValue Evaluate(Network network, ulong seed)
    {
        work(seed);
        return ScoreValue.Once(seed % 1000);
    }

    private static void Sleep(double ms)
    {
        if (ms > 0)
        {
            Thread.Sleep(TimeSpan.FromMilliseconds(ms));
        }
    }

    private static ulong Arithmetic(long steps)
    {
        ulong value = 1;
        for (long i = 0; i < steps; i++)
        {
            value = value * 6364136223846793005 + 1442695040888963407;
        }

        return value;
    }
}
