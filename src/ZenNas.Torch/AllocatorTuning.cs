using System.Runtime.InteropServices;

namespace ZenNas.Torch;

/// <summary>
/// glibc returns every large tensor to the kernel, and page faults then dominate: convolutions get several times slower. With these
/// thresholds memory stays with the process.
/// </summary>
internal static partial class AllocatorTuning
{
    private const int TrimThreshold = -1;
    private const int TopPad = -2;
    private const int MmapThreshold = -3;
    private const int ArenaMax = -8;

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
        // Arenas of other threads than the first give memory back whatever the thresholds say.
        _ = SetOption(ArenaMax, 1);
    }

    [LibraryImport("libc.so.6", EntryPoint = "mallopt")]
    private static partial int SetOption(int option, int value);
}
