using CsCheck;
using ZenNas.Correlation;

namespace ZenNas.Tests.Correlation;

public sealed class RankCorrelationTests
{
    [Fact]
    public void Should_agree_with_the_definitions() => Gen.Select(Definitions.AnyStatistic, Definitions.Columns).Sample((statistic, c) =>
        Definitions.AssertSame(Definitions.Of(statistic, c.X, c.Y), RankCorrelation.Of(statistic, c.X, c.Y)), iter: 5_000);

    [Fact]
    public void Should_rank_as_defined() => Definitions.Columns.Sample(c => Assert.Equal(Definitions.Ranks(c.X), RankCorrelation.Ranks(c.X)), iter: 1_000);

    [Fact]
    public void Should_agree_with_the_definitions_on_many_rows()
    {
        var (y, x) = NormalPairs.Draw(seed: 1, rows: 3_000, 0.7);
        double[] rounded = [.. x[0].Select(v => Math.Round(v, 1))];
        foreach (var statistic in Enum.GetValues<Statistic>())
        {
            Definitions.AssertSame(Definitions.Of(statistic, rounded, y), RankCorrelation.Of(statistic, rounded, y));
        }
    }

    [Fact]
    public void Should_give_known_values_of_kendall()
    {
        // Example of scipy.stats.kendalltau: −√2/3.
        Assert.Equal(-0.47140452079103173, RankCorrelation.Kendall([12, 2, 1, 12, 2], [1, 4, 7, 1, 0]), tolerance: 1e-15);
        // One exchange of neighbours among n: 1 − 4/(n(n−1)).
        Assert.Equal(1 - 4.0 / 20, RankCorrelation.Kendall([1, 2, 3, 4, 5], [10, 20, 40, 30, 50]), tolerance: 1e-15);
    }

    [Fact]
    public void Should_give_known_values_of_spearman()
    {
        // Examples of scipy.stats.spearmanr and of Wikipedia (IQ and hours of television: −29/165).
        Assert.Equal(0.8207826816681233, RankCorrelation.Spearman([1, 2, 3, 4, 5], [5, 6, 7, 8, 7]), tolerance: 1e-15);
        Assert.Equal(
            -29.0 / 165, RankCorrelation.Spearman([106, 100, 86, 101, 99, 103, 97, 113, 112, 110], [7, 27, 2, 50, 28, 29, 20, 12, 6, 17]), tolerance: 1e-15);
    }

    [Fact]
    public void Should_give_known_values_of_pearson()
    {
        // Example of scipy.stats.pearsonr, and Anscombe's first set (1973).
        Assert.Equal(-0.828503883588428, RankCorrelation.Pearson([1, 2, 3, 4, 5, 6, 7], [10, 9, 2.5, 6, 4, 3, 2]), tolerance: 1e-14);
        Assert.Equal(
            0.81642,
            RankCorrelation.Pearson([10, 8, 13, 9, 11, 14, 6, 4, 12, 7, 5], [8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26, 10.84, 4.82, 5.68]),
            tolerance: 5e-6);
    }

    [Fact]
    public void Should_share_ranks_among_equal_values() => Assert.Equal([2.5, 1, 4, 2.5], RankCorrelation.Ranks([7, -1, 9, 7]));

    [Theory]
    [InlineData(Statistic.Kendall)]
    [InlineData(Statistic.Spearman)]
    [InlineData(Statistic.Pearson)]
    public void Should_be_one_for_a_column_with_itself_and_undefined_without_spread(Statistic statistic)
    {
        double[] x = [0.1, -3, 7, 7, 2.5], opposite = [-0.1, 3, -7, -7, -2.5], constant = [0.1, 0.1, 0.1, 0.1, 0.1];
        Assert.Equal(1, RankCorrelation.Of(statistic, x, x));
        Assert.Equal(-1, RankCorrelation.Of(statistic, x, opposite));
        Assert.True(double.IsNaN(RankCorrelation.Of(statistic, x, constant)));
        Assert.True(double.IsNaN(RankCorrelation.Of(statistic, constant, x)));
        Assert.True(double.IsNaN(RankCorrelation.Of(statistic, [], [])));
        Assert.True(double.IsNaN(RankCorrelation.Of(statistic, [1], [2])));
    }

