using System.Collections.Immutable;

namespace ZenNas.Correlation;

/// <summary>Splits networks into bins of about equal size by cost, so that scores can be judged at a given budget.</summary>
public static class IsoBudgetBins
{
    /// <summary>Rows that a bin has at least, unless told otherwise.</summary>
    public const int DefaultMinimumRows = 4;

    /// <summary>
    /// Splits at the quantiles of the cost. Equal costs stay together. There are fewer bins where there are too few distinct costs, or where a
    /// bin would have too few rows: it then joins the smaller of its neighbours.
    /// </summary>
    /// <param name="costs">Cost per row; above 0 and finite.</param>
    /// <param name="count">Bins wanted; at least 1.</param>
    /// <param name="minimumRows">Rows of a bin; at least 1. With fewer rows in all there is one bin.</param>
    /// <returns>Bins in ascending order of cost, which together hold every row once; none where there are no rows.</returns>
    /// <exception cref="ArgumentException">A cost isn't above 0 and finite.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is below 1.</exception>
    public static ImmutableArray<IsoBudgetBin> Split(ReadOnlySpan<double> costs, int count, int minimumRows = DefaultMinimumRows)
    {
        RequirePositive(costs);
        return Split([.. costs], RankCorrelation.EveryRow(costs.Length), count, minimumRows);
    }

    internal static void RequirePositive(ReadOnlySpan<double> costs)
    {
        for (var i = 0; i < costs.Length; i++)
        {
            if (!double.IsFinite(costs[i]) || costs[i] <= 0)
            {
                throw new ArgumentException($"the cost of row {i} is {costs[i]}; allowed are finite values above 0", nameof(costs));
            }
        }
    }

    internal static ImmutableArray<IsoBudgetBin> Split(ImmutableArray<double> costs, ImmutableArray<int> rows, int count, int minimumRows)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(minimumRows, 1);
        // Without this limit small bins would be made only to be joined, unevenly.
        var bins = Math.Max(1, Math.Min(count, rows.Length / minimumRows));
        var byBin = new List<List<int>>();
        var last = -1L;
        var before = 0;
        foreach (var equal in rows.GroupBy(row => costs[row]).OrderBy(g => g.Key))
        {
            var size = equal.Count();
            // The middle of equal costs decides.
            var bin = (2L * before + size) * bins / (2L * rows.Length);
            before += size;
            if (bin != last)
            {
                byBin.Add([]);
                last = bin;
            }

            byBin[^1].AddRange(equal);
        }

        JoinSmall(byBin, minimumRows);
        return [.. byBin.Select(b => new IsoBudgetBin(costs[b[0]], costs[b[^1]], [.. b.Order()]))];
    }

    private static void JoinSmall(List<List<int>> bins, int minimumRows)
    {
        int small;
        while (bins.Count > 1 && (small = bins.FindIndex(b => b.Count < minimumRows)) >= 0)
        {
            // The later of the two bins to join.
            var later = small == 0 || (small < bins.Count - 1 && bins[small + 1].Count < bins[small - 1].Count) ? small + 1 : small;
            bins[later - 1].AddRange(bins[later]);
            bins.RemoveAt(later);
        }
    }
}
