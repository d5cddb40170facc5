using ZenNas.Architectures;
using ZenNas.Complexity;

namespace ZenNas.Latency;

/// <summary>What a network took, and what the yardstick took right before and after it.</summary>
/// <param name="Network">The network's measurement.</param>
/// <param name="YardstickMs">Mean of the yardstick's milliseconds before and after.</param>
public sealed record PacedMeasurement(LatencyMeasurement Network, double YardstickMs);

/// <summary>
/// One network that is measured again and again between others. Processors change their clock, virtual ones share it with neighbours; the
/// yardstick shows how fast the machine was at the moment, and measurements made at different moments become comparable.
/// </summary>
public sealed class Yardstick : IDisposable
{
    // Where the yardstick changes by more while a network is measured, the network is measured again.
    private const double LargestChange = 0.05;
    private const int Attempts = 3;
    private static readonly LatencyProtocol Protocol = new() { WarmUpRuns = 2, WarmUpSeconds = 0.03, LeastRuns = 7, MostSeconds = 0.07, RelativeError = 0 };

    private readonly LatencyConditions _conditions;
    private readonly ILoadedNetwork _loaded;

    /// <summary>Loads the yardstick of a sampler.</summary>
    /// <param name="runtime">Where it runs.</param>
    /// <param name="sampler">Draws it.</param>
    /// <exception cref="InvalidInputException">Not even the space's smallest network fits the sampler's limits.</exception>
    public Yardstick(ILatencyRuntime runtime, NetworkSampler sampler)
    {
        ArgumentNullException.ThrowIfNull(runtime);
        ArgumentNullException.ThrowIfNull(sampler);
        var network = Network.Lower(sampler.Yardstick());
        (_conditions, Macs, _loaded) = (runtime.Conditions, NetworkCost.Of(network).Macs, runtime.Load(network));
    }

    /// <summary>Multiply–adds per image.</summary>
    public long Macs { get; }

    /// <summary>Measures a network between two measurements of the yardstick, again where they differ too much.</summary>
    /// <param name="network">Ready to run.</param>
    /// <param name="protocol">When its measuring ends.</param>
    /// <param name="cancellation">Ends it between runs.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public PacedMeasurement Measure(ILoadedNetwork network, LatencyProtocol protocol, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(network);
        var before = Ms(cancellation);
        for (var attempt = 1; ; attempt++)
        {
            var measured = LatencyMeasurement.Of(_conditions, network.Run, protocol, progress: null, cancellation);
            var after = Ms(cancellation);
            if (attempt == Attempts || Math.Abs(after - before) <= LargestChange * before)
            {
                return new PacedMeasurement(measured, (before + after) / 2);
            }

            before = after;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _loaded.Dispose();

    private double Ms(CancellationToken cancellation) => LatencyMeasurement.Of(_conditions, _loaded.Run, Protocol, progress: null, cancellation).MedianMs;
}
