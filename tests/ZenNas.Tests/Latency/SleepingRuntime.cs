using ZenNas.Architectures;
using ZenNas.Latency;

namespace ZenNas.Tests.Latency;

/// <summary>A runtime whose networks sleep for a list of times, the last one again and again.</summary>
internal sealed class SleepingRuntime(params int[] ms) : ILatencyRuntime
{
    public LatencyConditions Conditions => SyntheticDevice.Conditions;

    /// <summary>Networks that were loaded.</summary>
    public int Loaded { get; private set; }

    public ILoadedNetwork Load(Network network)
    {
        Loaded++;
        return new SleepingNetwork(ms) { Layers = network.Layers.Length };
    }
}

/// <summary>Sleeps for a list of times, the last one again and again.</summary>
internal sealed class SleepingNetwork(params int[] ms) : ILoadedNetwork
{
    public int Runs { get; private set; }

    public int Layers { get; init; }

    public void Run() => Thread.Sleep(ms[Math.Min(Runs++, ms.Length - 1)]);

    public double[] LayerMs(int runs, CancellationToken cancellation) => [.. Enumerable.Repeat(0.01, Layers)];

    public void Dispose()
    {
        // Holds nothing.
    }
}
