namespace ZenNas.Torch.Tests.Kernels;

/// <summary>The fused batch normalisation against a textbook one in double precision.</summary>
public sealed unsafe class FusedBatchNormTests
{
    // Room behind the map, filled with a value that has to survive.
    private const int Guard = 64;
    private const float Untouched = 7;

    public FusedBatchNormTests() => TorchRuntime.Initialize();

    /// <summary>Fewer rows than a group of four, rows left over, several flushes of the sums; channels around the eight lanes.</summary>
    public static TheoryData<int, int, bool> Shapes
    {
        get
        {
            var data = new TheoryData<int, int, bool>();
            foreach (var rows in new[] { 2, 3, 4, 7, 255, 256, 1003 })
            {
                foreach (var channels in new[] { 1, 3, 7, 8, 9, 16, 21, 67 })
                {
                    data.Add(rows, channels, (rows + channels) % 2 == 0);
                }
            }

            return data;
        }
    }

    [Theory, MemberData(nameof(Shapes))]
    public void Should_normalise_single_precision(int rows, int channels, bool relu)
    {
        var map = NormalNumbers.Draw(rows * channels, (ulong)(rows * channels), mean: 1.5, deviation: 3);
        var (expected, expectedVariance) = NaiveBatchNorm.Apply(map, rows, channels, relu);
        var buffer = map.Concat(Enumerable.Repeat(Untouched, Guard)).ToArray();

        double variance;
        fixed (float* start = buffer)
        {
            variance = FusedBatchNorm<Float32Format>.Apply((byte*)start, rows, channels, relu);
        }

        Assert.Equal(expectedVariance, variance, 1e-5 * expectedVariance);
        AssertClose(expected, buffer, 0);
    }

    [Theory, MemberData(nameof(Shapes))]
    public void Should_normalise_bfloat16(int rows, int channels, bool relu)
    {
        var drawn = NormalNumbers.Draw(rows * channels, (ulong)(rows * channels), mean: 0.5, deviation: 2);
        var bits = TorchBFloat16.FromSingle([.. drawn, .. Enumerable.Repeat(Untouched, Guard)]);
        var map = TorchBFloat16.ToSingle(bits)[..drawn.Length];
        var (expected, expectedVariance) = NaiveBatchNorm.Apply(map, rows, channels, relu);

        double variance;
        fixed (ushort* start = bits)
        {
            variance = FusedBatchNorm<BFloat16Format>.Apply((byte*)start, rows, channels, relu);
        }

        Assert.Equal(expectedVariance, variance, 1e-5 * expectedVariance);
        // A bfloat16 has 8 significant bits: rounding moves it by at most 2⁻⁸ of its value.
        AssertClose(expected, TorchBFloat16.ToSingle(bits), 1.0 / 256);
    }

    [Fact]
    public void Should_leave_a_constant_channel_at_zero()
    {
        float[] map = [3, 1, 3, -1, 3, 1, 3, -1, 3, 1, 3, -1];

        fixed (float* start = map)
        {
            Assert.Equal(0.5, FusedBatchNorm<Float32Format>.Apply((byte*)start, 6, 2, relu: false), 1e-6);
        }

        Assert.All(Enumerable.Range(0, 6), row => Assert.Equal(0, map[2 * row], 1e-3f));
        Assert.Equal(1 / Math.Sqrt(1 + 1e-3), map[1], 1e-6);
    }

    private static void AssertClose(double[] expected, float[] buffer, double rounding)
    {
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], buffer[i], 1e-4 + rounding * Math.Abs(expected[i]));
        }

        Assert.All(buffer[expected.Length..], value => Assert.Equal(Untouched, value));
    }
}
