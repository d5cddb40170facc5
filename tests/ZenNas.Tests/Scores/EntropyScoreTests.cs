using ZenNas.Architectures;
using ZenNas.Scores;

namespace ZenNas.Tests.Scores;

public sealed class EntropyScoreTests
{
    // ln of c_in·k²/groups of the convolutions of ScoredNetwork.Depthwise.
    private static readonly double[] Before = [Math.Log(3 * 9), Math.Log(8)];
    private static readonly double[] After = [Math.Log(9), Math.Log(8), Math.Log(4), Math.Log(9), Math.Log(32)];

    [Fact]
    public void Should_be_the_sum_over_convolutions_with_groups()
    {
        AssertShapes();

        Assert.Equal((Before.Sum() + After.Sum()) / 2, Value(new EntropySettings()), tolerance: 1e-12);
    }

    [Fact]
    public void Should_divide_the_channels_by_the_groups()
    {
        // 1×1 from 3 to 8 channels, 3×3 in two groups of 4, 1×1 to 16.
        var block = new BottleneckBlock(3, 16, 1, 8, unitsPerRepeat: 1, groupWidth: 4);
        var network = Network.Lower(new Architecture([block], 32, 10));

        Assert.Equal(Math.Log(3 * (4 * 9) * 8) / 2, new EntropyScore(new EntropySettings()).Evaluate(network, 0).Mean, tolerance: 1e-12);
    }

    /// <summary>Weights are those of the last stages, so DeepMAD's last two fall on a network of two stages.</summary>
    [Fact]
    public void Should_weigh_the_stages_from_the_last()
    {
        var (first, second) = (Before.Sum() / 2, (Before.Sum() + After.Sum()) / 2);

        Assert.Equal(first + 8 * second, Value(new EntropySettings { StageWeights = [1, 1, 1, 1, 8] }), tolerance: 1e-12);
        Assert.Equal(3 * first, Value(new EntropySettings { StageWeights = [3, 0] }), tolerance: 1e-12);
    }

    [Fact]
    public void Should_multiply_each_stage_by_the_size_of_its_output()
    {
        // 8 channels at 32×32 before the depthwise convolution of stride 2, 16 at 16×16 in the end.
        var first = Before.Sum() / 2 * Math.Log(32 * 32 * 8);
        var second = (Before.Sum() + After.Sum()) / 2 * Math.Log(16 * 16 * 16);

        Assert.Equal(second, Value(new EntropySettings { TimesOutputSize = true }), tolerance: 1e-10);
        Assert.Equal(first + 8 * second, Value(new EntropySettings { StageWeights = [1, 1, 1, 1, 8], TimesOutputSize = true }), tolerance: 1e-10);
    }

    [Theory]
    [InlineData(new double[0])]
    [InlineData(new[] { 0.0, 0 })]
    [InlineData(new[] { 1, -1.0 })]
    [InlineData(new[] { double.NaN })]
    [InlineData(new[] { double.PositiveInfinity })]
    public void Should_refuse_weights_that_can_not_be_used(double[] weights) =>
        Assert.Throws<InvalidInputException>(() => new EntropyScore(new EntropySettings { StageWeights = [.. weights] }));

    private static double Value(EntropySettings settings) => new EntropyScore(settings).Evaluate(ScoredNetwork.Depthwise(), 0).Mean;

    private static void AssertShapes()
    {
        var layers = ScoredNetwork.Depthwise().Vanilla.Layers;
        Assert.Equal([3, 8, 8, 8, 4, 32, 32], layers.Select(l => l.InChannels));
        Assert.Equal([1, 1, 8, 1, 1, 32, 1], layers.Select(l => l.Groups));
    }
}
