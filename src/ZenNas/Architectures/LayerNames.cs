using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace ZenNas.Architectures;

/// <summary>
/// Names of layers, for listings and for files that refer to single layers. A name says block, residual unit, branch, kind and number, all
/// from 1: <c>block3.unit2.conv1</c>, <c>block3.unit2.shortcut.conv1</c>, <c>block3.unit2.se.conv1</c>, <c>head.linear1</c>.
/// </summary>
public static class LayerNames
{
    /// <summary>The name of every layer, in the order of <see cref="Network.Layers"/>.</summary>
    /// <returns>Names that are unique in the network, and the same whenever an equal architecture is lowered.</returns>
    public static ImmutableArray<string> Of(Network network)
    {
        ArgumentNullException.ThrowIfNull(network);
        var numbers = new Dictionary<string, int>();
        var names = ImmutableArray.CreateBuilder<string>(network.Layers.Length);
        foreach (ref readonly var layer in network.Layers.AsSpan())
        {
            var stem = $"{Place(layer)}.{KindName(layer.Kind)}";
            ref var number = ref CollectionsMarshal.GetValueRefOrAddDefault(numbers, stem, out _);
            names.Add($"{stem}{++number}");
        }

        return names.MoveToImmutable();
    }

    /// <summary>Short name of a kind, as layer names use it: <c>conv</c>, <c>bn</c>, <c>relu</c>, <c>linear</c>…</summary>
    /// <exception cref="ArgumentOutOfRangeException">The kind is none of <see cref="LayerKind"/>.</exception>
    public static string KindName(LayerKind kind) => kind switch
    {
        LayerKind.Convolution => "conv",
        LayerKind.BatchNorm => "bn",
        LayerKind.Relu => "relu",
        LayerKind.Sigmoid => "sigmoid",
        LayerKind.MaxPool => "maxpool",
        LayerKind.GlobalAveragePool => "avgpool",
        LayerKind.Add => "add",
        LayerKind.Scale => "scale",
        LayerKind.Linear => "linear",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "no such kind"),
    };

    private static string Place(in Layer layer) => layer.Branch switch
    {
        Branch.Head => "head",
        Branch.Shortcut => $"{Unit(layer)}.shortcut",
        Branch.SqueezeExcitation => $"{Unit(layer)}.se",
        _ => Unit(layer),
    };

    private static string Unit(in Layer layer) => $"block{layer.Block + 1}.unit{layer.Unit + 1}";
}
