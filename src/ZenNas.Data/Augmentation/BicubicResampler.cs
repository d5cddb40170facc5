using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ZenNas.Data.Augmentation;

/// <summary>
/// Resizes pictures by bicubic resampling with antialiasing, columns first, rounding to 8 bits after each axis, as Pillow does. Keeps its
/// working memory.
/// </summary>
internal sealed class BicubicResampler
{
    private const int Half = 1 << (AxisWeights.FractionBits - 1);
    private readonly AxisWeights _columns = new();
    private readonly AxisWeights _rows = new();
    private byte[] _narrowed = [];
    private int[] _sums = [];

    /// <summary>Resizes a part of a picture as if it were all of the picture.</summary>
    /// <param name="source">The picture.</param>
    /// <param name="part">The part.</param>
    /// <param name="height">Height that the part gets.</param>
    /// <param name="width">Width that the part gets.</param>
    /// <param name="window">What of the result is computed.</param>
    /// <param name="target">Gets the window.</param>
    public void Resize(PixelView source, Box part, int height, int width, Box window, PixelMap target)
    {
        _columns.Compute(part.Width, width, window.Left, window.Width);
        _rows.Compute(part.Height, height, window.Top, window.Height);
        var length = window.Width * source.Channels;
        Grow((_rows.End - _rows.Begin) * length, length);
        for (var y = _rows.Begin; y < _rows.End; y++)
        {
            var row = source.Row(part.Top + y).Slice(part.Left * source.Channels, part.Width * source.Channels);
            Narrow(row, source.Channels, _narrowed.AsSpan((y - _rows.Begin) * length, length));
        }

        target.Resize(window.Height, window.Width, source.Channels);
        for (var y = 0; y < window.Height; y++)
        {
            MixRows(y, target.Row(y));
        }
    }

    private void Narrow(ReadOnlySpan<byte> source, int channels, Span<byte> target)
    {
        if (channels == 3)
        {
            NarrowColour(source, target);
            return;
        }

        for (var x = 0; x < target.Length; x++)
        {
            var weights = _columns.Of(x);
            var pixels = source.Slice(_columns.First(x), weights.Length);
            var sum = Half;
            for (var t = 0; t < weights.Length; t++)
            {
                sum += weights[t] * pixels[t];
            }

            target[x] = ToByte(sum);
        }
    }

    private void NarrowColour(ReadOnlySpan<byte> source, Span<byte> target)
    {
        for (var x = 0; 3 * x < target.Length; x++)
        {
            var weights = _columns.Of(x);
            var pixels = source.Slice(3 * _columns.First(x), 3 * weights.Length);
            var (red, green, blue) = (Half, Half, Half);
            foreach (var weight in weights)
            {
                blue += weight * pixels[2];
                green += weight * pixels[1];
                red += weight * pixels[0];
                pixels = pixels[3..];
            }

            target[3 * x + 2] = ToByte(blue);
            target[3 * x + 1] = ToByte(green);
            target[3 * x] = ToByte(red);
        }
    }

    private void MixRows(int y, Span<byte> target)
    {
        var sums = _sums.AsSpan(0, target.Length);
        sums.Fill(Half);
        var weights = _rows.Of(y);
        var first = _rows.First(y) - _rows.Begin;
        for (var t = 0; t < weights.Length; t++)
        {
            AddWeighted(_narrowed.AsSpan((first + t) * target.Length, target.Length), weights[t], sums);
        }

        for (var x = 0; x < target.Length; x++)
        {
            target[x] = ToByte(sums[x]);
        }
    }

    private static void AddWeighted(ReadOnlySpan<byte> row, int weight, Span<int> sums)
    {
        var x = 0;
        for (; x <= row.Length - Vector<byte>.Count; x += Vector<byte>.Count)
        {
            Vector.Widen(new Vector<byte>(row[x..]), out var lower, out var upper);
            AddWeighted(lower, weight, sums[x..]);
            AddWeighted(upper, weight, sums[(x + Vector<ushort>.Count)..]);
        }

        for (; x < row.Length; x++)
        {
            sums[x] += weight * row[x];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddWeighted(Vector<ushort> pixels, int weight, Span<int> sums)
    {
        Vector.Widen(pixels, out var lower, out var upper);
        var vectors = MemoryMarshal.Cast<int, Vector<int>>(sums);
        vectors[1] += Vector.AsVectorInt32(upper) * weight;
        vectors[0] += Vector.AsVectorInt32(lower) * weight;
    }

    private static byte ToByte(int sum) => (byte)Math.Clamp(sum >> AxisWeights.FractionBits, 0, byte.MaxValue);

    private void Grow(int narrowed, int sums)
    {
        if (_narrowed.Length < narrowed)
        {
            _narrowed = new byte[narrowed];
        }

        if (_sums.Length < sums)
        {
            _sums = new int[sums];
        }
    }
}
