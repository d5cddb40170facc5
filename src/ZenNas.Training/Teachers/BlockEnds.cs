using System.Collections.Immutable;
using ZenNas.Architectures;

namespace ZenNas.Training.Teachers;

/// <summary>Where a block ends.</summary>
/// <param name="Stride">Downsampling from the input.</param>
/// <param name="Layer">Position of the block's last layer.</param>
/// <param name="Channels">Channels.</param>
internal readonly record struct BlockEnd(int Stride, int Layer, int Channels);

/// <summary>The ends of the first blocks that reach the downsamplings at which features are compared.</summary>
internal static class BlockEnds
{
    /// <summary>Zen-NAS, appendix: features are compared at these.</summary>
    public static ImmutableArray<int> Strides { get; } = [16, 32];

    /// <summary>For each of <see cref="Strides"/> that a network reaches, the end of the first block there.</summary>
    public static ImmutableArray<BlockEnd> Of(Network network)
    {
        var layers = network.Layers;
        var strides = new int[layers.Length];
        var ends = new SortedDictionary<int, BlockEnd>();
        for (var i = 0; i < layers.Length && layers[i].Branch != Branch.Head; i++)
        {
            strides[i] = (layers[i].Input < 0 ? 1 : strides[layers[i].Input]) * layers[i].Stride;
            if (layers[i + 1].Block != layers[i].Block && Strides.Contains(strides[i]))
            {
                ends.TryAdd(strides[i], new BlockEnd(strides[i], i, layers[i].OutChannels));
            }
        }

        return [.. ends.Values];
    }
}
