using ZenNas.Architectures;
using ZenNas.Bench.Measuring;
using ZenNas.Bench.Results;
using ZenNas.Scores;

namespace ZenNas.Bench.Commands;

/// <summary>Tables of <see cref="MeasuredSpeedCommand"/>.</summary>
/// <param name="sides">All sides, ours first: fp32, then bf16.</param>
/// <param name="oursCount">How many of the sides are ours.</param>
/// <param name="rows">Per network and side.</param>
internal sealed class SpeedReport(IReadOnlyList<ITimedSide> sides, int oursCount, TimedScore[][] rows)
{
    public Table Raw(IReadOnlyList<Architecture> stream)
    {
        var table = new Table("network", "side", "seconds_per_score", "score", "resolution", "structure");
        for (var i = 0; i < rows.Length; i++)
        {
            for (var side = 0; side < sides.Count; side++)
            {
                table.Add(
                    $"{i + 1}", sides[side].Name, $"{rows[i][side].Seconds:F6}", $"{rows[i][side].Score:F4}",
                    $"{stream[i].Resolution}", StructureString.TryFormat(stream[i])!);
            }
        }

        return table;
    }

    public string Times()
    {
        var table = new Table("side", "median (s)", "quartiles (s)");
        foreach (var precision in Enum.GetValues<Precision>())
        {
            foreach (var side in Sides.Where(s => sides[s].Precision == precision))
            {
                var seconds = Seconds(side);
                table.Add(sides[side].Name, $"{seconds.Median:F4}", $"{seconds.LowerQuartile:F4} to {seconds.UpperQuartile:F4}");
            }
        }

        return table.ToMarkdown();
    }

    /// <summary>Time of the peer's best setting divided by ours, network by network.</summary>
    public string Ratios()
    {
        var bestFp32 = Best(Peers.Where(s => sides[s].Precision == Precision.Fp32));
        var best = Best(Peers);
        var table = new Table("ours", "PyTorch's best setting of", "which is", "times faster, median of ratios", "interquartile range");
        var plain = Peers.First();
        AddRatio(table, Precision.Fp32, plain, "none: as PyTorch comes");
        AddRatio(table, Precision.Bf16, plain, "none: as PyTorch comes");
        AddRatio(table, Precision.Fp32, bestFp32, "fp32");
        AddRatio(table, Precision.Bf16, bestFp32, "fp32");
        AddRatio(table, Precision.Bf16, best, "all, bf16 included");
        return table.ToMarkdown();
    }

    /// <summary>Whether all sides measure the same: difference to ours in fp32.</summary>
    public string ScoreDifferences()
    {
        var fp32 = Ours(Precision.Fp32);
        var table = new Table("side", "score minus that of ZenNas fp32, mean ± standard error over networks");
        foreach (var side in Sides.Where(s => s != fp32))
        {
            table.Add(sides[side].Name, new Sample(rows.Select(r => r[side].Score - r[fp32].Score)).ShowMean("F2"));
        }

        return table.ToMarkdown();
    }

    private IEnumerable<int> Sides => Enumerable.Range(0, sides.Count);

    private IEnumerable<int> Peers => Sides.Skip(oursCount);

    private void AddRatio(Table table, Precision precision, int peer, string among)
    {
        var ours = Ours(precision);
        var ratios = new Sample(rows.Select(r => r[peer].Seconds / r[ours].Seconds));
        table.Add(sides[ours].Name, among, sides[peer].Name, $"{ratios.Median:F2}", $"{ratios.LowerQuartile:F2} to {ratios.UpperQuartile:F2}");
    }

    private int Ours(Precision precision) => Sides.Take(oursCount).First(s => sides[s].Precision == precision);

    private int Best(IEnumerable<int> candidates) => candidates.MinBy(s => Seconds(s).Median);

    private Sample Seconds(int side) => new(rows.Select(r => r[side].Seconds));
}
