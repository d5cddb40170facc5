using CsCheck;
using ZenNas.Correlation;

namespace ZenNas.Tests.Correlation;

public sealed class WithinBinsTests
{
    [Fact]
    public void Should_pool_as_defined() => Gen.Select(Definitions.Columns, Gen.Int[1, 6]).Sample((c, count) =>
    {
        // The bins follow a third column, so that ties of cost and of x differ.
        double[] costs = [.. c.X.Zip(c.Y, (a, b) => Math.Abs(a - b) + 1)];
        var bins = IsoBudgetBins.Split(costs, count, minimumRows: 1);
        var columns = bins.Select(b => (X: b.Rows.Select(r => c.X[r]).ToArray(), Y: b.Rows.Select(r => c.Y[r]).ToArray())).ToArray();
        var pairs = columns.Select(b => Definitions.Pairs(b.X, b.Y)).ToArray();
        Definitions.AssertSame(
            pairs.Sum(p => p.Balance) / Math.Sqrt(pairs.Sum(p => p.UntiedX) * pairs.Sum(p => p.UntiedY)),
            WithinBins.Of(Statistic.Kendall, c.X, c.Y, bins));
        foreach (var statistic in new[] { Statistic.Spearman, Statistic.Pearson })
        {
            var defined = columns.Select(b => (Value: Definitions.Of(statistic, b.X, b.Y), Weight: b.X.Length - 1)).Where(b => !double.IsNaN(b.Value)).ToArray();
            Definitions.AssertSame(
                defined.Sum(b => b.Value * b.Weight) / defined.Sum(b => b.Weight),
                WithinBins.Of(statistic, c.X, c.Y, bins));
        }
    }, iter: 2_000);

    [Fact]
    public void Should_be_the_plain_statistic_in_a_single_bin() => Gen.Select(Definitions.AnyStatistic, Definitions.Columns).Sample((statistic, c) =>
        Assert.Equal(
            RankCorrelation.Of(statistic, c.X, c.Y),
            WithinBins.Of(statistic, c.X, c.Y, IsoBudgetBins.Split([.. c.X.Select(_ => 1.0)], 3))), iter: 500);

    [Theory]
    [InlineData(Statistic.Kendall)]
    [InlineData(Statistic.Spearman)]
    [InlineData(Statistic.Pearson)]
    public void Should_not_reward_a_score_that_only_follows_cost(Statistic statistic)
    {
        // Within each of two budgets the score ranks backwards.
        double[] costs = [1, 1, 1, 1, 9, 9, 9, 9], score = [1, 2, 3, 4, 101, 102, 103, 104], accuracy = [4, 3, 2, 1, 104, 103, 102, 101];
        Assert.True(RankCorrelation.Of(statistic, score, accuracy) > 0);
        Assert.Equal(-1, WithinBins.Of(statistic, score, accuracy, IsoBudgetBins.Split(costs, 2)), tolerance: 1e-12);
    }

    [Fact]
    public void Should_refuse_bins_of_other_rows() => Assert.Throws<ArgumentException>(
        () => WithinBins.Of(Statistic.Kendall, [1, 2], [1, 2], IsoBudgetBins.Split([1, 2, 3], 1)));
}
