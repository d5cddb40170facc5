using ZenNas.Architectures;

namespace ZenNas.Latency;

/// <summary>Says how long networks take, predicted or measured.</summary>
public interface ILatencySource
{
    /// <summary>Milliseconds for a batch.</summary>
    /// <exception cref="InvalidInputException">The source can't say for this network.</exception>
    double Ms(Network network);
}

/// <summary>A limit on latency.</summary>
/// <param name="MaxMs">Most milliseconds for a batch, above 0.</param>
/// <param name="Source">Where latencies come from.</param>
public sealed record LatencyLimit(double MaxMs, ILatencySource Source)
{
    /// <summary>Whether a network is fast enough.</summary>
    public bool Fits(Network network) => Source.Ms(network) <= MaxMs;
}
