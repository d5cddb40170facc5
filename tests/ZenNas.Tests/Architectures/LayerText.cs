using ZenNas.Architectures;

namespace ZenNas.Tests.Architectures;

/// <summary>Layers as lines that a person can check against a drawing of the block.</summary>
internal static class LayerText
{
    public static string Of(Network network) => string.Join('\n', network.Layers.Select(Line));

    private static string Line(Layer l, int position)
    {
        var kernel = l.Kind is LayerKind.Convolution or LayerKind.MaxPool ? $" k{l.Kernel} s{l.Stride}" : "";
        var groups = l.Groups != 1 ? $" g{l.Groups}" : "";
        var bias = l.Bias ? " bias" : "";
        var other = l.Kind is LayerKind.Add or LayerKind.Scale ? $",{l.Other}" : "";
        return $"{position} {l.Kind} {l.Branch} {l.InChannels}x{l.InSize}->{l.OutChannels}x{l.OutSize}{kernel}{groups}{bias} <- {l.Input}{other}"
            + $" @{l.Block}.{l.Unit}";
    }
}
