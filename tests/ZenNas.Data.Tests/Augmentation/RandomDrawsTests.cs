using ZenNas.Data.Augmentation;
using ZenNas.Search;

namespace ZenNas.Data.Tests.Augmentation;

public sealed class RandomDrawsTests
{
    private const int Draws = 100_000;

    [Theory]
    [InlineData(0.2)]
    [InlineData(1)]
    [InlineData(8)]
    public void Should_have_the_moments_of_the_beta_distribution(double alpha)
    {
        var random = new StepRandom(1, 0);
        var drawn = Enumerable.Range(0, Draws).Select(_ => random.Beta(alpha)).ToArray();
        Assert.All(drawn, value => Assert.InRange(value, 0, 1));
        Assert.Equal(0.5, drawn.Average(), 0.01);
        Assert.Equal(1 / (4 * (2 * alpha + 1)), drawn.Average(value => (value - 0.5) * (value - 0.5)), 0.003);
        // Fourth central moment, which tells shapes of the same variance apart.
        var fourth = 3 / (16 * (2 * alpha + 1) * (2 * alpha + 3));
        Assert.Equal(fourth, drawn.Average(value => Math.Pow(value - 0.5, 4)), 0.001);
    }

    [Theory]
    [InlineData(0.4)]
    [InlineData(1)]
    [InlineData(3.5)]
    public void Should_have_the_moments_of_the_gamma_distribution(double shape)
    {
        var random = new StepRandom(2, 0);
        var drawn = Enumerable.Range(0, Draws).Select(_ => Math.Exp(random.LogGamma(shape))).ToArray();
        var mean = drawn.Average();
        Assert.Equal(shape, mean, 5 * Math.Sqrt(shape / Draws));
        Assert.Equal(shape, drawn.Average(value => (value - shape) * (value - shape)), shape * 0.06);
    }

    [Fact]
    public void Should_stay_a_number_for_the_smallest_alpha()
    {
        var random = new StepRandom(3, 0);
        Assert.All(Enumerable.Range(0, 10_000).Select(_ => random.Beta(1e-3)), value => Assert.InRange(value, 0, 1));
    }

    [Fact]
    public void Should_draw_normal_numbers()
    {
        var random = new StepRandom(4, 0);
        var single = new float[Draws + 1];
        random.FillNormal(single);
        AssertIsNormal(Array.ConvertAll(single, value => (double)value));
        AssertIsNormal([.. Enumerable.Range(0, Draws).Select(_ => random.Normal())]);
    }

    [Fact]
    public void Should_draw_uniformly_in_the_logarithm()
    {
        var random = new StepRandom(5, 0);
        var drawn = Enumerable.Range(0, Draws).Select(_ => Math.Log2(random.LogUniform(0.5, 8))).ToArray();
        Assert.InRange(drawn.Min(), -1, -0.99);
        Assert.InRange(drawn.Max(), 2.99, 3);
        Assert.Equal(1, drawn.Average(), 0.02);
        Assert.Equal(16 / 12.0, drawn.Average(value => (value - 1) * (value - 1)), 0.02);
    }

    private static void AssertIsNormal(double[] drawn)
    {
        Assert.Equal(0, drawn.Average(), 0.015);
        Assert.Equal(1, drawn.Average(value => value * value), 0.03);
        Assert.Equal(0, drawn.Average(value => value * value * value), 0.08);
        Assert.Equal(3, drawn.Average(value => Math.Pow(value, 4)), 0.2);
        Assert.Equal(0, drawn.Zip(drawn.Skip(1), (a, b) => a * b).Average(), 0.02);
    }
}
