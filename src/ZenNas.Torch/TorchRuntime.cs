using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace ZenNas.Torch;

/// <summary>
/// Loads libtorch and sets up memory allocation; has to run before the first use of TorchSharp in a process. Every public type of this
/// project does it; code that uses TorchSharp directly calls <see cref="Initialize"/>.
/// </summary>
public static class TorchRuntime
{
    private static readonly Lazy<bool> Loaded = new(Load);

    /// <summary>Loads libtorch once; later calls do nothing. Safe for concurrent use.</summary>
    /// <exception cref="DllNotFoundException">libtorch isn't there or can't be loaded.</exception>
    public static void Initialize() => _ = Loaded.Value;

    private static bool Load()
    {
        AllocatorTuning.KeepLargeBlocks();
        if (OperatingSystem.IsLinux())
        {
            LoadBridge();
            var library = Find("libtorch_cpu.so");
            var context = new LibtorchContext(library);
            context.TurnOffNnpack();
            OneDnnCaches.Repair(library, context);
        }

        // Scores run one repeat per thread, so that results don't depend on the number of threads.
        TorchSharp.torch.set_num_threads(1);
        return true;
    }

    /// <summary>
    /// Loads libtorch and TorchSharp's bridge by path, so that TorchSharp's own look-up by name finds them. Where the bridge asks for a
    /// newer libstdc++ than the system has, a relaxed copy takes its place.
    /// </summary>
    [SupportedOSPlatform("linux")]
    private static void LoadBridge()
    {
        NativeLibrary.Load(Find("libtorch.so"));
        var bridge = Find("libLibTorchSharp.so");
        try
        {
            NativeLibrary.Load(bridge);
        }
        catch (DllNotFoundException e) when (e.Message.Contains(RelaxedBridge.Version, StringComparison.Ordinal))
        {
            NativeLibrary.Load(RelaxedBridge.CopyOf(bridge));
        }
    }

    private static string Find(string file)
    {
        var folders = (AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Append(AppContext.BaseDirectory)
            .Append(Path.Combine(AppContext.BaseDirectory, "runtimes", RuntimeInformation.RuntimeIdentifier, "native"));
        return folders.Select(folder => Path.Combine(folder, file)).FirstOrDefault(File.Exists)
            ?? throw new DllNotFoundException($"{file} is not in {AppContext.BaseDirectory}; the package libtorch-cpu for this system brings it");
    }
}
