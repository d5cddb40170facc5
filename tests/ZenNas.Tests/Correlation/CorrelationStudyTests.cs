using System.Collections.Immutable;
using ZenNas.Correlation;

namespace ZenNas.Tests.Correlation;

public sealed class CorrelationStudyTests
{
    private const int Rows = 60;
    private static readonly Statistic[] Statistics = Enum.GetValues<Statistic>();
    private static readonly Bootstrap Quick = new(seed: 3, resamples: 100);
    private static readonly ImmutableArray<double> Costs = [.. Enumerable.Range(0, Rows).Select(i => 1_000.5 * (1 + i * 7 % 20))];
    private static readonly ImmutableArray<string> Groups = [.. Enumerable.Range(0, Rows).Select(i => i < 2 ? "tiny" : i % 3 == 0 ? "resnet" : "mobile")];
    private static readonly (double[] Y, double[][] X) Normal = NormalPairs.Draw(seed: 1, Rows, 0.8, 0.4);
    private static readonly ScoreColumn Zen = new("zen", [.. Normal.X[0].Select((v, i) => i % 11 == 4 ? double.NaN : v)]);
    private static readonly ScoreColumn Flops = new("flops", [.. Normal.X[1].Select((v, i) => i % 13 == 5 ? double.NaN : v)]);
    private static readonly ImmutableArray<CorrelationEntry> Entries = new CorrelationStudy("flops", bootstrap: Quick).Evaluate(Networks());

    [Fact]
    public void Should_list_every_group_bin_score_and_statistic_once()
    {
        Assert.Equal(Entries.Length, Entries.Select(e => (e.Group, e.Bin, e.Score, e.Statistic)).Distinct().Count());
        Assert.Equal(["all", "tiny", "mobile", "resnet"], Entries.Select(e => e.Group).Distinct());
        foreach (var group in Entries.GroupBy(e => e.Group))
        {
            var rows = RowsOf(group.Key);
            var bins = IsoBudgetBins.Split([.. rows.Select(r => Costs[r])], CorrelationStudy.DefaultBinCount);
            string[] expected = bins.Length < 2 ? ["all"] : ["all", "within bins", .. bins.Select(b => $"{b.LowestCost} to {b.HighestCost}")];
            Assert.Equal(expected, group.Select(e => e.Bin).Distinct());
            Assert.Equal(6 * expected.Length, group.Count());
            Assert.All(group.Where(e => e.Bin is "all" or "within bins"), e => Assert.Equal(rows.Length, e.Networks + e.Failed));
        }
    }

    [Fact]
    public void Should_name_a_bin_after_its_cost() => Assert.Contains(Entries, e => e.Group == "all" && e.Bin == "1000.5 to 4002");

    [Fact]
    public void Should_correlate_the_networks_that_have_a_score()
    {
        foreach (var entry in Entries.Where(e => e.Bin == "all"))
        {
            var rows = RowsOf(entry.Group).Where(r => !double.IsNaN(Column(entry.Score)[r])).ToArray();
            Assert.Equal(rows.Length, entry.Networks);
            Definitions.AssertSame(Definitions.Of(entry.Statistic, Pick(Column(entry.Score), rows), Pick([.. Normal.Y], rows)), entry.Value);
        }
    }

    [Fact]
    public void Should_bin_all_networks_of_a_group_whatever_fails()
    {
        foreach (var entry in Entries.Where(e => e.Group != "tiny" && e.Bin != "all"))
        {
            var rows = RowsOf(entry.Group);
            var bins = IsoBudgetBins.Split(Pick(Costs, rows), CorrelationStudy.DefaultBinCount);
            var inBin = bins.Where(b => entry.Bin == "within bins" || entry.Bin == $"{b.LowestCost} to {b.HighestCost}")
                .Select(b => b.Rows.Select(i => rows[i]).ToArray()).ToArray();
            var strata = inBin.Select(b => b.Where(r => !double.IsNaN(Column(entry.Score)[r])).ToArray()).ToArray();
            Assert.Equal(strata.Sum(s => s.Length), entry.Networks);
            Assert.Equal(inBin.Sum(s => s.Length) - entry.Networks, entry.Failed);
            if (entry.Statistic != Statistic.Kendall)
            {
                var values = strata.Select(s => Definitions.Of(entry.Statistic, Pick(Column(entry.Score), s), Pick([.. Normal.Y], s))).ToArray();
                Definitions.AssertSame(values.Zip(strata, (v, s) => v * (s.Length - 1)).Sum() / strata.Sum(s => s.Length - 1), entry.Value);
            }
        }
    }

