using System.Runtime.InteropServices;
using ZenNas.Torch;
using ZenNas.Training.Kernels;

namespace ZenNas.Training.Tests;

/// <summary>Kernels against loops in double precision.</summary>
public sealed unsafe class ChannelKernelsTests
{
    public static TheoryData<int, int> Shapes => new()
    {
        { 1, 1 }, { 7, 3 }, { 33, 8 }, { 16, 16 }, { 1000, 24 }, { 129, 40 }, { 5, 100 }, { 4099, 7 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Should_do_in_single_precision_what_loops_do(int rows, int channels) => Check<Float32Format>(rows, channels, 1e-5);

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Should_do_in_bfloat16_what_loops_do(int rows, int channels) => Check<BFloat16Format>(rows, channels, 1.0 / 256);

    private static void Check<TFormat>(int rows, int channels, double tolerance)
        where TFormat : struct, IMapFormat
    {
        var random = new Random(rows * 1000 + channels);
        var shape = new RowShape(rows, channels);
        var numbers = Numbers<TFormat>(shape, random, out var byChannel);
        using Buffer<TFormat> map = new(shape, random), other = new(shape, random), gradient = new(shape, random), output = new(shape, random);

        CheckSums(shape, numbers, byChannel, map, gradient);
        CheckForward(shape, numbers, byChannel, map, other, output, tolerance);
        CheckBackward(shape, numbers, byChannel, map, gradient, tolerance);
        CheckGather(shape, gradient, other, output, tolerance);
    }

    private static void CheckSums<TFormat>(RowShape shape, NormNumbers<TFormat> numbers, float[][] byChannel, Buffer<TFormat> map, Buffer<TFormat> gradient)
        where TFormat : struct, IMapFormat
    {
        var (itself, gated) = (new double[2 * shape.Channels], new double[2 * shape.Channels]);
        fixed (double* sums = itself, gatedSums = gated)
        {
            ChannelKernels<TFormat>.Accumulate<MapItself>(null, map.Address, shape, numbers, sums);
            ChannelKernels<TFormat>.Accumulate<PositiveGate>(gradient.Address, map.Address, shape, numbers, gatedSums);
        }

        for (var c = 0; c < shape.Channels; c++)
        {
            double sum = 0, squares = 0, passed = 0, products = 0, size = 0;
            for (var i = c; i < shape.Elements; i += shape.Channels)
            {
                var centred = map[i] - byChannel[0][c];
                var u = MathF.FusedMultiplyAdd(map[i], byChannel[1][c], byChannel[2][c]) > 0 ? gradient[i] : 0;
                sum += centred;
                squares += (double)centred * centred;
                passed += u;
                products += (double)u * centred;
                size += Math.Abs(centred) + Math.Abs(u) + Math.Abs(u * centred);
            }

            // Single precision in between.
            var scale = 1e-5 * (1 + size);
            Assert.Equal(sum, itself[c], scale);
            Assert.Equal(squares, itself[shape.Channels + c], 1e-5 * (1 + squares));
            Assert.Equal(passed, gated[c], scale);
            Assert.Equal(products, gated[shape.Channels + c], scale);
        }
    }

    private static void CheckForward<TFormat>(
        RowShape shape, NormNumbers<TFormat> numbers, float[][] byChannel, Buffer<TFormat> map, Buffer<TFormat> other, Buffer<TFormat> output, double tolerance)
        where TFormat : struct, IMapFormat
    {
        ChannelKernels<TFormat>.Forward(map.Address, other.Address, output.Address, shape, numbers, relu: true);
        using var plain = new Buffer<TFormat>(shape, new Random(1));
        ChannelKernels<TFormat>.Forward(map.Address, null, plain.Address, shape, numbers, relu: false);
        for (var i = 0; i < shape.Elements; i++)
        {
            double normalised = (double)map[i] * byChannel[1][i % shape.Channels] + byChannel[2][i % shape.Channels];
            AssertNear(normalised, plain[i], tolerance);
            AssertNear(Math.Max(0, normalised + other[i]), output[i], tolerance);
        }
    }

    private static void CheckBackward<TFormat>(
        RowShape shape, NormNumbers<TFormat> numbers, float[][] byChannel, Buffer<TFormat> map, Buffer<TFormat> gradient, double tolerance)
        where TFormat : struct, IMapFormat
    {
        using var result = new Buffer<TFormat>(shape, new Random(2));
        ChannelKernels<TFormat>.Backward<PositiveGate>(gradient.Address, map.Address, result.Address, shape, numbers);
        for (var i = 0; i < shape.Elements; i++)
        {
            var c = i % shape.Channels;
            var u = MathF.FusedMultiplyAdd(map[i], byChannel[1][c], byChannel[2][c]) > 0 ? gradient[i] : 0;
            AssertNear((double)u * byChannel[3][c] + (double)map[i] * byChannel[4][c] + byChannel[5][c], result[i], tolerance);
        }
    }

    private static void CheckGather<TFormat>(RowShape shape, Buffer<TFormat> gradient, Buffer<TFormat> second, Buffer<TFormat> output, double tolerance)
        where TFormat : struct, IMapFormat
    {
        float[] before = [.. Enumerable.Range(0, (int)shape.Elements).Select(i => gradient[i])];
        ChannelKernels<TFormat>.Gather(gradient.Address, second.Address, output.Address, shape.Elements);
        for (var i = 0; i < shape.Elements; i++)
        {
            AssertNear(output[i] > 0 ? (double)before[i] + second[i] : 0, gradient[i], tolerance);
        }
    }

    private static NormNumbers<TFormat> Numbers<TFormat>(RowShape shape, Random random, out float[][] byChannel)
        where TFormat : struct, IMapFormat
    {
        float[][] values = [.. Enumerable.Range(0, 6).Select(_ => Enumerable.Range(0, shape.Channels).Select(_ => (float)(random.NextDouble() * 2 - 1)).ToArray())];
        var numbers = new NormNumbers<TFormat>(shape);
        numbers.Centre.Set(c => values[0][c]);
        numbers.Scale.Set(c => values[1][c]);
        numbers.Shift.Set(c => values[2][c]);
        numbers.GradientFactor.Set(c => values[3][c]);
        numbers.MapFactor.Set(c => values[4][c]);
        numbers.Constant.Set(c => values[5][c]);
        byChannel = values;
        return numbers;
    }

    private static void AssertNear(double expected, double value, double tolerance) => Assert.InRange(value, expected - tolerance * (1 + Math.Abs(expected)), expected + tolerance * (1 + Math.Abs(expected)));

    private sealed class Buffer<TFormat> : IDisposable
        where TFormat : struct, IMapFormat
    {
        public Buffer(RowShape shape, Random random)
        {
            Address = (byte*)NativeMemory.Alloc((nuint)(shape.Elements * TFormat.Size));
            for (nint i = 0; i < shape.Elements; i++)
            {
                TFormat.StoreOne(Address, i, (float)(random.NextDouble() * 4 - 2));
            }
        }

        public byte* Address { get; }

        public float this[long i] => TFormat.LoadOne(Address, (nint)i);

        public void Dispose() => NativeMemory.Free(Address);
    }
}
