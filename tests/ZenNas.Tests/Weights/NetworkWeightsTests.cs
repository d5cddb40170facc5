using System.Collections.Immutable;
using ZenNas.Architectures;
using ZenNas.Weights;

namespace ZenNas.Tests.Weights;

public sealed class NetworkWeightsTests
{
    private static readonly Network Net = Network.Lower(StructureString.Parse("SuperConvK3BNRELU(3,64,1,1)SuperResK3K3(64,64,2,64,1)", 8, 10));

    [Fact]
    public void Should_draw_convolutions_as_He_et_al()
    {
        var weights = NetworkWeights.Random(Net, 1);
        var (values, fanOut) = (weights.Layers[3]!.Weight, 9 * 64);

        // The standard error of a variance of n normal numbers is √(2/n) of it.
        var variance = values.Average(value => (double)value * value);
        Assert.InRange(variance * fanOut / 2, 1 - 4 * Math.Sqrt(2.0 / values.Length), 1 + 4 * Math.Sqrt(2.0 / values.Length));
        Assert.Equal(weights.Layers.AsEnumerable(), NetworkWeights.Random(Net, 1).Layers);
        Assert.NotEqual(weights.Layers.AsEnumerable(), NetworkWeights.Random(Net, 2).Layers);
    }

    /// <summary>γ(w·x − μ)/√(σ² + ε) + β, by hand.</summary>
    [Fact]
    public void Should_fold_scale_shift_and_statistics()
    {
        var layers = NetworkWeights.Random(Net, 1).Layers.SetItem(1, new LayerWeights(Repeated(3), Repeated(5), Repeated(7), Repeated(0.15f)));

        var folded = new NetworkWeights(Net, layers, epsilon: 0.1).FoldBatchNorms();

        Assert.Null(folded.Layers[1]);
        Assert.Equal(6 * layers[0]!.Weight[10], folded.Layers[0]!.Weight[10], 1e-6);
        Assert.Equal(5 - 6 * 7, folded.Layers[0]!.Bias!.Value[10], 1e-5);
    }

    [Fact]
    public void Should_refuse_weights_of_another_shape()
    {
        var layers = NetworkWeights.Random(Net, 1).Layers;
        ImmutableArray<LayerWeights?>[] wrong =
        [
            default, layers[1..], layers.SetItem(0, null), layers.SetItem(2, layers[1]), layers.SetItem(0, new LayerWeights(layers[0]!.Weight[1..])),
            layers.SetItem(1, null), layers.SetItem(0, layers[0]! with { Bias = Repeated(0) }), layers.SetItem(1, layers[1]! with { Mean = null }),
            layers.SetItem(0, layers[0]! with { Mean = Repeated(0) }),
        ];

        Assert.All(wrong, w => Assert.Throws<ArgumentException>(() => new NetworkWeights(Net, w)));
        Assert.All([0, -1, 2, double.NaN], epsilon => Assert.ThrowsAny<ArgumentException>(() => new NetworkWeights(Net, layers, epsilon)));
    }

    private static ImmutableArray<float> Repeated(float value) => [.. Enumerable.Repeat(value, 64)];
}
