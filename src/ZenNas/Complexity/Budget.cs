using System.Globalization;
using ZenNas.Architectures;
using ZenNas.Latency;

namespace ZenNas.Complexity;

/// <summary>Limits on a network's cost; null is no limit. All limits hold together, ends included.</summary>
/// <param name="MaxParameters">Most parameters.</param>
/// <param name="MaxMacs">Most multiply–adds per image.</param>
/// <param name="MaxLayers">Most layers in the paper's sense (repeats summed over blocks).</param>
/// <param name="MaxLatency">Longest latency, and where latencies come from.</param>
public sealed record Budget(long? MaxParameters = null, long? MaxMacs = null, int? MaxLayers = null, LatencyLimit? MaxLatency = null)
{
    /// <summary>Whether a network of this cost fits; its latency is asked for last, since that takes longest.</summary>
    /// <param name="network">The network.</param>
    /// <param name="cost">Its cost by true counting.</param>
    public bool Fits(Network network, in NetworkCost cost) =>
        FitsDepth(cost.Layers) && !(cost.Parameters > MaxParameters) && !(cost.Macs > MaxMacs) && MaxLatency?.Fits(network) != false;

    /// <summary>Whether a network fits.</summary>
    public bool Fits(Network network) => Fits(network, NetworkCost.Of(network));

    /// <summary>Whether a network of so many layers fits; cheaper than counting all costs.</summary>
    public bool FitsDepth(int layers) => !(layers > MaxLayers);

    /// <summary>The limits as a user reads them, for example <c>1,000,000 parameters, 18 layers</c>.</summary>
    public override string ToString() => string.Join(", ", new[]
    {
        MaxParameters is { } p ? $"{p:N0} parameters" : null,
        MaxMacs is { } m ? $"{m:N0} MACs" : null,
        MaxLayers is { } l ? $"{l} layer{(l == 1 ? "" : "s")}" : null,
        MaxLatency is { } t ? string.Create(CultureInfo.InvariantCulture, $"{t.MaxMs} ms") : null,
    }.OfType<string>());
}
