using ZenNas.Json;

namespace ZenNas.Latency;

/// <summary>What a runtime's threads do between two kernels.</summary>
public enum ThreadWaiting : byte
{
    /// <summary>They sleep until there is work, which costs some microseconds a kernel.</summary>
    Sleep,

    /// <summary>They look for work without a pause: fastest, but virtual machines may take the processor from a thread that does, and then a network takes up to twice as long.</summary>
    Spin,
}

/// <summary>Names of <see cref="ThreadWaiting"/>.</summary>
public static class ThreadWaitingNames
{
    private static readonly EnumNames<ThreadWaiting> Names = new((ThreadWaiting.Sleep, "sleep"), (ThreadWaiting.Spin, "spin"));

    /// <summary>All names.</summary>
    public static IReadOnlyList<string> All => Names.All;

    /// <summary>Name of a way to wait.</summary>
    public static string Of(ThreadWaiting waiting) => Names.Of(waiting);

    /// <summary>The way of one of <see cref="All"/>.</summary>
    public static ThreadWaiting Parse(string name) => Names.Parse(name);
}