    [Fact]
    public void Should_compare_with_the_baseline_where_both_have_a_score()
    {
        int[] shared = [.. Enumerable.Range(0, Rows).Where(r => !double.IsNaN(Zen.Values[r]) && !double.IsNaN(Flops.Values[r]))];
        var (zen, flops, y) = (Pick(Zen.Values, shared), Pick(Flops.Values, shared), Pick([.. Normal.Y], shared));
        foreach (var statistic in Statistics)
        {
            var entry = Entries.Single(e => e.Group == "all" && e.Bin == "all" && e.Score == "zen" && e.Statistic == statistic);
            Assert.Equal(Definitions.Of(statistic, zen, y) - Definitions.Of(statistic, flops, y), entry.DifferenceFromBaseline!.Value, tolerance: 1e-12);
            var interval = entry.DifferenceInterval!.Value;
            Assert.InRange(entry.DifferenceFromBaseline.Value, interval.Low, interval.High);
        }

        Assert.All(Entries.Where(e => e.Score == "flops"), e => Assert.Equal((null, null), (e.DifferenceFromBaseline, e.DifferenceInterval)));
    }

    [Fact]
    public void Should_give_the_intervals_of_the_bootstrap()
    {
        var networks = new ScoredNetworks([new("a", [.. Normal.X[0]]), new("b", [.. Normal.X[1]])], [.. Normal.Y], Costs);
        var entries = new CorrelationStudy("b", 4, Quick).Evaluate(networks);
        var bins = IsoBudgetBins.Split(Costs.AsSpan(), 4);
        foreach (var statistic in Statistics)
        {
            var plain = entries.Single(e => e.Bin == "all" && e.Score == "a" && e.Statistic == statistic);
            Assert.Equal(Quick.Interval(statistic, Normal.X[0], Normal.Y), plain.Interval);
            Assert.Equal(Quick.DifferenceInterval(statistic, Normal.X[0], Normal.X[1], Normal.Y), plain.DifferenceInterval);
            var pooled = entries.Single(e => e.Bin == "within bins" && e.Score == "a" && e.Statistic == statistic);
            Assert.Equal(WithinBins.Of(statistic, Normal.X[0], Normal.Y, bins), pooled.Value);
            Assert.Equal(Quick.Interval(statistic, Normal.X[0], Normal.Y, bins), pooled.Interval);
            Assert.Equal(Quick.DifferenceInterval(statistic, Normal.X[0], Normal.X[1], Normal.Y, bins), pooled.DifferenceInterval);
        }
    }

    [Fact]
    public void Should_find_no_difference_to_a_baseline_of_the_same_values()
    {
        var networks = new ScoredNetworks([Zen, new ScoreColumn("twin", Zen.Values)], [.. Normal.Y], Costs);
        var twins = new CorrelationStudy("zen", bootstrap: Quick).Evaluate(networks).Where(e => e.Score == "twin").ToArray();
        Assert.NotEmpty(twins);
        Assert.All(twins, e => Assert.Equal((0.0, new ConfidenceInterval(0, 0)), (e.DifferenceFromBaseline, e.DifferenceInterval)));
    }

