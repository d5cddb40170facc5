using System.Collections.Immutable;

namespace ZenNas.Architectures;

/// <summary>A feature map that detection and segmentation heads read.</summary>
/// <param name="Stride">Downsampling from the input: a power of 2 from 4 to 32.</param>
/// <param name="Layer">Position of the layer whose output it is.</param>
/// <param name="Channels">Channels.</param>
/// <param name="Size">Height and width.</param>
public readonly record struct FeatureMap(int Stride, int Layer, int Channels, int Size)
{
    private const int FirstStride = 4;
    private const int LastStride = 32;

    /// <summary>
    /// For each of the strides 4, 8, 16, 32 that a network reaches, the output of its last residual unit (or convolution) of that stride; for the
    /// deepest one this is the map that the classifier reads.
    /// </summary>
    public static ImmutableArray<FeatureMap> Of(Network network)
    {
        ArgumentNullException.ThrowIfNull(network);
        var layers = network.Layers;
        var strides = new int[layers.Length];
        var maps = new SortedDictionary<int, FeatureMap>();
        for (var i = 0; i < layers.Length && layers[i].Branch != Branch.Head; i++)
        {
            strides[i] = (layers[i].Input < 0 ? 1 : strides[layers[i].Input]) * layers[i].Stride;
            var isEndOfUnit = i + 1 == layers.Length || layers[i + 1].Branch == Branch.Head
                || (layers[i + 1].Block, layers[i + 1].Unit) != (layers[i].Block, layers[i].Unit);
            if (isEndOfUnit && strides[i] is >= FirstStride and <= LastStride && int.IsPow2(strides[i]))
            {
                maps[strides[i]] = new FeatureMap(strides[i], i, layers[i].OutChannels, layers[i].OutSize);
            }
        }

        return [.. maps.Values];
    }
}
