using System.Collections.Immutable;
using ZenNas.Search;

namespace ZenNas.Correlation;

/// <summary>
/// Percentile bootstrap (Efron, 1979): rows are drawn again with replacement, within each stratum as many as it has, and the interval spans the
/// middle of the statistic's values. The draws depend on the seed and the number of rows alone.
/// </summary>
/// <remarks>
/// A resample in which the statistic is undefined is left out. There is no interval (null) for fewer than <see cref="FewestRows"/> rows, or
/// where fewer than half of the resamples are defined.
/// </remarks>
public sealed record Bootstrap
{
    /// <summary>Fewest rows for which an interval is given.</summary>
    public const int FewestRows = 4;

    /// <summary>Sets up resampling.</summary>
    /// <param name="seed">Seed of all draws.</param>
    /// <param name="resamples">Number of resamples; at least 1.</param>
    /// <param name="level">Probability that an interval holds the true value, in (0, 1).</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public Bootstrap(ulong seed = 0, int resamples = 2_000, double level = 0.95)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(resamples, 1);
        if (level is not (> 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(level), level, "allowed is above 0 and below 1");
        }

        (Seed, Resamples, Level) = (seed, resamples, level);
    }

    /// <summary>Seed of all draws.</summary>
    public ulong Seed { get; }

    /// <summary>Number of resamples.</summary>
    public int Resamples { get; }

    /// <summary>Probability that an interval holds the true value, in (0, 1).</summary>
    public double Level { get; }

    /// <summary>Interval of <see cref="RankCorrelation.Of"/>; with bins, of <see cref="WithinBins.Of"/>, with rows drawn within each bin.</summary>
    /// <param name="statistic">What to compute.</param>
    /// <param name="x">One side; finite.</param>
    /// <param name="y">Other side, row by row; finite.</param>
    /// <param name="bins">Bins of these rows, or null.</param>
    /// <exception cref="ArgumentException">Lengths differ, a value isn't finite, or a bin has a row that isn't there.</exception>
    public ConfidenceInterval? Interval(
        Statistic statistic, ReadOnlySpan<double> x, ReadOnlySpan<double> y, ImmutableArray<IsoBudgetBin>? bins = null)
    {
        RankCorrelation.RequirePaired(x, y);
        var strata = Strata(x.Length, bins);
        var pairs = new StratifiedPairs([.. x], [.. y], strata);
        return Interval(Resample(statistic, [pairs], strata, x.Length, threads: 1)[0], pairs.Count);
    }

    /// <summary>
    /// Interval of the statistic of (x1, y) less that of (x2, y), both on the same resamples, so that what is common to them cancels.
    /// </summary>
    /// <param name="statistic">What to compute.</param>
    /// <param name="x1">One score; finite.</param>
    /// <param name="x2">Another score, row by row; finite.</param>
    /// <param name="y">What both should rank, row by row; finite.</param>
    /// <param name="bins">Bins of these rows, or null.</param>
    /// <exception cref="ArgumentException">Lengths differ, a value isn't finite, or a bin has a row that isn't there.</exception>
    public ConfidenceInterval? DifferenceInterval(
        Statistic statistic, ReadOnlySpan<double> x1, ReadOnlySpan<double> x2, ReadOnlySpan<double> y, ImmutableArray<IsoBudgetBin>? bins = null)
    {
        RankCorrelation.RequirePaired(x1, y);
        RankCorrelation.RequirePaired(x2, y);
        var strata = Strata(y.Length, bins);
        var first = new StratifiedPairs([.. x1], [.. y], strata);
        var values = Resample(statistic, [first, new StratifiedPairs([.. x2], [.. y], strata)], strata, y.Length, threads: 1);
        return Interval(Differences(values[0], values[1]), first.Count);
    }

    internal static double[] Differences(double[] first, double[] second) => [.. first.Zip(second, (a, b) => a - b)];

    /// <summary>Values of several samples, by sample and resample; the rows are drawn once for all of them.</summary>
    internal double[][] Resample(
        Statistic statistic, ImmutableArray<StratifiedPairs> samples, ImmutableArray<ImmutableArray<int>> strata, int rowCount, int threads)
    {
        double[][] values = [.. samples.Select(_ => new double[Resamples])];
        Workers.Run(Resamples, threads, resample =>
        {
            var random = new StepRandom(Seed, (ulong)resample);
            var drawn = new int[rowCount];
            foreach (var rows in strata)
            {
                for (var i = 0; i < rows.Length; i++)
                {
                    drawn[rows[random.Next(rows.Length)]]++;
                }
            }

            for (var s = 0; s < samples.Length; s++)
            {
                values[s][resample] = samples[s].Value(statistic, drawn);
            }
        });
        return values;
    }

    /// <summary>The middle of the values, or null where there is too little to tell.</summary>
    internal ConfidenceInterval? Interval(double[] values, int rows)
    {
        double[] defined = [.. values.Where(v => !double.IsNaN(v)).Order()];
        return rows < FewestRows || 2 * defined.Length < values.Length
            ? null
            : new ConfidenceInterval(Quantile(defined, (1 - Level) / 2), Quantile(defined, (1 + Level) / 2));
    }

    /// <summary>Between neighbours linearly (type 7 of Hyndman and Fan, 1996).</summary>
    private static double Quantile(double[] sorted, double probability)
    {
        var place = probability * (sorted.Length - 1);
        var below = (int)place;
        var above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
    }

    private static ImmutableArray<ImmutableArray<int>> Strata(int rowCount, ImmutableArray<IsoBudgetBin>? bins) =>
        bins is { } given ? WithinBins.Strata(given, rowCount) : [RankCorrelation.EveryRow(rowCount)];
}
