using ZenNas.Architectures;
using ZenNas.Complexity;
using ZenNas.Latency;
using ZenNas.Scores;
using ZenNas.Search;
using ZenNas.Spaces;

namespace ZenNas.Tests.Latency;

/// <summary>A device whose kernels take times by a formula, with padding of channels, caches that overflow and 2 % of noise.</summary>
internal static class SyntheticDevice
{
    private const double OverheadMs = 0.01;
    private static readonly YardstickTimes Yardsticks = new([0.1, 1, 3, 10]);

    public static LatencyConditions Conditions { get; } = new("formula", "1.0", "cpu", 1, 1, Precision.Fp32, ThreadWaiting.Sleep);

    public static ProfileScope Scope { get; } = new("residual", 32, 100, 640_000_000, 3);

    public static double Ms(KernelShape kernel)
    {
        var padded = Math.Ceiling(kernel.OutChannels / 16.0) * 16 / kernel.OutChannels;
        var cache = kernel.Elements > 1e5 ? 1.4 : 1;
        return 0.002 + 2e-8 * kernel.Macs * padded * (kernel.Kernel == 1 ? 1 : 0.8) + 4e-7 * kernel.Elements * cache;
    }

    public static double Ms(Network network) => OverheadMs + KernelPlan.Of(network).Kernels.Sum(Ms);

    public static NetworkSampler Sampler(ulong seed) => new(SearchSpaceJson.Builtin("residual")!, Scope.Resolution, Scope.Classes, Scope.MaxMacs, seed);

    public static ProfiledNetwork Measure(Architecture architecture, ulong number)
    {
        var network = Network.Lower(architecture);
        var random = new StepRandom(5, number);
        var kernels = KernelPlan.Of(network).Kernels;
        double[] times = [.. kernels.Select(k => Ms(k) * (0.98 + 0.04 * random.Next(1000) / 1000))];
        return new ProfiledNetwork(NetworkCost.Of(network).Macs, times.Sum() + OverheadMs, kernels, [.. times], Yardsticks, 0.5);
    }

    /// <summary>A profile of a device that was slower while every third network was measured, by a factor.</summary>
    public static LatencyProfile Profile(int networks, double slowdown = 1)
    {
        var sampler = Sampler(Scope.Seed);
        return LatencyProfile.Fit(Machine.Current, Conditions, Scope, [10, 100, 300, 1000], [.. Enumerable.Range(0, networks).Select(i => Slowed(Measure(sampler.Random(i), (ulong)i), i % 3 == 0 ? slowdown : 1))]);
    }

    private static ProfiledNetwork Slowed(ProfiledNetwork network, double factor) => new(
        network.Macs, network.Ms * factor, network.Kernels, [.. network.WatchedMs.Select(ms => ms * factor)], new YardstickTimes([.. Yardsticks.Ms.Select(ms => ms * factor)]), network.Seconds);
}
