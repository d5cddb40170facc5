using ZenNas.Latency;

namespace ZenNas.Tests.Latency;

public sealed class WatchingCostTests
{
    private const double PerKernel = 0.0017;
    private const double PerRun = 0.012;

    /// <summary>Watched on a device whose pace changes by some percent between whole and kernels.</summary>
    [Fact]
    public void Should_find_what_watching_and_a_run_cost()
    {
        var random = new Random(4);
        ProfiledNetwork[] networks = [.. Enumerable.Range(0, 80).Select(i => Watched(SyntheticDevice.Measure(SyntheticDevice.Sampler(9).Random(i), (ulong)i), 0.97 + 0.06 * random.NextDouble()))];

        var cost = WatchingCost.Fit(networks);

        Assert.Equal(PerKernel, cost.KernelMs, 0.0003);
        Assert.Equal(PerRun, cost.RunMs, 0.005);
        Assert.All(networks, network => Assert.Equal(network.Ms, cost.Remove(network).Sum(), 1e-9));
    }

    [Fact]
    public void Should_leave_something_of_short_kernels()
    {
        var network = Watched(SyntheticDevice.Measure(SyntheticDevice.Sampler(9).Random(1), 1), 1);

        Assert.All(new WatchingCost(10, 0).Remove(network), ms => Assert.True(ms > 0));
    }

    private static ProfiledNetwork Watched(ProfiledNetwork network, double pace)
    {
        double[] kernels = [.. network.WatchedMs.Select(ms => ms * pace + PerKernel)];
        return new ProfiledNetwork(network.Macs, network.WatchedMs.Sum() + PerRun, network.Kernels, [.. kernels], network.Yardsticks, network.Seconds);
    }
}
