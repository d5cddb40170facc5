using System.Buffers;

namespace ZenNas.Correlation;

/// <summary>
/// Rows of (x, y), sorted once, so that the statistics of any resample need no sorting. A resample is given by how many times each row
/// was drawn.
/// </summary>
internal sealed class PairedRows
{
    private readonly int[] _rows;
    private readonly Levels _x;
    private readonly Levels _y;
    private readonly double[] _valuesX;
    private readonly double[] _valuesY;

    /// <summary>Takes rows of two columns; their values are finite.</summary>
    public PairedRows(ReadOnlySpan<double> x, ReadOnlySpan<double> y, ReadOnlySpan<int> rows)
    {
        var (valuesX, valuesY) = (Pick(x, rows), Pick(y, rows));
        var (levelsX, levelsY) = (new Levels(valuesX), new Levels(valuesY));
        var keys = new long[rows.Length];
        var order = new int[rows.Length];
        for (var i = 0; i < rows.Length; i++)
        {
            keys[i] = (long)levelsX.Of[i] << 32 | (uint)levelsY.Of[i];
            order[i] = i;
        }

        Array.Sort(keys, order);
        (_x, _y) = (levelsX.Reorder(order), levelsY.Reorder(order));
        _rows = new int[order.Length];
        (_valuesX, _valuesY) = (new double[order.Length], new double[order.Length]);
        for (var i = 0; i < order.Length; i++)
        {
            (_rows[i], _valuesX[i], _valuesY[i]) = (rows[order[i]], valuesX[order[i]], valuesY[order[i]]);
        }

        Scale(_valuesX);
        Scale(_valuesY);
    }

    /// <summary>Number of rows.</summary>
    public int Count => _rows.Length;

    /// <summary>How many times each row was drawn, in the order of this object; returns the sum.</summary>
    public int Gather(ReadOnlySpan<int> drawn, Span<int> times)
    {
        var sum = 0;
        for (var i = 0; i < _rows.Length; i++)
        {
            sum += times[i] = drawn[_rows[i]];
        }

        return sum;
    }

    /// <summary>
    /// Knight's algorithm (1966): in the order of x, then y, the discordant pairs are the exchanges a sort by y would make. They are
    /// counted with a binary indexed tree over y (Fenwick, 1994), which takes repeated rows at once.
    /// </summary>
    public PairCounts Pairs(ReadOnlySpan<int> times)
    {
        var treeBuffer = ArrayPool<int>.Shared.Rent(_y.Count + 1);
        var drawnBuffer = ArrayPool<int>.Shared.Rent(_y.Count);
        var tree = treeBuffer.AsSpan(0, _y.Count + 1);
        var drawnOfY = drawnBuffer.AsSpan(0, _y.Count);
        tree.Clear();
        drawnOfY.Clear();
        ReadOnlySpan<int> xs = _x.Of, ys = _y.Of;
        long before = 0, pairs = 0, tiedX = 0, tiedY = 0, tiedBoth = 0, discordant = 0, sameX = 0, sameBoth = 0;
        for (var i = 0; i < xs.Length; i++)
        {
            if (i > 0 && (xs[i] != xs[i - 1] || ys[i] != ys[i - 1]))
            {
                sameBoth = 0;
                sameX = xs[i] == xs[i - 1] ? sameX : 0;
            }

            long n = times[i];
            if (n == 0)
            {
                continue;
            }

            var y = ys[i];
            var among = n * (n - 1) / 2;
            pairs += n * before + among;
            tiedX += n * sameX + among;
            tiedY += n * drawnOfY[y] + among;
            tiedBoth += n * sameBoth + among;
            var notAbove = 0;
            for (var node = y + 1; node > 0; node &= node - 1)
            {
                notAbove += tree[node];
            }

            discordant += n * (before - notAbove);
            for (var node = y + 1; node < tree.Length; node += node & -node)
            {
                tree[node] += (int)n;
            }

            drawnOfY[y] += (int)n;
            before += n;
            sameX += n;
            sameBoth += n;
        }

        ArrayPool<int>.Shared.Return(treeBuffer);
        ArrayPool<int>.Shared.Return(drawnBuffer);
        return new PairCounts(pairs - tiedX - tiedY + tiedBoth - 2 * discordant, pairs - tiedX, pairs - tiedY);
    }

    /// <summary>Spearman's ρ; NaN where one side is constant.</summary>
    public double Spearman(ReadOnlySpan<int> times)
    {
        var buffer = ArrayPool<double>.Shared.Rent(2 * Count);
        var x = buffer.AsSpan(0, Count);
        var y = buffer.AsSpan(Count, Count);
        _x.MidRanks(times, x);
        _y.MidRanks(times, y);
        var value = ProductMoment.Of(x, y, times);
        ArrayPool<double>.Shared.Return(buffer);
        return value;
    }

    /// <summary>Pearson's correlation; NaN where one side is constant.</summary>
    public double Pearson(ReadOnlySpan<int> times) => ProductMoment.Of(_valuesX, _valuesY, times);

    private static double[] Pick(ReadOnlySpan<double> values, ReadOnlySpan<int> rows)
    {
        var picked = new double[rows.Length];
        for (var i = 0; i < picked.Length; i++)
        {
            picked[i] = values[rows[i]];
        }

        return picked;
    }

    /// <summary>Divides by a power of two, which is exact, so that no square overflows.</summary>
    private static void Scale(Span<double> values)
    {
        double largest = 0;
        foreach (var value in values)
        {
            largest = Math.Max(largest, Math.Abs(value));
        }

        var exponent = largest == 0 ? 0 : Math.ILogB(largest);
        foreach (ref var value in values)
        {
            value = Math.ScaleB(value, -exponent);
        }
    }
}
