using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace ZenNas.Torch;

/// <summary>
/// Training-mode batch normalisation (scale 1, shift 0) and ReLU in two passes over a channels-last map, in place: torch's own takes three
/// and allocates two maps.
/// </summary>
/// <remarks>
/// Rows are taken together until they hold whole blocks of sixteen elements (two rows of 8 channels, say), so any number of channels
/// runs in full vectors; the few rows that are left over are handled one element at a time.
/// </remarks>
/// <typeparam name="TFormat">Number format of the map.</typeparam>
internal static unsafe class FusedBatchNorm<TFormat>
    where TFormat : struct, IMapFormat
{
    /// <summary>ε of the released networks' batch normalisation.</summary>
    public const float Epsilon = 1e-3f;

    private const int Block = 16;
    private const int RowsAtOnce = 4;

    // Sums of this many groups of rows stay in single precision before they go to double.
    private const int GroupsPerFlush = 64;

    /// <summary>Normalises a map of <paramref name="rows"/> × <paramref name="channels"/> and returns the mean over channels of the biased variance.</summary>
    public static double Apply(byte* map, long rows, int channels, bool relu)
    {
        var rowsPerSpan = Block / (int)BigInteger.GreatestCommonDivisor(channels, Block);
        var span = rowsPerSpan * channels;
        var totals = (double*)NativeMemory.AllocZeroed((nuint)(2 * channels), sizeof(double));
        var work = (float*)NativeMemory.AlignedAlloc((nuint)(2 * span * sizeof(float)), 64);
        try
        {
            var spans = rows / rowsPerSpan;
            Accumulate(map, spans, span, channels, work, totals);
            AccumulateRest(map, spans * span, rows * channels, channels, totals);
            var variance = ToScaleAndShift(rows, channels, totals);
            Arrange(totals, channels, work, span);
            var floor = relu ? 0 : float.NegativeInfinity;
            Normalise(map, spans, span, work, work + span, floor);
            NormaliseRest(map, spans * span, rows * channels, channels, totals, floor);
            return variance;
        }
        finally
        {
            NativeMemory.Free(totals);
            NativeMemory.AlignedFree(work);
        }
    }

    private static void Accumulate(byte* map, long spans, int span, int channels, float* sums, double* totals)
    {
        new Span<float>(sums, 2 * span).Clear();
        var groups = 0;
        long next = 0;
        for (; next + RowsAtOnce <= spans; next += RowsAtOnce)
        {
            AddFour(map, (nint)(next * span), span, sums, sums + span);
            if (++groups == GroupsPerFlush)
            {
                Flush(sums, totals, span, channels);
                groups = 0;
            }
        }

        Flush(sums, totals, span, channels);
        AccumulateRest(map, next * span, spans * span, channels, totals);
    }

    private static void AddFour(byte* map, nint start, int span, float* sum, float* squares)
    {
        nint second = start + span, third = second + span, fourth = third + span;
        for (var c = 0; c < span; c += Block)
        {
            TFormat.Load(map, start + c, out var a0, out var b0);
            TFormat.Load(map, second + c, out var a1, out var b1);
            TFormat.Load(map, third + c, out var a2, out var b2);
            TFormat.Load(map, fourth + c, out var a3, out var b3);
            (Vector256.Load(sum + c) + (a0 + a1 + (a2 + a3))).Store(sum + c);
            (Vector256.Load(sum + c + 8) + (b0 + b1 + (b2 + b3))).Store(sum + c + 8);
            (Vector256.Load(squares + c) + SumOfSquares(a0, a1, a2, a3)).Store(squares + c);
            (Vector256.Load(squares + c + 8) + SumOfSquares(b0, b1, b2, b3)).Store(squares + c + 8);
        }
    }

    private static Vector256<float> SumOfSquares(Vector256<float> a, Vector256<float> b, Vector256<float> c, Vector256<float> d) =>
        Vector256.FusedMultiplyAdd(a, a, b * b) + Vector256.FusedMultiplyAdd(c, c, d * d);

    private static void Flush(float* sums, double* totals, int span, int channels)
    {
        for (var place = 0; place < span; place++)
        {
            var channel = ChannelAt(place, channels);
            totals[channel] += sums[place];
            totals[channels + channel] += sums[span + place];
            sums[place] = sums[span + place] = 0;
        }
    }

    private static void AccumulateRest(byte* map, long start, long end, int channels, double* totals)
    {
        for (var i = start; i < end; i++)
        {
            var channel = i % channels;
            double value = TFormat.LoadOne(map, (nint)i);
            totals[channel] += value;
            totals[channels + channel] += value * value;
        }
    }

    /// <summary>Replaces sums and sums of squares by scales and shifts.</summary>
    private static double ToScaleAndShift(long rows, int channels, double* totals)
    {
        double variances = 0;
        for (var c = 0; c < channels; c++)
        {
            var mean = totals[c] / rows;
            var variance = Math.Max(0, totals[channels + c] / rows - mean * mean);
            variances += double.IsFinite(mean) ? variance : double.NaN;
            totals[c] = 1 / Math.Sqrt(variance + Epsilon);
            totals[channels + c] = -mean * totals[c];
        }

        return variances / channels;
    }

    /// <summary>Lays scales and shifts out as the format's vectors take them.</summary>
    private static void Arrange(double* totals, int channels, float* work, int span)
    {
        for (var place = 0; place < span; place++)
        {
            var channel = ChannelAt(place, channels);
            work[place] = (float)totals[channel];
            work[span + place] = (float)totals[channels + channel];
        }
    }

    private static void Normalise(byte* map, long spans, int span, float* scale, float* shift, float floor)
    {
        var least = Vector256.Create(floor);
        nint at = 0;
        for (long row = 0; row < spans; row++, at += span)
        {
            for (var c = 0; c < span; c += Block)
            {
                TFormat.Load(map, at + c, out var a, out var b);
                a = Vector256.FusedMultiplyAdd(a, Vector256.Load(scale + c), Vector256.Load(shift + c));
                b = Vector256.FusedMultiplyAdd(b, Vector256.Load(scale + c + 8), Vector256.Load(shift + c + 8));
                TFormat.Store(map, at + c, Vector256.Max(a, least), Vector256.Max(b, least));
            }
        }
    }

    private static void NormaliseRest(byte* map, long start, long end, int channels, double* totals, float floor)
    {
        for (var i = start; i < end; i++)
        {
            var channel = i % channels;
            var value = (float)(TFormat.LoadOne(map, (nint)i) * totals[channel] + totals[channels + channel]);
            TFormat.StoreOne(map, (nint)i, Math.Max(value, floor));
        }
    }

    private static int ChannelAt(int place, int channels) => (place / Block * Block + TFormat.ElementAt(place % Block)) % channels;
}
