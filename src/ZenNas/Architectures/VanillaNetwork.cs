using System.Collections.Immutable;

namespace ZenNas.Architectures;

/// <summary>Kind of a step of the vanilla chain.</summary>
public enum VanillaKind : byte
{
    /// <summary>Convolution, batch normalisation, then ReLU where <see cref="VanillaLayer.Relu"/> says so.</summary>
    Convolution,

    /// <summary>Max pooling.</summary>
    MaxPool,
}

/// <summary>One step of the vanilla chain.</summary>
public readonly record struct VanillaLayer
{
    /// <summary>Kind.</summary>
    public VanillaKind Kind { get; init; }

    /// <summary>Whether a ReLU follows the batch normalisation.</summary>
    public bool Relu { get; init; }

    /// <summary>Kernel size k.</summary>
    public short Kernel { get; init; }

    /// <summary>Stride.</summary>
    public short Stride { get; init; }

    /// <summary>Channels in.</summary>
    public int InChannels { get; init; }

    /// <summary>Channels out.</summary>
    public int OutChannels { get; init; }

    /// <summary>Groups.</summary>
    public int Groups { get; init; }

    /// <summary>Height and width in.</summary>
    public int InSize { get; init; }

    /// <summary>Height and width out.</summary>
    public int OutSize { get; init; }

    /// <summary>(c_in/g)·Σ q over the kernel's taps; q is the share of output positions that see the tap inside the map.</summary>
    public double TapSum { get; init; }

    /// <summary>(c_in/g)·Σ q(1−q) over the kernel's taps.</summary>
    public double TapSpread { get; init; }

    /// <summary>Weights of the convolution.</summary>
    public long Weights => Kind == VanillaKind.Convolution ? (long)(InChannels / Groups) * OutChannels * Kernel * Kernel : 0;
}

/// <summary>
/// The paper's vanilla network (section 3.2): the chain of convolution, batch normalisation and ReLU that is left when
/// residual links, squeeze-and-excitation, global pooling and classifier are removed. Scores are defined on it.
/// </summary>
public sealed class VanillaNetwork
{
    private VanillaNetwork(ImmutableArray<VanillaLayer> layers) => Layers = layers;

    /// <summary>The chain, input side first.</summary>
    public ImmutableArray<VanillaLayer> Layers { get; }

    /// <summary>Channels of the network's input.</summary>
    public int InputChannels => Layers[0].InChannels;

    /// <summary>Height and width of the network's input.</summary>
    public int Resolution => Layers[0].InSize;

    internal static VanillaNetwork Of(ReadOnlySpan<Layer> layers)
    {
        var count = 0;
        foreach (ref readonly var layer in layers)
        {
            count += layer is { Branch: Branch.Main, Kind: LayerKind.Convolution or LayerKind.MaxPool } ? 1 : 0;
        }

        var chain = new VanillaLayer[count];
        var next = 0;
        foreach (ref readonly var layer in layers)
        {
            if (layer.Branch != Branch.Main)
            {
                continue;
            }

            switch (layer.Kind)
            {
                case LayerKind.Convolution:
                    chain[next++] = Convolution(layer);
                    break;
                case LayerKind.MaxPool:
                    chain[next++] = Convert(layer, VanillaKind.MaxPool);
                    break;
                case LayerKind.Relu:
                    chain[next - 1] = chain[next - 1] with { Relu = true };
                    break;
                default:
                    break;
            }
        }

        return new VanillaNetwork(System.Runtime.InteropServices.ImmutableCollectionsMarshal.AsImmutableArray(chain));
    }

    private static VanillaLayer Convolution(in Layer layer)
    {
        var (sum, squares) = TapCoverage.Of(layer.Kernel, layer.Stride, layer.InSize);
        var fanIn = layer.InChannels / layer.Groups;
        return Convert(layer, VanillaKind.Convolution) with
        {
            TapSum = fanIn * sum * sum,
            TapSpread = fanIn * (sum * sum - squares * squares),
        };
    }

    private static VanillaLayer Convert(in Layer layer, VanillaKind kind) => new()
    {
        Kind = kind,
        Kernel = layer.Kernel,
        Stride = layer.Stride,
        InChannels = layer.InChannels,
        OutChannels = layer.OutChannels,
        Groups = layer.Groups,
        InSize = layer.InSize,
        OutSize = layer.OutSize,
    };
}
