using System.Runtime.InteropServices;

namespace ZenNas.Torch;

/// <summary>
/// glibc returns every large tensor to the kernel, and page faults then dominate: convolutions get several times slower. With these
/// settings memory stays with the process, in the main arena, on huge pages where the system gives them.
/// </summary>
internal static partial class AllocatorTuning
{
    private const int TrimThreshold = -1;
    private const int TopPad = -2;
    private const int MmapThreshold = -3;
    private const int ArenaMax = -8;
    private const int AdviseHugePages = 14;
    // The runtime's own threads take some.
    private const int ArenasBesides = 8;
    private const int MostArenas = 64;

    // Arenas but the main one consist of heaps at multiples of their size.
    private const int HeapBits = 26;
    private const nint ReservedBlock = 768 << 20;
    private const nint ProbeSize = 1 << 20;
    private const nint HugePage = 2 << 20;

    private static bool _isTuned;

    public static void KeepLargeBlocks()
    {
        if (!OperatingSystem.IsLinux() || !NativeLibrary.TryLoad("libc.so.6", out var libc)
            || !NativeLibrary.TryGetExport(libc, "mallopt", out _))
        {
            return;
        }

        _ = SetOption(MmapThreshold, 1 << 30);
        _ = SetOption(TrimThreshold, int.MaxValue);
        _ = SetOption(TopPad, 64 << 20);
        _ = SetOption(ArenaMax, Math.Min(MostArenas, ArenasBesides + 2 * Environment.ProcessorCount));
        _isTuned = true;
    }

    /// <summary>
    /// Whether the current thread allocates from the main arena. Others hold at most 64 MiB in a piece and give it back whatever the
    /// thresholds say. True where nothing was tuned.
    /// </summary>
    public static bool IsOnMainArena()
    {
        if (!_isTuned)
        {
            return true;
        }

        // The main arena grows by moving the break; all others are mapped far above it.
        return Heap() == 0;
    }

    /// <summary>
    /// Number of the heap that the current thread allocates from, 0 for the main arena; threads with different numbers don't wait for each other when they
    /// allocate. Where nothing was tuned, a number of the thread.
    /// </summary>
    public static nint Heap()
    {
        if (!_isTuned)
        {
            return Environment.CurrentManagedThreadId;
        }

        var probe = Allocate(ProbeSize);
        var heap = (nuint)probe < (nuint)MoveBreak(0) ? 0 : probe >> HeapBits;
        Free(probe);
        return heap;
    }

    /// <summary>
    /// Grows the main arena once by address space that asks for huge pages; memory is taken only when it is touched. Call it on a thread of
    /// the main arena.
    /// </summary>
    public static void ReserveHugePages()
    {
        if (!_isTuned)
        {
            return;
        }

        var block = Allocate(ReservedBlock);
        if (block != 0)
        {
            var aligned = (block + HugePage - 1) / HugePage * HugePage;
            _ = Advise(aligned, (nuint)(ReservedBlock - HugePage), AdviseHugePages);
            Free(block);
        }
    }

    [LibraryImport("libc.so.6", EntryPoint = "mallopt")]
    private static partial int SetOption(int option, int value);

    [LibraryImport("libc.so.6", EntryPoint = "malloc")]
    private static partial nint Allocate(nint size);

    [LibraryImport("libc.so.6", EntryPoint = "free")]
    private static partial void Free(nint block);

    [LibraryImport("libc.so.6", EntryPoint = "sbrk")]
    private static partial nint MoveBreak(nint increment);

    [LibraryImport("libc.so.6", EntryPoint = "madvise")]
    private static partial int Advise(nint start, nuint length, int advice);
}
