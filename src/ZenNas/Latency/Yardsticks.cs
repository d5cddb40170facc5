using System.Collections.Immutable;
using ZenNas.Architectures;
using ZenNas.Complexity;

namespace ZenNas.Latency;

/// <summary>
/// Networks that are measured again and again between others. Processors change their clock, virtual ones share cores and caches with neighbours;
/// the yardsticks show how fast the machine was at the moment. There are several, from a small to a large one, since short kernels, which
/// fit caches and wait for threads, and long ones don't change alike. Not safe for concurrent use.
/// </summary>
public sealed class Yardsticks : IDisposable
{
    // Where they change by more while a network is measured, the network is measured again.
    private const double LargestChange = 0.05;
    private const int Attempts = 3;
    private static readonly LatencyProtocol Protocol = new() { WarmUpRuns = 1, WarmUpSeconds = 0.02, LeastRuns = 5, MostSeconds = 0.05, RelativeError = 0 };

    private readonly LatencyConditions _conditions;
    private readonly ImmutableArray<ILoadedNetwork> _loaded;
    private double[]? _latest;

    /// <summary>Loads the yardsticks of a sampler.</summary>
    /// <param name="runtime">Where they run.</param>
    /// <param name="sampler">Draws them.</param>
    /// <exception cref="InvalidInputException">Not even the space's smallest network fits the sampler's limits.</exception>
    public Yardsticks(ILatencyRuntime runtime, NetworkSampler sampler)
    {
        ArgumentNullException.ThrowIfNull(runtime);
        ArgumentNullException.ThrowIfNull(sampler);
        Network[] networks = [.. sampler.Yardsticks().Select(Network.Lower)];
        _conditions = runtime.Conditions;
        Macs = [.. networks.Select(network => NetworkCost.Of(network).Macs)];
        _loaded = [.. networks.Select(runtime.Load)];
    }

    /// <summary>Multiply–adds per image of each, ascending.</summary>
    public ImmutableArray<long> Macs { get; }

    /// <summary>Measures a network between two measurements of the yardsticks, again where they differ too much.</summary>
    /// <param name="network">Ready to run.</param>
    /// <param name="protocol">When its measuring ends.</param>
    /// <param name="cancellation">Ends it between runs.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public PacedMeasurement Measure(ILoadedNetwork network, LatencyProtocol protocol, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(network);
        // What came after one network comes before the next.
        var before = _latest ?? Ms(cancellation);
        for (var attempt = 1; ; attempt++)
        {
            var measured = LatencyMeasurement.Of(_conditions, network.Run, protocol, progress: null, cancellation);
            var after = Ms(cancellation);
            _latest = after;
            if (attempt == Attempts || before.Zip(after, (b, a) => Math.Abs(a - b) / b).Average() <= LargestChange)
            {
                return new PacedMeasurement(measured, new YardstickTimes([.. before.Zip(after, (b, a) => (b + a) / 2)]));
            }

            before = after;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var network in _loaded)
        {
            network.Dispose();
        }
    }

    private double[] Ms(CancellationToken cancellation) =>
        [.. _loaded.Select(network => LatencyMeasurement.Of(_conditions, network.Run, Protocol, progress: null, cancellation).MedianMs)];
}
