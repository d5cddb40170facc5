using System.Collections.Immutable;

namespace ZenNas.Correlation;

/// <summary>Correlation among networks of about equal cost: how well a score ranks at a given budget, whatever it says across budgets.</summary>
public static class WithinBins
{
    /// <summary>
    /// Kendall: τ-b of the pairs whose rows lie in the same bin, their counts summed over the bins. Spearman and Pearson: mean of the bins'
    /// values, weighted by rows − 1, without the bins where it is undefined.
    /// </summary>
    /// <param name="statistic">What to compute.</param>
    /// <param name="x">One side; finite.</param>
    /// <param name="y">Other side, row by row; finite.</param>
    /// <param name="bins">Bins of these rows.</param>
    /// <returns>In [−1, 1]; NaN where it is undefined in every bin.</returns>
    /// <exception cref="ArgumentException">Lengths differ, a value isn't finite, or a bin has a row that isn't there.</exception>
    public static double Of(Statistic statistic, ReadOnlySpan<double> x, ReadOnlySpan<double> y, ImmutableArray<IsoBudgetBin> bins)
    {
        RankCorrelation.RequirePaired(x, y);
        return new StratifiedPairs([.. x], [.. y], Strata(bins, x.Length)).Value(statistic, x.Length);
    }

    internal static ImmutableArray<ImmutableArray<int>> Strata(ImmutableArray<IsoBudgetBin> bins, int rowCount) =>
        bins.Any(b => b.Rows[^1] >= rowCount)
            ? throw new ArgumentException($"a bin has a row that isn't there; there are {rowCount} rows", nameof(bins))
            : [.. bins.Select(b => b.Rows)];
}
