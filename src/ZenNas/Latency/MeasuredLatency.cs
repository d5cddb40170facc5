using ZenNas.Architectures;

namespace ZenNas.Latency;

/// <summary>Latencies measured when they are asked for, each network once. Slow, and never exactly the same.</summary>
public sealed class MeasuredLatency : ILatencySource
{
    private static readonly LatencyProtocol Protocol = new() { Visits = 1, RelativeError = 0.03, MostSeconds = 1, WarmUpSeconds = 0.05, LeastRuns = 7 };
    private readonly Dictionary<UInt128, double> _known = [];
    private readonly ILatencyRuntime _runtime;

    /// <param name="runtime">Where networks run.</param>
    public MeasuredLatency(ILatencyRuntime runtime) => _runtime = runtime;

    /// <inheritdoc/>
    public double Ms(Network network)
    {
        var fingerprint = Fingerprint.Of(network.Architecture);
        if (!_known.TryGetValue(fingerprint, out var ms))
        {
            using var loaded = _runtime.Load(network);
            ms = LatencyMeasurement.Visit(_runtime.Conditions, loaded.Run, Protocol).MedianMs;
            _known.Add(fingerprint, ms);
        }

        return ms;
    }
}
