using ZenNas.Architectures;
using ZenNas.Latency;

namespace ZenNas.Tests.Latency;

public sealed class LatencyMeasurementTests
{
    private static Network Smallest { get; } = Network.Lower(StructureString.Parse("SuperConvK3BNRELU(3,8,1,1)", 8, 10));

    [Fact]
    public void Should_sum_up_runs()
    {
        var measured = new LatencyMeasurement(SyntheticDevice.Conditions with { BatchSize = 4 }, [.. Enumerable.Range(1, 101).Select(i => (double)i)]);

        Assert.Equal((51, 12.75, 51), (measured.MedianMs, measured.MedianMsPerImage, measured.TrimmedMeanMs));
        Assert.Equal((26, 76), measured.Quartiles);

        // Binomial(101, 1/2): ranks 41 and 61 (from 1) cover the median with 95.4 %.
        Assert.Equal((41.0, 61.0), measured.MedianInterval);
    }

    /// <summary>The interval of the median covers the true one in about 95 of 100 cases.</summary>
    [Fact]
    public void Should_cover_the_median()
    {
        var random = new Random(4);
        var covered = Enumerable.Range(0, 1000).Count(_ =>
        {
            var measured = new LatencyMeasurement(SyntheticDevice.Conditions, [.. Enumerable.Range(0, 30).Select(_ => random.NextDouble()).Order()]);
            return measured.MedianInterval is var (low, high) && low <= 0.5 && high >= 0.5;
        });

        Assert.InRange(covered, 930, 995);
    }

    [Fact]
    public void Should_end_after_as_many_runs_as_the_paper()
    {
        var runs = 0;
        var measured = LatencyMeasurement.Visit(SyntheticDevice.Conditions, () => runs++, LatencyProtocol.Paper with { WarmUpSeconds = 0 }, cancellation: TestContext.Current.CancellationToken);

        Assert.Equal(30, measured.SortedMs.Length);
        Assert.Equal(33, runs);
    }

    [Fact]
    public void Should_count_the_fastest_visit_and_keep_the_medians_of_the_others()
    {
        var runtime = new SleepingInTurn(40, 2, 20);
        var measured = LatencyMeasurement.Of(
            runtime, Smallest, new LatencyProtocol { Visits = 3, WarmUpRuns = 0, WarmUpSeconds = 0, LeastRuns = 1, MostRuns = 1 }, cancellation: TestContext.Current.CancellationToken);

        Assert.Equal(3, runtime.Loaded);
        Assert.InRange(measured.MedianMs, 2, 19);
        Assert.Equal(2, measured.OtherVisitsMs.Length);
        Assert.InRange(measured.OtherVisitsMs[0], 20, 39);
        Assert.True(measured.OtherVisitsMs[1] >= 40);
    }

    /// <summary>The time limit is for all visits.</summary>
    [Fact]
    public void Should_visit_no_further_when_the_time_is_up()
    {
        var runtime = new SleepingInTurn(30);
        LatencyMeasurement.Of(
            runtime, Smallest, new LatencyProtocol { WarmUpRuns = 0, WarmUpSeconds = 0, LeastRuns = 2, RelativeError = 0, MostSeconds = 0.01 }, cancellation: TestContext.Current.CancellationToken);

        Assert.Equal(1, runtime.Loaded);
    }

    [Fact]
    public void Should_end_when_the_median_is_known()
    {
        var measured = LatencyMeasurement.Visit(
            SyntheticDevice.Conditions, () => Thread.SpinWait(20_000), new LatencyProtocol { Visits = 1, RelativeError = 0.2, WarmUpSeconds = 0.01 }, cancellation: TestContext.Current.CancellationToken);

        Assert.InRange((measured.MedianInterval.High - measured.MedianInterval.Low) / 2 / measured.MedianMs, 0, 0.2);
    }

    /// <summary>Each network that it loads takes the next time of a list.</summary>
    private sealed class SleepingInTurn(params int[] ms) : ILatencyRuntime
    {
        public LatencyConditions Conditions => SyntheticDevice.Conditions;

        public int Loaded { get; private set; }

        public ILoadedNetwork Load(Network network) => new SleepingNetwork(ms[Math.Min(Loaded++, ms.Length - 1)]);
    }
}
