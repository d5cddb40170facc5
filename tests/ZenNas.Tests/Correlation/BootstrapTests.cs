using CsCheck;
using ZenNas.Correlation;

namespace ZenNas.Tests.Correlation;

public sealed class BootstrapTests
{
    private static readonly Statistic[] Statistics = Enum.GetValues<Statistic>();

    [Fact]
    public void Should_compute_a_resample_as_if_its_rows_were_written_out() =>
        Gen.Select(Definitions.AnyStatistic, Definitions.Columns, Gen.Int[0, 4].Array[40]).Sample((statistic, c, drawn) =>
        {
            var pairs = new StratifiedPairs([.. c.X], [.. c.Y], [RankCorrelation.EveryRow(c.X.Length)]);
            Definitions.AssertSame(
                Definitions.Of(statistic, WrittenOut(c.X, drawn), WrittenOut(c.Y, drawn)), pairs.Value(statistic, drawn.AsSpan(0, c.X.Length)));
        }, iter: 5_000);

    [Fact]
    public void Should_depend_on_the_seed_alone()
    {
        var (y, x) = NormalPairs.Draw(seed: 1, rows: 30, 0.5);
        foreach (var statistic in Statistics)
        {
            var interval = new Bootstrap(seed: 5, resamples: 200).Interval(statistic, x[0], y);
            Assert.NotNull(interval);
            Assert.Equal(interval, new Bootstrap(seed: 5, resamples: 200).Interval(statistic, x[0], y));
            Assert.NotEqual(interval, new Bootstrap(seed: 6, resamples: 200).Interval(statistic, x[0], y));
        }
    }

    [Fact]
    public void Should_not_depend_on_threads_or_on_what_else_is_resampled()
    {
        var (y, x) = NormalPairs.Draw(seed: 2, rows: 30, 0.5, 0.8);
        var strata = WithinBins.Strata(IsoBudgetBins.Split([.. y.Select(v => v + 10)], 3), y.Length);
        var samples = x.Select(s => new StratifiedPairs([.. s], [.. y], strata)).ToArray();
        var bootstrap = new Bootstrap(seed: 1, resamples: 100);
        var together = bootstrap.Resample(Statistic.Kendall, [.. samples], strata, y.Length, threads: 2);
        Assert.Equal(together[1], bootstrap.Resample(Statistic.Kendall, [samples[1]], strata, y.Length, threads: 1)[0]);
    }

    [Theory]
    [InlineData(Statistic.Kendall)]
    [InlineData(Statistic.Spearman)]
    [InlineData(Statistic.Pearson)]
    public void Should_cover_the_truth_about_as_often_as_it_says(Statistic statistic)
    {
        const int Trials = 400;
        int covered = 0, differenceCovered = 0;
        for (var trial = 0; trial < Trials; trial++)
        {
            var (y, x) = NormalPairs.Draw(seed: (ulong)trial, rows: 60, 0.6, 0.3);
            var bootstrap = new Bootstrap(seed: (ulong)trial, resamples: 300);
            covered += Holds(bootstrap.Interval(statistic, x[0], y), NormalPairs.Truth(statistic, 0.6));
            differenceCovered += Holds(
                bootstrap.DifferenceInterval(statistic, x[0], x[1], y), NormalPairs.Truth(statistic, 0.6) - NormalPairs.Truth(statistic, 0.3));
        }

        Assert.InRange((double)covered / Trials, 0.90, 0.985);
        Assert.InRange((double)differenceCovered / Trials, 0.90, 0.985);
    }

    [Fact]
    public void Should_cover_less_at_a_lower_level()
    {
        var (y, x) = NormalPairs.Draw(seed: 4, rows: 50, 0.5);
        var wide = new Bootstrap(level: 0.95).Interval(Statistic.Kendall, x[0], y)!.Value;
        var narrow = new Bootstrap(level: 0.5).Interval(Statistic.Kendall, x[0], y)!.Value;
        Assert.True(wide.Low < narrow.Low && narrow.Low < narrow.High && narrow.High < wide.High);
    }

    [Fact]
    public void Should_narrow_with_the_square_root_of_rows()
    {
        Assert.InRange(Width(100) / Width(1_600), 3, 5.5);

        static double Width(int rows)
        {
            var (y, x) = NormalPairs.Draw(seed: 6, rows, 0.5);
            var interval = new Bootstrap(resamples: 400).Interval(Statistic.Spearman, x[0], y)!.Value;
            return interval.High - interval.Low;
        }
    }

