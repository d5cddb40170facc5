using System.Collections.Immutable;

namespace ZenNas.Correlation;

/// <summary>
/// Correlation of two columns of numbers. Every value lies in [−1, 1]; it is NaN where it is undefined: for fewer than two rows, or where one
/// side is constant.
/// </summary>
public static class RankCorrelation
{
    /// <summary>The statistic asked for.</summary>
    /// <param name="statistic">What to compute.</param>
    /// <param name="x">One side; finite.</param>
    /// <param name="y">Other side, row by row; finite.</param>
    /// <exception cref="ArgumentException">Lengths differ or a value isn't finite.</exception>
    public static double Of(Statistic statistic, ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        RequirePaired(x, y);
        return new StratifiedPairs([.. x], [.. y], [EveryRow(x.Length)]).Value(statistic, x.Length);
    }

    /// <summary>
    /// Kendall's τ-b (Kendall, 1945): concordant less discordant pairs, over the geometric mean of the pairs untied in x and those untied in y.
    /// By Knight's algorithm (1966), in O(n log n).
    /// </summary>
    /// <param name="x">One side; finite.</param>
    /// <param name="y">Other side, row by row; finite.</param>
    /// <exception cref="ArgumentException">Lengths differ or a value isn't finite.</exception>
    public static double Kendall(ReadOnlySpan<double> x, ReadOnlySpan<double> y) => Of(Statistic.Kendall, x, y);

    /// <summary>Spearman's ρ (1904): Pearson's correlation of <see cref="Ranks"/>.</summary>
    /// <param name="x">One side; finite.</param>
    /// <param name="y">Other side, row by row; finite.</param>
    /// <exception cref="ArgumentException">Lengths differ or a value isn't finite.</exception>
    public static double Spearman(ReadOnlySpan<double> x, ReadOnlySpan<double> y) => Of(Statistic.Spearman, x, y);

    /// <summary>Pearson's product-moment correlation, in two passes: accurate where values are large against their spread.</summary>
    /// <param name="x">One side; finite.</param>
    /// <param name="y">Other side, row by row; finite.</param>
    /// <exception cref="ArgumentException">Lengths differ or a value isn't finite.</exception>
    public static double Pearson(ReadOnlySpan<double> x, ReadOnlySpan<double> y) => Of(Statistic.Pearson, x, y);

    /// <summary>Ranks from 1 in ascending order; equal values share the mean of their ranks.</summary>
    /// <exception cref="ArgumentException">A value isn't finite.</exception>
    public static double[] Ranks(ReadOnlySpan<double> values)
    {
        RequireFinite(values, nameof(values));
        var once = new int[values.Length];
        once.AsSpan().Fill(1);
        var ranks = new double[values.Length];
        new Levels(values).MidRanks(once, ranks);
        return ranks;
    }

    internal static ImmutableArray<int> EveryRow(int count) => [.. Enumerable.Range(0, count)];

    internal static void RequirePaired(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        if (x.Length != y.Length)
        {
            throw new ArgumentException($"one side has {x.Length} rows, the other {y.Length}; they must be the same");
        }

        RequireFinite(x, nameof(x));
        RequireFinite(y, nameof(y));
    }

    private static void RequireFinite(ReadOnlySpan<double> values, string name)
    {
        for (var i = 0; i < values.Length; i++)
        {
            if (!double.IsFinite(values[i]))
            {
                throw new ArgumentException($"row {i} is {values[i]}; allowed are finite values", name);
            }
        }
    }
}
