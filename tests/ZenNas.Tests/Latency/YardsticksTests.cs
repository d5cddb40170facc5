using ZenNas.Latency;

namespace ZenNas.Tests.Latency;

/// <summary>Visits to networks that sleep for as long as they are told.</summary>
public sealed class YardsticksTests
{
    private static readonly LatencyProtocol OneRun = new() { Visits = 1, WarmUpRuns = 0, WarmUpSeconds = 0, LeastRuns = 1, MostRuns = 1 };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Should_count_the_fastest_of_three_visits_and_keep_all()
    {
        using var yardsticks = new Yardsticks(new SleepingRuntime(2), SyntheticDevice.Sampler(1));
        var network = new SleepingNetwork(60, 5, 30);

        var measured = yardsticks.Measure(network, OneRun, typical: null, Token);

        Assert.Equal(3, network.Runs);
        Assert.InRange(measured.Network.MedianMs, 5, 29);
        Assert.InRange(measured.MedianVisitMs, 30, 59);
        Assert.Equal(3, measured.VisitsMs.Length);
        Assert.True(measured.VisitsMs[0] >= 60);
    }

    [Theory]
    [InlineData(1, 6)]
    [InlineData(60, 3)]
    public void Should_visit_again_only_where_the_machine_is_slower_than_typically(double typicalMs, int visits)
    {
        using var yardsticks = new Yardsticks(new SleepingRuntime(2), SyntheticDevice.Sampler(1));
        var network = new SleepingNetwork(1);

        yardsticks.Measure(network, OneRun, new YardstickTimes([.. Enumerable.Repeat(typicalMs, YardstickTimes.Count)]), Token);

        Assert.Equal(visits, network.Runs);
    }

    /// <summary>All yardsticks are slow at first; three visits may do, once one of each was fast.</summary>
    [Fact]
    public void Should_count_each_yardsticks_fastest_visit()
    {
        using var yardsticks = new Yardsticks(new SleepingRuntime([.. Enumerable.Repeat(30, 6), 3]), SyntheticDevice.Sampler(1));
        var network = new SleepingNetwork(1);

        var measured = yardsticks.Measure(network, OneRun, new YardstickTimes([.. Enumerable.Repeat(4.0, YardstickTimes.Count)]), Token);

        Assert.All(measured.Yardsticks.Ms, ms => Assert.InRange(ms, 3, 25));
        Assert.InRange(network.Runs, 3, 5);
    }
}
