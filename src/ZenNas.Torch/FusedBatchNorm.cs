using System.Buffers;
using System.Runtime.Intrinsics;

namespace ZenNas.Torch;

/// <summary>
/// Training-mode batch normalisation (scale 1, shift 0) and ReLU in two passes over a channels-last map, in place: torch's own takes three
/// and allocates two maps.
/// </summary>
/// <typeparam name="TFormat">Number format of the map.</typeparam>
internal static unsafe class FusedBatchNorm<TFormat>
    where TFormat : struct, IMapFormat
{
    /// <summary>ε of the released networks' batch normalisation.</summary>
    public const float Epsilon = 1e-3f;

    private const int Lanes = 8;

    // Sums of this many groups of four rows stay in single precision before they go to double.
    private const int GroupsPerFlush = 64;

    /// <summary>Normalises a map of <paramref name="rows"/> × <paramref name="channels"/> and returns the mean over channels of the biased variance.</summary>
    public static double Apply(byte* map, long rows, int channels, bool relu)
    {
        var pool = ArrayPool<float>.Shared;
        var buffer = pool.Rent(2 * channels);
        var totals = ArrayPool<double>.Shared.Rent(2 * channels);
        try
        {
            fixed (float* sums = buffer)
            fixed (double* total = totals)
            {
                new Span<double>(total, 2 * channels).Clear();
                Accumulate(map, rows, channels, sums, total);
                var variance = ToScaleAndShift(rows, channels, total, sums);
                Normalise(map, rows, channels, sums, sums + channels, relu ? 0 : float.NegativeInfinity);
                return variance;
            }
        }
        finally
        {
            pool.Return(buffer);
            ArrayPool<double>.Shared.Return(totals);
        }
    }

    private static void Accumulate(byte* map, long rows, int channels, float* sums, double* total)
    {
        new Span<float>(sums, 2 * channels).Clear();
        var groups = 0;
        long row = 0;
        for (; row + 4 <= rows; row += 4)
        {
            AddFourRows(map, row * channels, channels, sums, sums + channels);
            if (++groups == GroupsPerFlush)
            {
                Flush(sums, total, channels);
                groups = 0;
            }
        }

        for (; row < rows; row++)
        {
            for (var c = 0; c < channels; c++)
            {
                var value = TFormat.LoadOne(map, (nint)(row * channels) + c);
                sums[c] += value;
                sums[channels + c] += value * value;
            }
        }

        Flush(sums, total, channels);
    }

    private static void AddFourRows(byte* map, long start, int channels, float* sum, float* squares)
    {
        var first = (nint)start;
        nint second = first + channels, third = second + channels, fourth = third + channels;
        var c = 0;
        for (; c + Lanes <= channels; c += Lanes)
        {
            var (v0, v1) = (TFormat.Load(map, first + c), TFormat.Load(map, second + c));
            var (v2, v3) = (TFormat.Load(map, third + c), TFormat.Load(map, fourth + c));
            var q = Vector256.FusedMultiplyAdd(v0, v0, v1 * v1) + Vector256.FusedMultiplyAdd(v2, v2, v3 * v3);
            (Vector256.Load(sum + c) + (v0 + v1 + (v2 + v3))).Store(sum + c);
            (Vector256.Load(squares + c) + q).Store(squares + c);
        }

        for (; c < channels; c++)
        {
            var (v0, v1) = (TFormat.LoadOne(map, first + c), TFormat.LoadOne(map, second + c));
            var (v2, v3) = (TFormat.LoadOne(map, third + c), TFormat.LoadOne(map, fourth + c));
            sum[c] += v0 + v1 + (v2 + v3);
            squares[c] += v0 * v0 + v1 * v1 + (v2 * v2 + v3 * v3);
        }
    }

    private static void Flush(float* sums, double* total, int channels)
    {
        for (var c = 0; c < 2 * channels; c++)
        {
            total[c] += sums[c];
            sums[c] = 0;
        }
    }

    private static double ToScaleAndShift(long rows, int channels, double* total, float* scales)
    {
        double variances = 0;
        for (var c = 0; c < channels; c++)
        {
            var mean = total[c] / rows;
            var variance = Math.Max(0, total[channels + c] / rows - mean * mean);
            var scale = 1 / Math.Sqrt(variance + Epsilon);
            scales[c] = (float)scale;
            scales[channels + c] = (float)(-mean * scale);
            variances += variance;
        }

        return variances / channels;
    }

    private static void Normalise(byte* map, long rows, int channels, float* scale, float* shift, float floor)
    {
        var least = Vector256.Create(floor);
        nint at = 0;
        for (long row = 0; row < rows; row++, at += channels)
        {
            var c = 0;
            for (; c + Lanes <= channels; c += Lanes)
            {
                var value = Vector256.FusedMultiplyAdd(TFormat.Load(map, at + c), Vector256.Load(scale + c), Vector256.Load(shift + c));
                TFormat.Store(map, at + c, Vector256.Max(value, least));
            }

            for (; c < channels; c++)
            {
                TFormat.StoreOne(map, at + c, Math.Max(TFormat.LoadOne(map, at + c) * scale[c] + shift[c], floor));
            }
        }
    }
}
