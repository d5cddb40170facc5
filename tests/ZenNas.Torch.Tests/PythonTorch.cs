using System.Diagnostics;

namespace ZenNas.Torch.Tests;

/// <summary>PyTorch of the system, which tests compare with where it is there.</summary>
internal static class PythonTorch
{
    public const string Python = "/usr/bin/python3";

    private static readonly Lazy<bool> Found = new(Find);

    public static void SkipWithout() => Assert.SkipUnless(Found.Value, $"needs Debian's python3-torch for {Python}");

    private static bool Find()
    {
        if (!File.Exists(Python))
        {
            return false;
        }

        using var process = Process.Start(new ProcessStartInfo(Python, ["-c", "import torch"]) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
