using ZenNas.Scores;

namespace ZenNas.Tests.Scores;

public sealed class ReluMomentsTests
{
    [Fact]
    public void Should_be_the_moments_of_a_rectified_normal()
    {
        var mean = Quadrature.Simpson(z => z * Density(z), 0, 12, 4_000);
        var second = Quadrature.Simpson(z => z * z * Density(z), 0, 12, 4_000);
        Assert.Equal(ReluMoments.MeanSquared, mean * mean, tolerance: 1e-12);
        Assert.Equal(ReluMoments.Variance, second - mean * mean, tolerance: 1e-12);
    }

    [Theory]
    [InlineData(1e-12)]
    [InlineData(1e-9)]
    [InlineData(1e-6)]
    [InlineData(1e-4)]
    [InlineData(1e-3)]
    [InlineData(0.01)]
    [InlineData(0.0199999)]
    [InlineData(0.02)]
    [InlineData(0.0200001)]
    [InlineData(0.1)]
    [InlineData(0.5)]
    [InlineData(1.0)]
    [InlineData(1.5)]
    [InlineData(1.9)]
    public void Should_agree_with_an_average_over_the_angle(double e)
    {
        var expected = Quadrature.HalfSquaredDifferenceOfRelus(e);
        Assert.Equal(1, ReluMoments.HalfSquaredDifference(e) / expected, tolerance: 1e-10);
        Assert.Equal(1, ReluMoments.Decorrelate(e) * ReluMoments.Variance / expected, tolerance: 1e-10);
    }

    [Fact]
    public void Should_have_the_known_values_at_no_full_and_opposite_correlation()
    {
        Assert.Equal(0, ReluMoments.HalfSquaredDifference(0));
        Assert.Equal(1, ReluMoments.Decorrelate(1), tolerance: 1e-14);

        // z' = −z: the two are never positive together.
        Assert.Equal(0.5, ReluMoments.HalfSquaredDifference(2), tolerance: 1e-14);
    }

    [Fact]
    public void Should_grow_with_the_perturbation_through_the_change_of_formula()
    {
        var values = Enumerable.Range(1, 20_000).Select(i => ReluMoments.HalfSquaredDifference(i * 1e-4)).ToArray();
        Assert.All(values.Zip(values[1..]), p => Assert.True(p.First < p.Second));
    }

    private static double Density(double z) => Math.Exp(-z * z / 2) / Math.Sqrt(2 * Math.PI);
}
