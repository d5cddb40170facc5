using ZenNas.Architectures;
using ZenNas.Complexity;

namespace ZenNas.Latency;

/// <summary>Measures networks for a profile: the whole one as users run it, then its layers.</summary>
public static class ProfileMeasuring
{
    // Single layers are measured for about so long.
    private const double LayerSeconds = 0.15;
    private const int LeastLayerRuns = 8;
    private const int MostLayerRuns = 400;
    private const double LeastShare = 0.1;
    private const int Halvings = 60;

    // Less exact than a measurement for its own sake: errors of single networks average out over the kernels that they share.
    private static readonly LatencyProtocol Protocol = new() { RelativeError = 0.01, MostSeconds = 0.3, WarmUpSeconds = 0.1, LeastRuns = 9 };

    /// <summary>Measures a network.</summary>
    /// <param name="runtime">Where it runs.</param>
    /// <param name="yardsticks">Measured before and after it.</param>
    /// <param name="choose">Chooses the network.</param>
    /// <param name="cancellation">Ends it between runs.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static ProfiledNetwork Measure(ILatencyRuntime runtime, Yardsticks yardsticks, Func<Architecture> choose, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(runtime);
        ArgumentNullException.ThrowIfNull(yardsticks);
        ArgumentNullException.ThrowIfNull(choose);
        var clock = System.Diagnostics.Stopwatch.StartNew();
        var network = Network.Lower(choose());
        var plan = KernelPlan.Of(network);
        using var loaded = runtime.Load(network);
        var measured = yardsticks.Measure(loaded, Protocol, cancellation);
        var whole = measured.Network.MedianMs;
        var watched = plan.Sum(loaded.LayerMs(Math.Clamp((int)(1000 * LayerSeconds / whole), LeastLayerRuns, MostLayerRuns), cancellation));
        return new ProfiledNetwork(
            NetworkCost.Of(network).Macs, whole, plan.Kernels, [.. WithoutWatching(watched, whole)], measured.Yardsticks, clock.Elapsed.TotalSeconds);
    }

    /// <summary>
    /// Watching costs about the same for every kernel, some microseconds. As much is taken from each as makes them sum up to the whole, but
    /// at most most of its time; where the whole is larger, all are raised alike.
    /// </summary>
    /// <param name="watched">Milliseconds of kernels while they were watched.</param>
    /// <param name="whole">Milliseconds of the whole network.</param>
    internal static double[] WithoutWatching(double[] watched, double whole)
    {
        var (low, high) = (0.0, watched.Max());
        for (var i = 0; i < Halvings; i++)
        {
            var middle = (low + high) / 2;
            (low, high) = watched.Sum(ms => Remaining(ms, middle)) > whole ? (middle, high) : (low, middle);
        }

        double[] remaining = [.. watched.Select(ms => Remaining(ms, low))];
        var scale = whole / remaining.Sum();
        return [.. remaining.Select(ms => ms * scale)];
    }

    private static double Remaining(double ms, double taken) => Math.Max(ms - taken, LeastShare * ms);
}
