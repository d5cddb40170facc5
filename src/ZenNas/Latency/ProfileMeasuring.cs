using ZenNas.Architectures;
using ZenNas.Complexity;

namespace ZenNas.Latency;

/// <summary>Measures networks for a profile: the whole one as users run it, then its layers.</summary>
public static class ProfileMeasuring
{
    // Single layers are measured for about a third of a second.
    private const double LayerSeconds = 0.35;
    private const int LeastLayerRuns = 8;
    private const int MostLayerRuns = 400;

    // Less exact than a measurement for its own sake: errors of single networks average out over the kernels that they share.
    private static readonly LatencyProtocol Protocol = new() { RelativeError = 0.01, MostSeconds = 0.8, WarmUpSeconds = 0.1, LeastRuns = 9 };

    /// <summary>Measures a network.</summary>
    /// <param name="runtime">Where it runs.</param>
    /// <param name="choose">Chooses the network.</param>
    /// <param name="cancellation">Ends it between runs.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static ProfiledNetwork Measure(ILatencyRuntime runtime, Func<Architecture> choose, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(runtime);
        ArgumentNullException.ThrowIfNull(choose);
        var clock = System.Diagnostics.Stopwatch.StartNew();
        var network = Network.Lower(choose());
        var plan = KernelPlan.Of(network);
        using var loaded = runtime.Load(network);
        var whole = LatencyMeasurement.Of(runtime.Conditions, loaded.Run, Protocol, progress: null, cancellation).MedianMs;
        var kernels = plan.Sum(loaded.LayerMs(Math.Clamp((int)(1000 * LayerSeconds / whole), LeastLayerRuns, MostLayerRuns)));
        var scale = whole / kernels.Sum();
        return new ProfiledNetwork(
            NetworkCost.Of(network).Macs, whole, plan.Kernels, [.. kernels.Select(ms => ms * scale)], clock.Elapsed.TotalSeconds);
    }
}