    [Fact]
    public void Should_not_change_with_a_monotone_transform_of_ranked_values() =>
        Gen.Select(Definitions.AnyStatistic.Where(s => s != Statistic.Pearson), Definitions.Columns).Sample((statistic, c) =>
        {
            var value = RankCorrelation.Of(statistic, c.X, c.Y);
            Assert.Equal(value, RankCorrelation.Of(statistic, [.. c.X.Select(Math.Exp)], [.. c.Y.Select(v => v * v * v)]));
            Definitions.AssertSame(-value, RankCorrelation.Of(statistic, [.. c.X.Select(v => -v)], c.Y));
        }, iter: 500);

    [Fact]
    public void Should_not_change_with_an_affine_transform_of_measured_values() =>
        Gen.Select(Definitions.Columns, Gen.Double[0.1, 50], Gen.Double[-50, 50]).Sample((c, scale, shift) =>
        {
            var value = RankCorrelation.Pearson(c.X, c.Y);
            Definitions.AssertSame(value, RankCorrelation.Pearson([.. c.X.Select(v => scale * v + shift)], c.Y));
            Definitions.AssertSame(-value, RankCorrelation.Pearson(c.X, [.. c.Y.Select(v => shift - scale * v)]));
        }, iter: 500);

    [Fact]
    public void Should_not_depend_on_sides_or_the_order_of_rows() =>
        Gen.Select(Definitions.AnyStatistic, Definitions.Columns).Sample((statistic, c) =>
        {
            var value = RankCorrelation.Of(statistic, c.X, c.Y);
            Definitions.AssertSame(value, RankCorrelation.Of(statistic, c.Y, c.X));
            Definitions.AssertSame(value, RankCorrelation.Of(statistic, [.. c.X.Reverse()], [.. c.Y.Reverse()]));
        }, iter: 500);

    [Theory]
    [InlineData(1e12, 1)]
    [InlineData(-1e12, 0.001)]
    [InlineData(1e15, 2)]
    public void Should_be_accurate_for_large_values_of_small_spread(double offset, double spread)
    {
        var (y, x) = NormalPairs.Draw(seed: 3, rows: 1_000, 0.5);
        double[] large = [.. x[0].Select(v => offset + spread * v)];
        // This subtraction is exact, so the small values have the same correlation as the large ones.
        double[] small = [.. large.Select(v => v - offset)];
        Assert.Equal(Definitions.Of(Statistic.Pearson, small, y), RankCorrelation.Pearson(large, y), tolerance: 1e-12);
    }

    [Theory]
    [InlineData(1e308)]
    [InlineData(1e-310)]
    public void Should_neither_overflow_nor_vanish(double unit)
    {
        double[] x = [-1, 0.5, 1, 0.25], y = [1, 2, 2, 3];
        Assert.Equal(RankCorrelation.Pearson(x, y), RankCorrelation.Pearson([.. x.Select(v => v * unit)], [.. y.Select(v => v / 4 * unit)]), tolerance: 1e-12);
    }

    [Fact]
    public void Should_tell_small_values_apart_beside_a_huge_one() =>
        Assert.Equal(1, RankCorrelation.Kendall([1e-300, 2e-300, 3e-300, 1e308], [1, 2, 3, 4]));

    [Fact]
    public void Should_take_both_zeros_for_equal() => Assert.Equal([1.5, 1.5, 3], RankCorrelation.Ranks([0.0, -0.0, 1]));

    [Fact]
    public void Should_refuse_sides_that_differ_in_length() =>
        Assert.Throws<ArgumentException>(() => RankCorrelation.Kendall([1, 2], [1, 2, 3]));

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    public void Should_refuse_what_is_not_finite(double value)
    {
        Assert.Throws<ArgumentException>(() => RankCorrelation.Spearman([1, value], [1, 2]));
        Assert.Throws<ArgumentException>(() => RankCorrelation.Pearson([1, 2], [1, value]));
        Assert.Throws<ArgumentException>(() => RankCorrelation.Ranks([value]));
    }
}
