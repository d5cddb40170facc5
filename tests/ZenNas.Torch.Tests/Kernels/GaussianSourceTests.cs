using System.Numerics;
using ZenNas.Search;

namespace ZenNas.Torch.Tests.Kernels;

/// <summary>The source of normal numbers against the published generator, the textbook transform, and the normal distribution.</summary>
public sealed unsafe class GaussianSourceTests
{
    private const int Lanes = 8;
    private const int Count = 1 << 20;

    [Theory, InlineData(0UL), InlineData(1UL), InlineData(ulong.MaxValue)]
    public void Should_be_the_box_muller_transform_of_xoshiro128_plus_plus(ulong seed)
    {
        var actual = Draw(seed, 16 * 1000);
        var lanes = Lanes128(seed);

        for (var block = 0; block < actual.Length; block += 16)
        {
            for (var lane = 0; lane < Lanes; lane++)
            {
                var u = ((Next(lanes[lane]) >> 8) + 1) * Math.Pow(2, -24);
                var v = (Next(lanes[lane]) >> 8) * Math.Pow(2, -24);
                var radius = Math.Sqrt(-2 * Math.Log(u));
                Assert.Equal(radius * Math.Cos(2 * Math.PI * v), actual[block + lane], 4e-6);
                Assert.Equal(radius * Math.Sin(2 * Math.PI * v), actual[block + Lanes + lane], 4e-6);
            }
        }
    }

    /// <summary>A deviation of four standard errors has a chance of 1 in 16,000; seeds are fixed.</summary>
    [Theory, InlineData(0UL), InlineData(1UL), InlineData(12345UL)]
    public void Should_have_the_moments_of_a_normal_distribution(ulong seed)
    {
        var numbers = Draw(seed, Count);

        AssertMoment(numbers, 1, 0, 1);
        AssertMoment(numbers, 2, 1, 2);
        AssertMoment(numbers, 3, 0, 15);
        AssertMoment(numbers, 4, 3, 96);
        AssertMoment(numbers, 6, 15, 10_170);
    }

    /// <summary>Kolmogorov's test at 1 in 1,000.</summary>
    [Theory, InlineData(0UL), InlineData(1UL), InlineData(12345UL)]
    public void Should_be_distributed_normally(ulong seed)
    {
        var sorted = Draw(seed, Count).Order().ToArray();

        var distance = Enumerable.Range(0, Count).Max(i => Math.Abs((i + 0.5) / Count - Cumulative(sorted[i])));

        Assert.InRange(distance, 0, 1.95 / Math.Sqrt(Count));
    }

    /// <summary>Neighbours, the two numbers of one transform, squares of both (a radius shared), and other seeds.</summary>
    [Fact]
    public void Should_draw_independent_numbers()
    {
        var numbers = Draw(3, Count);
        var squares = numbers.Select(x => (x * x - 1) / MathF.Sqrt(2)).ToArray();

        foreach (var lag in new[] { 1, 2, 7, 8, 9, 15, 16, 32, 1000 })
        {
            AssertUncorrelated(numbers[lag..], numbers[..^lag]);
            AssertUncorrelated(squares[lag..], squares[..^lag]);
        }

        foreach (var seed in new[] { 2UL, 4UL, 3UL + (1UL << 32), ~3UL })
        {
            AssertUncorrelated(numbers, Draw(seed, Count));
        }
    }

    [Theory, InlineData(1), InlineData(15), InlineData(16), InlineData(17), InlineData(100)]
    public void Should_fill_exactly_what_it_is_asked_for(int count)
    {
        var buffer = new float[count + 20];
        var source = new GaussianSource(7);
        fixed (float* start = buffer)
        {
            source.Fill<Float32Format>((byte*)start, count);
        }

        Assert.Equal(Draw(7, 160)[..count], buffer[..count]);
        Assert.All(buffer[count..], value => Assert.Equal(0, value));
        Assert.DoesNotContain(0f, buffer[..count]);
    }

    [Fact]
    public void Should_go_on_where_it_stopped()
    {
        var source = new GaussianSource(7);
        var (first, second) = (new float[40], new float[40]);
        fixed (float* a = first, b = second)
        {
            source.Fill<Float32Format>((byte*)a, 40);
            source.Fill<Float32Format>((byte*)b, 40);
        }

        Assert.Empty(first.Intersect(second));
    }

    private static float[] Draw(ulong seed, int count)
    {
        var numbers = new float[count];
        var source = new GaussianSource(seed);
        fixed (float* start = numbers)
        {
            source.Fill<Float32Format>((byte*)start, count);
        }

        return numbers;
    }

    private static void AssertMoment(float[] numbers, int power, double expected, double variance) =>
        Assert.Equal(expected, numbers.Average(x => Math.Pow(x, power)), 4 * Math.Sqrt(variance / numbers.Length));

    private static void AssertUncorrelated(float[] a, float[] b) =>
        Assert.Equal(0, a.Zip(b, (x, y) => (double)x * y).Average(), 4.5 / Math.Sqrt(a.Length));

    /// <summary>Φ(x) from the error function: its series near 0, its continued fraction in the tails.</summary>
    private static double Cumulative(double x)
    {
        var z = Math.Abs(x);
        var density = Math.Exp(-z * z / 2) / Math.Sqrt(2 * Math.PI);
        double upper;
        if (z < 3)
        {
            double term = z, sum = z;
            for (var n = 3; term > 1e-17; n += 2)
            {
                term *= z * z / n;
                sum += term;
            }

            upper = 0.5 - density * sum;
        }
        else
        {
            var fraction = z;
            for (var n = 60; n > 0; n--)
            {
                fraction = z + n / fraction;
            }

            upper = density / fraction;
        }

        return x > 0 ? 1 - upper : upper;
    }

    /// <summary>One generator's state for each lane, seeded as the source is.</summary>
    private static uint[][] Lanes128(ulong seed)
    {
        var random = new StepRandom(seed, 0);
        var words = new uint[4 * Lanes];
        for (var i = 0; i < words.Length; i++)
        {
            words[i] = (uint)(random.NextBits() >> 32);
        }

        return [.. Enumerable.Range(0, Lanes).Select(lane => Enumerable.Range(0, 4).Select(word => words[Lanes * word + lane]).ToArray())];
    }

    /// <summary>xoshiro128++ as its authors publish it.</summary>
    private static uint Next(uint[] s)
    {
        var result = BitOperations.RotateLeft(s[0] + s[3], 7) + s[0];
        var t = s[1] << 9;
        s[2] ^= s[0];
        s[3] ^= s[1];
        s[1] ^= s[2];
        s[0] ^= s[3];
        s[2] ^= t;
        s[3] = BitOperations.RotateLeft(s[3], 11);
        return result;
    }
}
