using ZenNas.Architectures;

namespace ZenNas.Complexity;

/// <summary>How parameters and MACs are counted.</summary>
public enum Counting
{
    /// <summary>
    /// What frameworks report: batch normalisation has 2C parameters, biases and projections count; MACs count convolutions, projections
    /// and the linear layer once per multiply–add, nothing else.
    /// </summary>
    True,

    /// <summary>
    /// What the paper's released program reports, for comparison with its logs. It never saw
    /// <see cref="SqueezeExcitation.InputQuarter"/>, whose biases are added to what it would count.
    /// </summary>
    ReleasedCode,

    /// <summary>
    /// What pycls reports (the program behind RegNet's tables), for comparison with them: parameters as in <see cref="True"/>; MACs too, and
    /// one operation more for every output element of a convolution or linear layer with bias.
    /// </summary>
    Pycls,
}

/// <summary>What a network or a layer costs. All values are per image at the architecture's resolution.</summary>
/// <param name="Parameters">Trainable parameters.</param>
/// <param name="Macs">Multiply–adds, at most <see cref="long.MaxValue"/>; papers call the same number FLOPs.</param>
/// <param name="Activations">Output elements of all convolutions, max pools and the linear layer, as RegNet counts them.</param>
/// <param name="Layers">The paper's depth: repeats summed over blocks.</param>
/// <param name="ConvLayers">Convolutions of the main path, projections and squeeze-and-excitation not counted.</param>
public readonly record struct NetworkCost(long Parameters, long Macs, long Activations, int Layers, int ConvLayers)
{
    /// <summary>Counts a whole network.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The counting is none of <see cref="Counting"/>.</exception>
    public static NetworkCost Of(Network network, Counting counting = Counting.True)
    {
        ArgumentNullException.ThrowIfNull(network);
        return Of(network.Layers.AsSpan(), counting) with { Layers = network.Architecture.Layers };
    }

    /// <summary>Counts some layers; <see cref="Layers"/> is 0 since depth belongs to blocks.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The counting is none of <see cref="Counting"/>.</exception>
    public static NetworkCost Of(ReadOnlySpan<Layer> layers, Counting counting = Counting.True)
    {
        long parameters = 0, macs = 0, activations = 0;
        var convolutions = 0;
        foreach (ref readonly var layer in layers)
        {
            var cost = Of(layer, counting);
            parameters += cost.Parameters;
            // A layer stays below 2⁶², but a hostile network has thousands of them: a sum that wrapped around would fit any budget.
            macs = cost.Macs > long.MaxValue - macs ? long.MaxValue : macs + cost.Macs;
            activations += cost.Activations;
            convolutions += cost.ConvLayers;
        }

        return new NetworkCost(parameters, macs, activations, 0, convolutions);
    }

    /// <summary>Counts one layer; <see cref="Layers"/> is 0 since depth belongs to blocks.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The counting is none of <see cref="Counting"/>.</exception>
    public static NetworkCost Of(in Layer layer, Counting counting = Counting.True)
    {
        var isConvolution = layer.Kind == LayerKind.Convolution;
        var activations = isConvolution || layer.Kind is LayerKind.MaxPool or LayerKind.Linear ? layer.OutputElements : 0;
        var (parameters, macs) = counting switch
        {
            Counting.True => CountTrue(layer),
            Counting.ReleasedCode => ReleasedCounting.Count(layer),
            Counting.Pycls => CountPycls(layer),
            _ => throw new ArgumentOutOfRangeException(nameof(counting), counting, "no such counting"),
        };
        return new NetworkCost(parameters, macs, activations, 0, isConvolution && layer.Branch == Branch.Main ? 1 : 0);
    }

    private static (long Parameters, long Macs) CountTrue(in Layer layer) => layer.Kind switch
    {
        LayerKind.Convolution or LayerKind.Linear =>
            (layer.Weights + (layer.Bias ? layer.OutChannels : 0), layer.Weights * layer.OutSize * layer.OutSize),
        LayerKind.BatchNorm => (2L * layer.OutChannels, 0),
        _ => (0, 0),
    };

    private static (long Parameters, long Macs) CountPycls(in Layer layer)
    {
        var (parameters, macs) = CountTrue(layer);
        return (parameters, macs + (layer.Bias ? layer.OutputElements : 0));
    }
}