    [Fact]
    public void Should_list_small_groups_without_what_they_cannot_tell()
    {
        var tiny = Entries.Where(e => e.Group == "tiny").ToArray();
        Assert.All(tiny, e => Assert.Equal((2, null, null), (e.Networks, e.Interval, e.DifferenceInterval)));
        Assert.All(tiny, e => Assert.Equal(1, Math.Abs(e.Value), tolerance: 1e-12));
        var single = new ScoredNetworks([Zen], [.. Normal.Y], Costs, groups: [.. Groups.Select((g, i) => i == 4 ? "failed" : i == 5 ? "single" : g)]);
        var entries = new CorrelationStudy(bootstrap: Quick).Evaluate(single);
        Assert.All(entries.Where(e => e.Group is "single" or "failed"), e => Assert.True(double.IsNaN(e.Value) && e.Interval is null));
        Assert.All(entries.Where(e => e.Group == "failed"), e => Assert.Equal((0, 1), (e.Networks, e.Failed)));
    }

    [Fact]
    public void Should_have_no_difference_where_a_score_is_undefined()
    {
        var constant = new ScoreColumn("constant", [.. Zen.Values.Select(_ => 1.0)]);
        var entries = new CorrelationStudy("zen", bootstrap: Quick).Evaluate(new ScoredNetworks([Zen, constant], [.. Normal.Y], Costs));
        Assert.All(entries.Where(e => e.Score == "constant"), e =>
            Assert.True(double.IsNaN(e.Value) && e is { Interval: null, DifferenceFromBaseline: null, DifferenceInterval: null }));
    }

    [Fact]
    public void Should_turn_the_sign_of_an_error()
    {
        var errors = new ScoredNetworks([Zen, Flops], [.. Normal.Y.Select(v => -v)], Costs, lowerTargetIsBetter: true, Groups);
        Assert.Equal(Entries, new CorrelationStudy("flops", bootstrap: Quick).Evaluate(errors));
    }

    [Fact]
    public void Should_not_depend_on_threads() =>
        Assert.Equal(Entries, new CorrelationStudy("flops", bootstrap: Quick).Evaluate(Networks(), threads: 2));

    [Fact]
    public void Should_compare_with_nothing_unless_asked() =>
        Assert.All(new CorrelationStudy(bootstrap: Quick).Evaluate(Networks()), e => Assert.Null(e.DifferenceFromBaseline));

    [Fact]
    public void Should_have_nothing_to_say_about_no_networks()
    {
        var entries = new CorrelationStudy().Evaluate(new ScoredNetworks([new ScoreColumn("zen", [])], [], []));
        Assert.Equal(["all"], entries.Select(e => e.Bin).Distinct());
        Assert.All(entries, e => Assert.True(double.IsNaN(e.Value) && e.Networks == 0));
    }

    [Fact]
    public void Should_refuse_columns_that_do_not_fit()
    {
        ImmutableArray<double> two = [1, 2], three = [1, 2, 3];
        Refuse(() => new ScoredNetworks([new ScoreColumn("a", three)], two, two));
        Refuse(() => new ScoredNetworks([], two, three));
        Refuse(() => new ScoredNetworks([], [1, double.NaN], two));
        Refuse(() => new ScoredNetworks([], two, [0, 1]));
        Refuse(() => new ScoredNetworks([new ScoreColumn("a", two), new ScoreColumn("a", two)], two, two));
        Refuse(() => new ScoredNetworks([], two, two, groups: ["a"]));
        Refuse(() => new ScoredNetworks([], two, two, groups: ["a", "all"]));
        Refuse(() => new ScoreColumn("a", [double.NegativeInfinity]));
        Refuse(() => new ScoreColumn("", two));
        Refuse(() => new CorrelationStudy("none").Evaluate(Networks()));
        Assert.Throws<ArgumentOutOfRangeException>(() => new CorrelationStudy(binCount: 0));
    }

    private static ScoredNetworks Networks() => new([Zen, Flops], [.. Normal.Y], Costs, groups: Groups);

    private static void Refuse(Func<object> make) => Assert.Throws<ArgumentException>(() => { make(); });

    private static ImmutableArray<double> Column(string score) => score == "zen" ? Zen.Values : Flops.Values;

    private static int[] RowsOf(string group) => [.. Enumerable.Range(0, Rows).Where(r => group == "all" || Groups[r] == group)];

    private static double[] Pick(ImmutableArray<double> values, int[] rows) => [.. rows.Select(r => values[r])];
}
