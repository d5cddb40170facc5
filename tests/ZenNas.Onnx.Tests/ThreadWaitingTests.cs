using ZenNas.Architectures;
using ZenNas.Latency;
using ZenNas.Onnx.Latency;

namespace ZenNas.Onnx.Tests;

/// <summary>Counts the processor time of the whole process, so nothing else may run in it.</summary>
[Collection(Alone)]
[CollectionDefinition(Alone, DisableParallelization = true)]
public sealed class ThreadWaitingTests
{
    private const string Alone = "alone";

    /// <summary>A thread that spins after a run takes processor time while nothing is asked of it.</summary>
    [Fact]
    public void Should_spin_or_sleep_as_asked()
    {
        Assert.SkipUnless(Environment.ProcessorCount > 1, "needs two cores");
        var (spinning, sleeping) = (IdleTime(ThreadWaiting.Spin), IdleTime(ThreadWaiting.Sleep));

        Assert.True(spinning > 2 * sleeping, $"spinning took {spinning} of processor time, sleeping {sleeping}");
    }

    /// <summary>Processor time of the process for thirty short runs with pauses between them.</summary>
    private static TimeSpan IdleTime(ThreadWaiting waiting)
    {
        var network = Network.Lower(StructureString.Parse("SuperConvK3BNRELU(3,16,1,1)SuperResK3K3(16,16,1,16,1)", 16, 10));
        using var loaded = new OnnxRuntimeRuntime(batchSize: 1, threads: 2, waiting).Load(network);
        loaded.Run();
        var before = Environment.CpuUsage.TotalTime;
        for (var i = 0; i < 30; i++)
        {
            loaded.Run();
            Thread.Sleep(15);
        }

        return Environment.CpuUsage.TotalTime - before;
    }
}
