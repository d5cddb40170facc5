using System.Buffers;
using System.Collections.Immutable;

namespace ZenNas.Correlation;

/// <summary>
/// Rows of (x, y) in strata; only rows of one stratum are compared with each other. With a single stratum every statistic is the plain one.
/// </summary>
internal sealed class StratifiedPairs
{
    private readonly PairedRows[] _strata;

    /// <summary>Takes rows of two columns, but for those where x is NaN.</summary>
    public StratifiedPairs(ImmutableArray<double> x, ImmutableArray<double> y, ImmutableArray<ImmutableArray<int>> strata)
    {
        _strata = [.. strata.Select(rows => new PairedRows(x.AsSpan(), y.AsSpan(), [.. rows.Where(row => !double.IsNaN(x[row]))]))];
        Count = _strata.Sum(s => s.Count);
    }

    /// <summary>Number of rows.</summary>
    public int Count { get; }

    /// <summary>
    /// Pooled value over the strata: τ-b of the pairs within strata; for the others the mean weighted by rows − 1 of the strata where it is
    /// defined.
    /// </summary>
    /// <param name="statistic">What to compute.</param>
    /// <param name="drawn">How many times each row of the columns was drawn.</param>
    /// <returns>In [−1, 1]; NaN where it is undefined.</returns>
    public double Value(Statistic statistic, ReadOnlySpan<int> drawn)
    {
        var buffer = ArrayPool<int>.Shared.Rent(Math.Max(1, Count));
        var pairs = default(PairCounts);
        double mean = 0, weights = 0;
        foreach (var stratum in _strata)
        {
            var times = buffer.AsSpan(0, stratum.Count);
            var rows = stratum.Gather(drawn, times);
            if (statistic == Statistic.Kendall)
            {
                pairs += stratum.Pairs(times);
                continue;
            }

            var value = statistic == Statistic.Spearman ? stratum.Spearman(times) : stratum.Pearson(times);
            if (!double.IsNaN(value))
            {
                // A running mean: a single stratum keeps its value bit for bit.
                mean = weights == 0 ? value : mean + (value - mean) * (rows - 1) / (weights + rows - 1);
                weights += rows - 1;
            }
        }

        ArrayPool<int>.Shared.Return(buffer);
        return statistic == Statistic.Kendall ? pairs.TauB : weights == 0 ? double.NaN : mean;
    }

    /// <summary>Pooled value with every row once.</summary>
    public double Value(Statistic statistic, int rowCount)
    {
        var once = new int[rowCount];
        once.AsSpan().Fill(1);
        return Value(statistic, once);
    }
}
