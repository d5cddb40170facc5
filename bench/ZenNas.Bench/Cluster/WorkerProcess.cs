using System.Diagnostics;
using ZenNas.Bench.Commands;

namespace ZenNas.Bench.Cluster;

/// <summary>This program as a worker, in a process of its own.</summary>
internal sealed class WorkerProcess : IDisposable
{
    private readonly Process _process;

    public WorkerProcess(string url, double waitMs, long steps)
    {
        string[] arguments = [ClusterWorkerCommand.Name, "--nats", url, "--wait", $"{waitMs:R}", "--steps", $"{steps}"];
        var start = new ProcessStartInfo(Environment.ProcessPath!, arguments) { RedirectStandardError = true };
        _process = Process.Start(start)!;
        _process.ErrorDataReceived += (_, _) => { };
        _process.BeginErrorReadLine();
    }

    /// <summary>Whether it is gone.</summary>
    public bool HasEnded => _process.HasExited;

    /// <summary>Processor time so far.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }
}
