using System.Collections.Immutable;

namespace ZenNas.Architectures;

/// <summary>
/// An architecture lowered to primitive layers with shapes: the one list that counts, scores, tensors and exports read.
/// </summary>
public sealed class Network
{
    private VanillaNetwork? _vanilla;

    private Network(Architecture architecture, ImmutableArray<Layer> layers)
    {
        Architecture = architecture;
        Layers = layers;
    }

    /// <summary>What was lowered.</summary>
    public Architecture Architecture { get; }

    /// <summary>Primitive layers in topological order.</summary>
    public ImmutableArray<Layer> Layers { get; }

    /// <summary>The paper's vanilla network (section 3.2): residual links, squeeze-and-excitation and head removed.</summary>
    public VanillaNetwork Vanilla => _vanilla ??= VanillaNetwork.Of(Layers.AsSpan());

    /// <summary>Lowers an architecture.</summary>
    public static Network Lower(Architecture architecture)
    {
        ArgumentNullException.ThrowIfNull(architecture);
        var lowering = new Lowering(architecture);
        return new Network(architecture, lowering.Run());
    }
}
