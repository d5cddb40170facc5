using ZenNas.Architectures;
using ZenNas.Scores;

namespace ZenNas.Torch.Tests;

public sealed class PhiScoreTests
{
    private static readonly PhiScore WithoutBatchNorm = new(new ScoreSettings(), batchNorm: false);
    private static readonly PhiScore WithBatchNorm = new(new ScoreSettings(), batchNorm: true);

    /// <summary>Section 4.1: without batch normalisation each layer multiplies by 17, and 17⁶⁰ is beyond single precision.</summary>
    [Fact]
    public void Should_overflow_without_batch_normalisation()
    {
        var deep = TestNetworks.Plain(60, 64, 16);

        Assert.Equal(double.PositiveInfinity, WithoutBatchNorm.MeasureOnce(deep, 1));
        Assert.Equal(new ScoreValue(double.PositiveInfinity, double.NaN, 2), WithoutBatchNorm.Measure(deep, 1, 2, 2, TestContext.Current.CancellationToken));
        Assert.True(double.IsFinite(WithBatchNorm.MeasureOnce(deep, 1)));
        Assert.True(double.IsFinite(WithoutBatchNorm.MeasureOnce(TestNetworks.Plain(20, 64, 16), 1)));
    }

    /// <summary>Definition 1 has the norm of the gradient; Algorithm 1 puts a finite difference in its place.</summary>
    [Theory, InlineData(1), InlineData(2), InlineData(3)]
    public void Should_be_the_norm_of_the_gradient(ulong seed)
    {
        const int Images = 64;
        var network = TestNetworks.Chain(8, new ConvolutionBlock(3, 6, 1), new ConvolutionBlock(3, 8, 2), new ConvolutionBlock(1, 6, 1));
        var expected = Jacobian.FrobeniusNorms(network, seed, Images).Average();

        var options = new ScoreSettings { Alpha = 1e-3, BatchSize = Images };
        var phi = new PhiScore(options, batchNorm: false).MeasureOnce(network, seed);

        Assert.InRange(Math.Exp(phi) / expected, 0.95, 1.05);
    }

    /// <summary>Theorem 1: the variances that the Zen-Score adds make up for what batch normalisation takes away.</summary>
    [Theory]
    [InlineData(2, 64)]
    [InlineData(4, 64)]
    [InlineData(6, 96)]
    public void Should_be_near_the_zen_score_of_the_network_with_batch_normalisation(int layers, int width)
    {
        var network = TestNetworks.Plain(layers, width, 16);
        var alpha = new ScoreSettings().Alpha;

        var zen = new MeasuredZenScore(new ScoreSettings()).MeasureOnce(network, 3) - Math.Log(alpha);

        Assert.InRange(WithoutBatchNorm.MeasureOnce(network, 3) / zen, 0.97, 1.03);
        // With batch normalisation alone, what the theorem is about is gone.
        Assert.InRange(WithBatchNorm.MeasureOnce(network, 3) / zen, 0, 0.9);
    }

    [Fact]
    public void Should_be_the_mean_of_repeats_whatever_the_number_of_threads()
    {
        var network = TestNetworks.Plain(3, 16, 8);

        var value = WithBatchNorm.Measure(network, 4, 5, 1, TestContext.Current.CancellationToken);

        Assert.Equal(5, value.Repeats);
        Assert.InRange(value.StandardError, 1e-6, 1);
        Assert.Equal(value, WithBatchNorm.Measure(network, 4, 5, 3, TestContext.Current.CancellationToken));
        Assert.NotEqual(value.Mean, WithBatchNorm.Measure(network, 5, 5, 3, TestContext.Current.CancellationToken).Mean);
    }

    [Fact]
    public void Should_be_named_apart() => Assert.Equal(["phi", "phi-bn"], [WithoutBatchNorm.Info.Name, WithBatchNorm.Info.Name]);
}
