using ZenNas.Architectures;
using ZenNas.Scores;

namespace ZenNas.Tests.Scores;

/// <summary>Each rule against a simulation of what it describes.</summary>
public sealed class EnergyFluctuationsTests
{
    private const int Size = 96;

    /// <summary>White noise under one or two windows: its variance falls as the model says.</summary>
    [Theory]
    [InlineData(3, 1)]
    [InlineData(5, 1)]
    [InlineData(3, 2)]
    [InlineData(5, 2)]
    [InlineData(3, 4)]
    public void Should_average_white_noise_as_windows_do(int kernel, int times)
    {
        var random = new Random(1);
        double simulated = 0;
        const int fields = 20;
        for (var field = 0; field < fields; field++)
        {
            var values = new double[Size, Size];
            for (var i = 0; i < Size * Size; i++)
            {
                values[i / Size, i % Size] = Normal(random);
            }

            for (var i = 0; i < times; i++)
            {
                values = Averaged(values, kernel);
            }

            simulated += Variance(values) / fields;
        }

        var fluctuations = new EnergyFluctuations(batchSize: int.MaxValue);
        fluctuations.Rectify(channels: 1000, pairs: 0, mixesPositions: false);
        fluctuations.Average(Layer(1), mixes: true, seesPadding: false);
        var white = fluctuations.Common;
        for (var i = 0; i < times; i++)
        {
            fluctuations.Average(Layer(kernel), mixes: true, seesPadding: false);
        }

        Assert.InRange(fluctuations.Common / white / simulated, 0.85, 1.15);
    }

    /// <summary>Fourth cumulant of a rectified normal variable over the square of its variance.</summary>
    [Fact]
    public void Should_know_what_a_rectified_channel_adds()
    {
        double mean = 0, variance = 0, fourth = 0;
        for (var pass = 0; pass < 2; pass++)
        {
            for (var z = -9.9995; z < 10; z += 0.001)
            {
                var weight = Math.Exp(-z * z / 2) / Math.Sqrt(2 * Math.PI) * 0.001;
                var h = Math.Max(0, z);
                mean += pass == 0 ? weight * h : 0;
                variance += pass == 1 ? weight * Math.Pow(h - mean, 2) : 0;
                fourth += pass == 1 ? weight * Math.Pow(h - mean, 4) : 0;
            }
        }

        var fluctuations = new EnergyFluctuations(batchSize: 16);
        fluctuations.Rectify(channels: 1, pairs: 0, mixesPositions: false);
        fluctuations.Average(Layer(1), mixes: true, seesPadding: false);

        Assert.Equal(fourth / (variance * variance) - 3, fluctuations.Common / (1 + 1.0 / (Size * Size)), 1e-4);
    }

    [Fact]
    public void Should_keep_apart_what_channels_do_not_share()
    {
        var fluctuations = new EnergyFluctuations(batchSize: 16);
        fluctuations.Rectify(channels: 1, pairs: 0, mixesPositions: false);
        fluctuations.Average(Layer(3) with { Groups = 32 }, mixes: false, seesPadding: false);

        Assert.Equal(0, fluctuations.Common);
        Assert.True(fluctuations.Own > 0.1);
    }

    private static VanillaLayer Layer(int kernel) => new()
    {
        Kind = VanillaKind.Convolution,
        Kernel = (short)kernel,
        Stride = 1,
        InChannels = 32,
        OutChannels = 32,
        Groups = 1,
        InSize = Size,
        OutSize = Size,
        Relu = true,
    };

    private static double[,] Averaged(double[,] values, int kernel)
    {
        // The map is closed to a torus: there is no border.
        var averaged = new double[Size, Size];
        for (var y = 0; y < Size; y++)
        {
            for (var x = 0; x < Size; x++)
            {
                for (var tap = 0; tap < kernel * kernel; tap++)
                {
                    averaged[y, x] += values[(y + tap / kernel) % Size, (x + tap % kernel) % Size] / (kernel * kernel);
                }
            }
        }

        return averaged;
    }

    private static double Variance(double[,] values)
    {
        double[] flat = [.. values.Cast<double>()];
        var mean = flat.Average();
        return flat.Average(v => (v - mean) * (v - mean));
    }

    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
