using System.Collections.Immutable;
using ZenNas.Architectures;

namespace ZenNas.Weights;

/// <summary>Which tensors a layer has: what follows its name in theirs, and their shapes, in the order of <see cref="LayerWeights.Tensors"/>.</summary>
internal static class WeightShapes
{
    public const string Variance = "running_var";

    public static ImmutableArray<(string Suffix, ImmutableArray<int> Shape)> Of(in Layer layer, bool isFolded)
    {
        ImmutableArray<int> channels = [layer.OutChannels];
        return layer.Kind switch
        {
            LayerKind.Convolution =>
                [("weight", [layer.OutChannels, layer.InChannels / layer.Groups, layer.Kernel, layer.Kernel]), .. Bias(layer.Bias || isFolded, channels)],
            LayerKind.Linear => [("weight", [layer.OutChannels, layer.InChannels]), .. Bias(layer.Bias, channels)],
            LayerKind.BatchNorm when !isFolded => [("weight", channels), ("bias", channels), ("running_mean", channels), (Variance, channels)],
            _ => [],
        };
    }

    /// <summary>How many numbers a tensor of a shape holds.</summary>
    public static long Count(ImmutableArray<int> shape) => shape.Aggregate(1L, (count, size) => count * size);

    private static ImmutableArray<(string Suffix, ImmutableArray<int> Shape)> Bias(bool isThere, ImmutableArray<int> channels) =>
        isThere ? [("bias", channels)] : [];
}
