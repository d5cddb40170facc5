using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using ZenNas.Bench.Results;

namespace ZenNas.Bench.Measuring;

/// <summary>A process of bench/pytorch/zen_score.py that scores networks until it is disposed of.</summary>
internal sealed class PyTorchProcess : IDisposable
{
    private const string Ready = "ready torch ";

    // glibc returns every large tensor to the kernel otherwise, and page faults dominate.
    public const string Malloc =
        "glibc.malloc.mmap_threshold=1073741824:glibc.malloc.trim_threshold=4294967296:glibc.malloc.top_pad=67108864"
        + ":glibc.malloc.arena_max=1:glibc.malloc.hugetlb=1";

    private readonly Process _process;
    private readonly string _python;
    private volatile string? _lastError;

    public PyTorchProcess(string python, IEnumerable<string> arguments)
    {
        _python = python;
        var start = new ProcessStartInfo(python, [Repository.Path("bench", "pytorch", "zen_score.py"), .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["GLIBC_TUNABLES"] = Malloc },
        };
        try
        {
            _process = Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw new InvalidInputException($"python '{python}' can't be started; allowed is the path of a Python interpreter, given by --python", e);
        }

        _process.ErrorDataReceived += (_, line) => _lastError = string.IsNullOrWhiteSpace(line.Data) ? _lastError : line.Data;
        _process.BeginErrorReadLine();
    }

    /// <summary>Waits until the process is ready and returns the version of torch.</summary>
    /// <exception cref="InvalidInputException">It can't import torch.</exception>
    public string WaitUntilReady() =>
        _process.StandardOutput.ReadLine() is { } line && line.StartsWith(Ready, StringComparison.Ordinal)
            ? line[Ready.Length..]
            : throw new InvalidInputException(
                $"python '{_python}' can't run the PyTorch side ({Reason()}); allowed is an interpreter that imports torch, given by --python");

    public void Ask(int resolution, int batch, string structure)
    {
        try
        {
            _process.StandardInput.WriteLine($"{resolution} {batch} {structure}");
            _process.StandardInput.Flush();
        }
        catch (IOException e)
        {
            throw new InvalidInputException($"the PyTorch side ended ({Reason()})", e);
        }
    }

    /// <summary>Waits for the score of the network asked for.</summary>
    public double Answer() =>
        _process.StandardOutput.ReadLine() is { } line
            ? double.Parse(line.Split(' ')[0], CultureInfo.InvariantCulture)
            : throw new InvalidInputException($"the PyTorch side ended while scoring ({Reason()})");

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    private string Reason()
    {
        if (!_process.WaitForExit(TimeSpan.FromSeconds(5)))
        {
            return "its answer isn't that of zen_score.py";
        }

        // Only this overload waits for the last line of standard error, too.
        _process.WaitForExit();
        return _lastError ?? $"exit code {_process.ExitCode}";
    }
}
