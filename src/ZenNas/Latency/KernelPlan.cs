using System.Collections.Immutable;
using ZenNas.Architectures;

namespace ZenNas.Latency;

/// <summary>
/// A network as the kernels that runtimes execute. A convolution takes along the batch normalisation and ReLU behind it, the one that a
/// residual unit computes last, projection or main path, the addition too; squeeze-and-excitation and head are a kernel each. Whatever a runtime fuses, a kernel stays what its
/// layers cost together.
/// </summary>
public sealed class KernelPlan
{
    private KernelPlan(ImmutableArray<KernelShape> kernels, ImmutableArray<int> kernelOf) => (Kernels, KernelOf) = (kernels, kernelOf);

    /// <summary>Kernels in the order of their first layers.</summary>
    public ImmutableArray<KernelShape> Kernels { get; }

    /// <summary>For every layer of the network the position of its kernel.</summary>
    public ImmutableArray<int> KernelOf { get; }

    /// <summary>Groups the layers of a network.</summary>
    public static KernelPlan Of(Network network)
    {
        ArgumentNullException.ThrowIfNull(network);
        var layers = network.Layers.AsSpan();
        var kernels = ImmutableArray.CreateBuilder<KernelShape>();
        var kernelOf = new int[layers.Length];
        for (var i = 0; i < layers.Length; i++)
        {
            ref readonly var layer = ref layers[i];
            if (!StartsKernel(layer))
            {
                kernelOf[i] = kernelOf[Owner(layers, layer)];
                kernels[kernelOf[i]] = Extend(kernels[kernelOf[i]], layer);
                continue;
            }

            kernelOf[i] = kernels.Count;
            kernels.Add(Start(layer));
        }

        return new KernelPlan(kernels.DrainToImmutable(), [.. kernelOf]);
    }

    /// <summary>Sums up times of layers by kernel.</summary>
    /// <param name="layerMs">A time for every layer.</param>
    public double[] Sum(ReadOnlySpan<double> layerMs)
    {
        var sums = new double[Kernels.Length];
        for (var i = 0; i < layerMs.Length; i++)
        {
            sums[KernelOf[i]] += layerMs[i];
        }

        return sums;
    }

    /// <summary>
    /// The layer to whose kernel one belongs that starts none. Scaling reads the map and the factors and belongs to the factors; an addition belongs to the projection
    /// where there is one, otherwise to the main path.
    /// </summary>
    private static int Owner(ReadOnlySpan<Layer> layers, in Layer layer) => layer.Kind switch
    {
        LayerKind.Scale => layer.Other,
        LayerKind.Add when layer.Other >= 0 && layers[layer.Other] is { Kind: LayerKind.BatchNorm, Branch: Branch.Shortcut } => layer.Other,
        _ => layer.Input,
    };

    private static bool StartsKernel(in Layer layer) => layer.Kind switch
    {
        LayerKind.Convolution => layer.Branch != Branch.SqueezeExcitation,
        LayerKind.MaxPool or LayerKind.GlobalAveragePool => true,
        _ => false,
    };

    private static KernelShape Start(in Layer layer)
    {
        var kind = layer.Kind switch
        {
            LayerKind.MaxPool => KernelKind.MaxPool,
            LayerKind.GlobalAveragePool => layer.Branch == Branch.Head ? KernelKind.Head : KernelKind.SqueezeExcitation,
            _ => layer.Groups == 1 ? KernelKind.Convolution
                : layer.Groups == layer.InChannels ? KernelKind.DepthwiseConvolution
                : KernelKind.GroupedConvolution,
        };
        return layer.Kind == LayerKind.GlobalAveragePool
            ? new KernelShape(kind, layer.InChannels, 0, layer.InSize, layer.InSize, 1, 1, 1, false)
            : new KernelShape(
                kind, layer.InChannels, layer.OutChannels, layer.InSize, layer.OutSize, layer.Kernel, layer.Stride,
                kind == KernelKind.GroupedConvolution ? layer.Groups : 1, false);
    }

    private static KernelShape Extend(in KernelShape kernel, in Layer layer) => layer.Kind switch
    {
        LayerKind.Add => kernel with { Adds = true },
        LayerKind.Linear => kernel with { OutChannels = layer.OutChannels },
        // The first convolution of squeeze-and-excitation.
        LayerKind.Convolution when kernel.OutChannels == 0 => kernel with { OutChannels = layer.OutChannels },
        _ => kernel,
    };
}
