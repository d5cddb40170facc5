using System.Diagnostics;
using ZenNas.Architectures;
using ZenNas.Scores;

namespace ZenNas.Bench.Measuring;

/// <summary>How PyTorch is run.</summary>
/// <param name="Processes">Processes that each score the network once at the same time.</param>
/// <param name="Threads">Threads of each.</param>
/// <param name="ChannelsLast">Memory format.</param>
/// <param name="Precision">Number format.</param>
internal sealed record PyTorchSetting(int Processes, int Threads, bool ChannelsLast, Precision Precision)
{
    public string Name =>
        $"PyTorch {Processes} process{(Processes == 1 ? "" : "es")} × {Threads} thread{(Threads == 1 ? "" : "s")}, "
        + $"{(ChannelsLast ? "channels-last" : "NCHW")}, {Precision.ToString().ToLowerInvariant()}";

    public IEnumerable<string> Arguments =>
    [
        "--threads", $"{Threads}",
        .. ChannelsLast ? ["--channels-last"] : Array.Empty<string>(),
        .. Precision == Precision.Bf16 ? ["--bf16"] : Array.Empty<string>(),
    ];

    /// <summary>One process on all threads, or one process a thread; both memory formats in fp32, channels-last (always faster) in bf16.</summary>
    public static IEnumerable<PyTorchSetting> All(int threads)
    {
        bool[] memoryFormats = [false, true];
        int[] processCounts = threads == 1 ? [1] : [1, threads];
        return from precision in Enum.GetValues<Precision>()
               from processes in processCounts
               from channelsLast in memoryFormats
               where channelsLast || precision == Precision.Fp32
               select new PyTorchSetting(processes, threads / processes, channelsLast, precision);
    }
}

/// <summary>Measured scores by processes of PyTorch, which start once.</summary>
internal sealed class PyTorchSide(PyTorchSetting setting, int batch, string python) : ITimedSide
{
    private readonly PyTorchProcess[] _processes =
        [.. Enumerable.Range(0, setting.Processes).Select(_ => new PyTorchProcess(python, setting.Arguments))];

    public string Name => setting.Name;

    public Precision Precision => setting.Precision;

    /// <summary>Waits until all processes are ready and returns the version of torch.</summary>
    public string WaitUntilReady() => _processes.Select(p => p.WaitUntilReady()).ToArray()[0];

    public TimedScore Run(string structure, Architecture network)
    {
        var time = Stopwatch.StartNew();
        foreach (var process in _processes)
        {
            process.Ask(network.Resolution, batch, structure);
        }

        var sum = _processes.Sum(p => p.Answer());
        return new TimedScore(time.Elapsed.TotalSeconds / _processes.Length, sum / _processes.Length);
    }

    public void Dispose()
    {
        foreach (var process in _processes)
        {
            process.Dispose();
        }
    }
}