    [Fact]
    public void Should_draw_within_bins()
    {
        // Rows of a bin are all ranked right, so whatever is drawn within it is too; across bins they are ranked wrong.
        double[] costs = [.. Enumerable.Range(0, 40).Select(i => 1.0 + i / 20)], y = [.. Enumerable.Range(0, 40)];
        double[] x = [.. y.Select(v => v < 20 ? v + 100 : v)];
        var bins = IsoBudgetBins.Split(costs, 2);
        var bootstrap = new Bootstrap(resamples: 200);
        Assert.Equal(new ConfidenceInterval(1, 1), bootstrap.Interval(Statistic.Kendall, x, y, bins));
        Assert.True(bootstrap.Interval(Statistic.Kendall, x, y)!.Value.High < 0.5);
        // With one bin the draws are those of the plain interval.
        Assert.Equal(bootstrap.Interval(Statistic.Pearson, x, y), bootstrap.Interval(Statistic.Pearson, x, y, IsoBudgetBins.Split(costs, 1)));
        var (other, _) = NormalPairs.Draw(seed: 8, rows: 40);
        Assert.True(bootstrap.DifferenceInterval(Statistic.Kendall, x, other, y, bins)!.Value.Low > 0.5);
    }

    [Fact]
    public void Should_find_no_difference_between_equal_scores()
    {
        var (y, x) = NormalPairs.Draw(seed: 7, rows: 25, 0.4);
        Assert.All(Statistics, s => Assert.Equal(new ConfidenceInterval(0, 0), new Bootstrap(resamples: 100).DifferenceInterval(s, x[0], x[0], y)));
    }

    [Fact]
    public void Should_pair_the_resamples_of_two_scores()
    {
        // Nearly the same score twice: each interval is wide, their difference isn't.
        var (y, x) = NormalPairs.Draw(seed: 9, rows: 60, 0.5);
        double[] nearly = [.. x[0].Select((v, i) => v + 0.01 * (i % 3))];
        var alone = new Bootstrap(resamples: 400).Interval(Statistic.Pearson, x[0], y)!.Value;
        var difference = new Bootstrap(resamples: 400).DifferenceInterval(Statistic.Pearson, x[0], nearly, y)!.Value;
        Assert.InRange(difference.High - difference.Low, 0, 0.1 * (alone.High - alone.Low));
    }

    [Fact]
    public void Should_give_no_interval_where_there_is_too_little_to_tell()
    {
        var bootstrap = new Bootstrap(resamples: 500);
        Assert.Null(bootstrap.Interval(Statistic.Kendall, [1, 2, 3], [1, 2, 3]));
        Assert.NotNull(bootstrap.Interval(Statistic.Kendall, [1, 2, 3, 4], [1, 2, 3, 4]));
        Assert.Null(bootstrap.Interval(Statistic.Kendall, [1, 1, 1, 1, 1], [1, 2, 3, 4, 5]));

        // A side varies in about two of three resamples if a single row differs, and both do in less than a half if they are different rows.
        double[] first = [1, 0, 0, 0, 0, 0, 0, 0], second = [0, 1, 0, 0, 0, 0, 0, 0], distinct = [1, 2, 3, 4, 5, 6, 7, 8];
        Assert.NotNull(bootstrap.Interval(Statistic.Spearman, first, distinct));
        Assert.Null(bootstrap.Interval(Statistic.Spearman, first, second));
        Assert.Null(bootstrap.DifferenceInterval(Statistic.Spearman, first, second, distinct));
    }

    [Fact]
    public void Should_interpolate_between_neighbouring_resamples() =>
        Assert.Equal(new ConfidenceInterval(1.75, 3.25), new Bootstrap(level: 0.5).Interval([4, double.NaN, 2, 1, 3], rows: 4));

    [Fact]
    public void Should_refuse_settings_out_of_range()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new Bootstrap(resamples: 0));
        Assert.All(new[] { 0, 1, double.NaN }, level => Assert.Throws<ArgumentOutOfRangeException>(() => new Bootstrap(level: level)));
        Assert.Throws<ArgumentException>(() => new Bootstrap().Interval(Statistic.Kendall, [1, 2], [1]));
        Assert.Throws<ArgumentException>(() => new Bootstrap().DifferenceInterval(Statistic.Kendall, [1, 2], [1, double.NaN], [1, 2]));
    }

    private static int Holds(ConfidenceInterval? interval, double truth) => interval!.Value.Low <= truth && truth <= interval.Value.High ? 1 : 0;

    private static double[] WrittenOut(double[] values, int[] drawn) => [.. values.SelectMany((v, i) => Enumerable.Repeat(v, drawn[i]))];
}
