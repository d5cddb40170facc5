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
    // Disturbances last from a tenth of a second to minutes. Of some visits one is undisturbed; where the yardsticks say that none was, there are more.
    private const int LeastVisits = 3;
    private const int MostVisits = 6;
    private const double Undisturbed = 0.06;
    private static readonly LatencyProtocol Short = new() { Visits = 1, WarmUpRuns = 1, WarmUpSeconds = 0.01, LeastRuns = 3, MostSeconds = 0.02, RelativeError = 0 };

    // Threads of the network before go on spinning for a while.
    private static readonly LatencyProtocol AfterSpinning = Short with { WarmUpSeconds = 0.05 };

    private readonly LatencyConditions _conditions;
    private readonly ImmutableArray<ILoadedNetwork> _loaded;

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

    /// <summary>
    /// Visits a network and the yardsticks in turn. Whatever disturbs makes slower, so of each the fastest visit counts.
    /// </summary>
    /// <param name="network">Ready to run.</param>
    /// <param name="protocol">When a visit ends.</param>
    /// <param name="typical">What the yardsticks take when nothing disturbs; null where that isn't known yet.</param>
    /// <param name="cancellation">Ends it between runs.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public PacedMeasurement Measure(ILoadedNetwork network, LatencyProtocol protocol, YardstickTimes? typical, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(network);
        var (measured, yardsticks) = Visit(network, protocol, cancellation);
        var visits = ImmutableArray.Create(measured.MedianMs);
        while (visits.Length < LeastVisits || (visits.Length < MostVisits && typical is not null && yardsticks.SlownessAgainst(typical) > Undisturbed))
        {
            var (again, then) = Visit(network, protocol, cancellation);
            measured = again.MedianMs < measured.MedianMs ? again : measured;
            yardsticks = YardstickTimes.FastestOf(yardsticks, then);
            visits = visits.Add(again.MedianMs);
        }

        return new PacedMeasurement(measured, visits, yardsticks);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var network in _loaded)
        {
            network.Dispose();
        }
    }

    private (LatencyMeasurement Network, YardstickTimes Yardsticks) Visit(ILoadedNetwork network, LatencyProtocol protocol, CancellationToken cancellation) => (
        LatencyMeasurement.Visit(_conditions, network.Run, protocol, progress: null, cancellation),
        new YardstickTimes([.. _loaded.Select(loaded => LatencyMeasurement.Visit(_conditions, loaded.Run, _conditions.Waiting == ThreadWaiting.Spin ? AfterSpinning : Short, progress: null, cancellation).MedianMs)]));
}
