using System.Collections.Immutable;
using ZenNas.Architectures;
using ZenNas.Search;
using ZenNas.Weights;

namespace ZenNas.Onnx.Tests.Export;

/// <summary>
/// Random weights as training leaves them: running statistics, scales and shifts differ from channel to channel, and no output exceeds some tens.
/// </summary>
internal static class TrainedWeights
{
    private const double ResidualScale = 0.2;

    public static NetworkWeights Of(Network network, ulong seed) =>
        new(network, [.. network.Layers.Select((layer, i) => Draw(network, layer, i, new StepRandom(seed, (ulong)i)))], epsilon: 1e-3);

    private static LayerWeights? Draw(Network network, Layer layer, int position, StepRandom random) => layer.Kind switch
    {
        LayerKind.Convolution => new LayerWeights(
            Normal(layer.Weights, 0, Math.Sqrt(2.0 * layer.Groups / (layer.InChannels * layer.Kernel * layer.Kernel)), ref random), Bias(layer, ref random)),
        LayerKind.Linear => new LayerWeights(Normal(layer.Weights, 0, Math.Sqrt(1.0 / layer.InChannels), ref random), Bias(layer, ref random)),
        LayerKind.BatchNorm => new LayerWeights(
            Normal(layer.OutChannels, IsLastOfUnit(network, position) ? ResidualScale : 1, 0.1, ref random), Normal(layer.OutChannels, 0, 0.1, ref random),
            Normal(layer.OutChannels, 0, 0.3, ref random), Uniform(layer.OutChannels, 0.5, 1.5, ref random)),
        _ => null,
    };

    /// <summary>Whether what a normalisation gives is added to the shortcut.</summary>
    private static bool IsLastOfUnit(Network network, int position) =>
        network.Layers.Any(layer => layer.Kind == LayerKind.Add && layer.Input == position);

    private static ImmutableArray<float>? Bias(in Layer layer, ref StepRandom random) => layer.Bias ? Normal(layer.OutChannels, 0, 0.1, ref random) : null;

    private static ImmutableArray<float> Uniform(long count, double least, double most, ref StepRandom random)
    {
        var values = ImmutableArray.CreateBuilder<float>((int)count);
        for (var i = 0; i < count; i++)
        {
            values.Add((float)(least + (most - least) * Unit(ref random)));
        }

        return values.MoveToImmutable();
    }

    /// <summary>Nearly normal: twelve uniform numbers added.</summary>
    private static ImmutableArray<float> Normal(long count, double mean, double deviation, ref StepRandom random)
    {
        var values = ImmutableArray.CreateBuilder<float>((int)count);
        for (var i = 0; i < count; i++)
        {
            var sum = -6.0;
            for (var k = 0; k < 12; k++)
            {
                sum += Unit(ref random);
            }

            values.Add((float)(mean + deviation * sum));
        }

        return values.MoveToImmutable();
    }

    private static double Unit(ref StepRandom random) => (random.NextBits() >> 11) * (1.0 / (1UL << 53));
}
