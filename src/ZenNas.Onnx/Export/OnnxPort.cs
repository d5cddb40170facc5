using System.Collections.Immutable;
using ZenNas.Architectures;

namespace ZenNas.Onnx.Export;

/// <summary>An input or output of an exported model.</summary>
public sealed class OnnxPort
{
    /// <summary>What a file calls a batch size that is left open.</summary>
    public const string OpenSize = "batch";

    private OnnxPort(string name, int layer, OnnxExportSettings settings, ReadOnlySpan<int> sizes)
    {
        (Name, Layer) = (name, layer);
        Shape = [settings.BatchSize, .. sizes.ToArray().Select(size => (int?)size)];
    }

    /// <summary>Name.</summary>
    public string Name { get; }

    /// <summary>Position of the layer that computes it; −1 for the input.</summary>
    public int Layer { get; }

    /// <summary>Batch size, which is null where it is left open; then channels, and height and width where it is a map.</summary>
    public ImmutableArray<int?> Shape { get; }

    /// <summary>The input: (N, C, H, W).</summary>
    public static OnnxPort InputOf(Network network, OnnxExportSettings settings)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(settings);
        var architecture = network.Architecture;
        return new OnnxPort(OnnxExport.InputName, -1, settings, [architecture.InputChannels, architecture.Resolution, architecture.Resolution]);
    }

    /// <summary>The outputs: class scores, then feature maps from the input side, as far as the settings ask for them.</summary>
    public static ImmutableArray<OnnxPort> OutputsOf(Network network, OnnxExportSettings settings)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(settings);
        var ports = ImmutableArray.CreateBuilder<OnnxPort>();
        if (settings.Logits)
        {
            ports.Add(new OnnxPort(OnnxExport.LogitsName, network.Layers.Length - 1, settings, [network.Architecture.Classes]));
        }

        if (settings.Features)
        {
            ports.AddRange(FeatureMap.Of(network).Select(
                map => new OnnxPort($"stride{map.Stride}", map.Layer, settings, [map.Channels, map.Size, map.Size])));
        }

        return ports.ToImmutable();
    }
}
