using ZenNas.Architectures;

namespace ZenNas.Spaces;

/// <summary>
/// How deep a network is for its width: the number of its convolutions over the geometric mean of their fan-in, c_in·k²/groups. DeepMAD (Shen et al., CVPR 2023) calls
/// it effectiveness and bounds it, since a chain that is too deep for its width carries no signal.
/// </summary>
public static class DepthToWidth
{
    /// <summary>The ratio of a vanilla network, at least 0.</summary>
    public static double Of(VanillaNetwork network)
    {
        ArgumentNullException.ThrowIfNull(network);
        return Of(Convolutions(network), LogWidths(network));
    }

    /// <summary>The ratio of so many convolutions with this sum of ln fan-in.</summary>
    internal static double Of(int convolutions, double logWidths) => convolutions / Math.Exp(logWidths / convolutions);

    /// <summary>Convolutions of a chain.</summary>
    internal static int Convolutions(VanillaNetwork network)
    {
        var count = 0;
        foreach (var layer in network.Layers)
        {
            count += layer.Kind == VanillaKind.Convolution ? 1 : 0;
        }

        return count;
    }

    /// <summary>Sum of ln fan-in over the convolutions of a chain.</summary>
    internal static double LogWidths(VanillaNetwork network)
    {
        double sum = 0;
        foreach (var layer in network.Layers)
        {
            sum += LogWidth(layer);
        }

        return sum;
    }

    /// <summary>ln fan-in of a convolution; 0 for pooling.</summary>
    internal static double LogWidth(in VanillaLayer layer) =>
        layer.Kind == VanillaKind.Convolution ? Math.Log((double)layer.InChannels / layer.Groups * layer.Kernel * layer.Kernel) : 0;

    /// <summary>The smallest sum of ln fan-in that so many convolutions may have under a limit on the ratio.</summary>
    internal static double LeastLogWidths(double limit, int convolutions) => convolutions * Math.Log(convolutions / limit);
}
