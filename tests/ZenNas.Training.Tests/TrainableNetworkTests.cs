using ZenNas.Torch;
using ZenNas.Weights;
using static TorchSharp.torch;

namespace ZenNas.Training.Tests;

public sealed class TrainableNetworkTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Should_give_back_the_weights_it_was_given(bool squeezes)
    {
        var weights = NetworkWeights.Xavier(TestPlans.Network(squeezes: squeezes), seed: 3);
        using var network = new TrainableNetwork(weights, 0.1, [], ScalarType.Float32, CPU);

        Assert.Equal(weights.Layers, network.ToWeights(network.Parameters, network.Statistics).Layers);
    }

    /// <summary>With a momentum of 1 the running statistics are the batch's own, so inference computes what training did, but for the factor n/(n−1) of variances.</summary>
    [Fact]
    public void Should_compute_what_inference_computes()
    {
        var start = NetworkWeights.Xavier(TestPlans.Network(), seed: 4);
        using var scope = NewDisposeScope();
        using var network = new TrainableNetwork(start, 1, [], ScalarType.Float32, CPU);
        var images = randn([64, 3, 16, 16], generator: new Generator(5));
        using var noGradient = no_grad();
        var (trained, _) = network.Forward(images, []);
        using var inference = new InferenceNetwork(network.ToWeights(network.Parameters, network.Statistics), ScalarType.Float32, CPU);

        var difference = (trained - inference.Logits(images)).abs().max().Number() / trained.abs().max().Number();
        Assert.InRange(difference, 0, 0.02);
    }

    [Fact]
    public void Should_start_units_as_their_shortcuts()
    {
        var weights = NetworkWeights.Random(TestPlans.Network(), 1).WithZeroResidualScales();
        var zeros = weights.Layers.Count(layer => layer?.Mean is not null && layer.Weight.All(scale => scale == 0));

        // Two basic units, two bottleneck units, two inverted ones.
        Assert.Equal(6, zeros);
    }
}
