using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace ZenNas.Cli.Tests;

/// <summary>Starts the real program, which the build puts beside this assembly.</summary>
internal static class ZenNasProgram
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private static readonly string Library = Path.Combine(AppContext.BaseDirectory, "ZenNas.Cli.dll");

    // …/dotnet/shared/Microsoft.NETCore.App/10.0.0/
    private static readonly string Host = Path.GetFullPath(Path.Combine(
        RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet"));

    public static Task<Outcome> Run(string folder, params string[] arguments) => Complete(Start(folder, arguments));

    public static Process Start(string folder, params string[] arguments)
    {
        Assert.True(File.Exists(Library), $"{Library} is missing");
        var start = new ProcessStartInfo(Host, [Library, .. arguments])
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        var process = Process.Start(start)!;
        process.StandardInput.Close();
        return process;
    }

    /// <summary>Waits for the end and disposes the process; one that doesn't end is killed.</summary>
    public static async Task<Outcome> Complete(Process started, TimeSpan? patience = null)
    {
        using var process = started;
        var watch = Stopwatch.StartNew();
        using var ended = new CancellationTokenSource(patience ?? Patience);
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        var peak = WatchMemory(process);
        try
        {
            await process.WaitForExitAsync(ended.Token);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }

        return new Outcome(process.ExitCode, await output, await error, watch.Elapsed, await peak);
    }

    /// <summary>Reads the kernel's record of the most memory ever held until the process is gone.</summary>
    private static async Task<long> WatchMemory(Process process)
    {
        var status = $"/proc/{process.Id}/status";
        long peak = 0;
        while (!process.HasExited)
        {
            try
            {
                var line = File.Exists(status) ? File.ReadLines(status).FirstOrDefault(l => l.StartsWith("VmHWM:", StringComparison.Ordinal)) : null;
                peak = line is null ? peak : 1024 * long.Parse(line[6..^2], CultureInfo.InvariantCulture);
            }
            catch (IOException)
            {
                // It ended while its record was read.
            }

            await Task.Delay(10);
        }

        return peak;
    }
}
