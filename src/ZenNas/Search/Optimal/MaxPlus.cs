using System.Numerics;

namespace ZenNas.Search.Optimal;

/// <summary>Arithmetic in which maximum takes the place of addition, and addition that of multiplication.</summary>
internal static class MaxPlus
{
    /// <summary>target = max(target, values + added), element by element.</summary>
    public static void Join(Span<double> target, ReadOnlySpan<double> values, double added)
    {
        var addend = new Vector<double>(added);
        var i = 0;
        for (; i <= target.Length - Vector<double>.Count; i += Vector<double>.Count)
        {
            Vector.Max(new Vector<double>(target[i..]), new Vector<double>(values[i..]) + addend).CopyTo(target[i..]);
        }

        for (; i < target.Length; i++)
        {
            target[i] = Math.Max(target[i], values[i] + added);
        }
    }
}
