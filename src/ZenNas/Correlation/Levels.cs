using System.Buffers;

namespace ZenNas.Correlation;

/// <summary>Values replaced by their place, from 0, among the distinct values in ascending order. Values aren't NaN.</summary>
internal sealed class Levels
{
    private readonly int[] _of;

    public Levels(ReadOnlySpan<double> values)
    {
        var sorted = values.ToArray();
        var positions = Enumerable.Range(0, sorted.Length).ToArray();
        Array.Sort(sorted, positions);
        _of = new int[sorted.Length];
        for (var i = 0; i < sorted.Length; i++)
        {
            if (i == 0 || sorted[i] != sorted[i - 1])
            {
                Count++;
            }

            _of[positions[i]] = Count - 1;
        }
    }

    private Levels(int[] of, int count) => (_of, Count) = (of, count);

    /// <summary>Number of distinct values.</summary>
    public int Count { get; }

    public ReadOnlySpan<int> Of => _of;

    /// <summary>The same values in another order.</summary>
    public Levels Reorder(ReadOnlySpan<int> positions)
    {
        var of = new int[positions.Length];
        for (var i = 0; i < of.Length; i++)
        {
            of[i] = _of[positions[i]];
        }

        return new Levels(of, Count);
    }

    /// <summary>Mid-ranks, from 1, of values of which each is there so many times.</summary>
    public void MidRanks(ReadOnlySpan<int> times, Span<double> ranks)
    {
        var buffer = ArrayPool<double>.Shared.Rent(Count);
        var byLevel = buffer.AsSpan(0, Count);
        byLevel.Clear();
        for (var i = 0; i < _of.Length; i++)
        {
            byLevel[_of[i]] += times[i];
        }

        double before = 0;
        foreach (ref var level in byLevel)
        {
            var here = level;
            level = before + (here + 1) / 2;
            before += here;
        }

        for (var i = 0; i < _of.Length; i++)
        {
            ranks[i] = byLevel[_of[i]];
        }

        ArrayPool<double>.Shared.Return(buffer);
    }
}
