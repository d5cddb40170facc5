using ZenNas.Architectures;
using ZenNas.Complexity;

namespace ZenNas.Latency;

/// <summary>Measures networks for a profile: the whole one as users run it, then its layers.</summary>
public static class ProfileMeasuring
{
    // Single layers are measured for about so long.
    private const double LayerSeconds = 0.1;
    private const int LeastLayerRuns = 8;
    private const int MostLayerRuns = 400;

    // Less exact than a measurement for its own sake: errors of single networks average out over the kernels that they share.
    private static readonly LatencyProtocol Protocol = new() { Visits = 1, RelativeError = 0, MostSeconds = 0.1, WarmUpRuns = 1, WarmUpSeconds = 0.1, LeastRuns = 3 };

    /// <summary>Measures a network.</summary>
    /// <param name="runtime">Where it runs.</param>
    /// <param name="yardsticks">Measured in between.</param>
    /// <param name="typical">What the yardsticks take when nothing disturbs; null where that isn't known yet.</param>
    /// <param name="choose">Chooses the network.</param>
    /// <param name="cancellation">Ends it between runs.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static ProfiledNetwork Measure(ILatencyRuntime runtime, Yardsticks yardsticks, YardstickTimes? typical, Func<Architecture> choose, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(runtime);
        ArgumentNullException.ThrowIfNull(yardsticks);
        ArgumentNullException.ThrowIfNull(choose);
        var clock = System.Diagnostics.Stopwatch.StartNew();
        var network = Network.Lower(choose());
        var plan = KernelPlan.Of(network);
        using var loaded = runtime.Load(network);
        var measured = yardsticks.Measure(loaded, Protocol, typical, cancellation);
        var whole = measured.Network.MedianMs;
        var runs = Math.Clamp((int)(1000 * LayerSeconds / whole), LeastLayerRuns, MostLayerRuns);

        // The faster of two, as of the whole network the fastest visit counts.
        var watched = Enumerable.Range(0, 2).Select(_ => plan.Sum(loaded.LayerMs(runs, cancellation))).MinBy(ms => ms.Sum())!;
        return new ProfiledNetwork(
            NetworkCost.Of(network).Macs, whole, plan.Kernels, [.. watched], measured.Yardsticks, clock.Elapsed.TotalSeconds);
    }
}
