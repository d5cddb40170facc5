using ZenNas.Latency;
using ZenNas.Spaces;

namespace ZenNas.Tests.Latency;

public sealed class LatencyProfilerTests : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"profile-{Guid.NewGuid()}");

    public void Dispose() => File.Delete(_path);

    /// <summary>Beside the yardsticks, which are measured for as long as anything is.</summary>
    [Fact]
    public void Should_measure_nothing_again_that_a_journal_has()
    {
        const int Fewest = 8;
        var interrupted = new SleepingRuntime(1);
        using (var stop = new CancellationTokenSource())
        using (var journal = Open())
        {
            Assert.Throws<OperationCanceledException>(() => Profiler(interrupted).Run(
                journal, 0,
                p =>
                {
                    if (p.Networks == 3)
                    {
                        stop.Cancel();
                    }
                },
                stop.Token));
        }

        var written = File.ReadAllText(_path);
        var resumed = new SleepingRuntime(1);
        using (var journal = Open())
        {
            Assert.Equal(3, journal.Networks.Count);
            Assert.Equal(Fewest, Profiler(resumed).Run(journal, 0, progress: null, TestContext.Current.CancellationToken).Networks.Length);
        }

        Assert.Equal(YardstickTimes.Count + Fewest - 3, resumed.Loaded);
        Assert.StartsWith(written, File.ReadAllText(_path), StringComparison.Ordinal);
    }

    private static LatencyProfiler Profiler(ILatencyRuntime runtime) => new(runtime, SearchSpaceJson.Builtin("residual")!, SyntheticDevice.Scope);

    private ProfileJournal Open() => ProfileJournal.Open(_path, Machine.Current, SyntheticDevice.Conditions, SyntheticDevice.Scope);
}
