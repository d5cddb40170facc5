using System.CommandLine;
using ZenNas.Cluster.Messages;
using ZenNas.Latency;
using ZenNas.Onnx.Latency;
using ZenNas.Scores;
using ZenNas.Torch;

namespace ZenNas.Cli.Input;

/// <summary>The options that say where and how a latency is measured.</summary>
internal sealed class RuntimeOptions
{
    public const int MostThreads = 1024;
    private const string ThisDevice = "here";
    private static readonly string[] Runtimes = [OnnxRuntimeRuntime.Name, TorchLatencyRuntime.Name];

    private readonly Option<string?> _runtime = Options.Choice("--runtime", "What runs the network. [default: onnxruntime]", Runtimes);
    private readonly Option<int?> _batch = Options.Integer("--batch", "Images in a batch. [default: 1]", 1, ScoreSettings.MaxBatchSize);
    private readonly Option<int?> _threads = Options.Integer("--threads", "Threads of the runtime. [default: all cores]", 1, MostThreads);
    private readonly Option<string?> _precision = Options.Choice("--precision", "Number format; bf16 needs --runtime torch. [default: fp32]", [.. ScoreSettingNames.Precisions]);
    private readonly Option<string?> _device = Options.Device();
    private readonly Option<string?> _waiting = WaitingOption("--waiting");

    /// <summary>Names of the runtimes, the default first.</summary>
    public static IReadOnlyList<string> Names => Runtimes;

    /// <summary>The option that says what threads do between two kernels.</summary>
    public static Option<string?> WaitingOption(string name) => Options.Choice(
        name, "What threads of onnxruntime do between kernels: sleep, or spin, which is faster and ONNX Runtime's own default, but makes times jump on virtual machines. [default: sleep]",
        [.. ThreadWaitingNames.All]);

    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { _runtime, _batch, _threads, _precision, _device, _waiting })
        {
            command.Add(option);
        }
    }

    /// <exception cref="InvalidInputException">The runtime can't do what was asked for.</exception>
    public ILatencyRuntime Create(ParseResult parsed, int defaultBatch = 1) => Create(Request(parsed, ThisDevice, defaultBatch));

    /// <summary>What to ask a worker of a device class for.</summary>
    public DeviceRequest Request(ParseResult parsed, string deviceClass, int defaultBatch = 1) => new(
        deviceClass, parsed.GetValue(_runtime) ?? Runtimes[0], parsed.GetValue(_batch) ?? defaultBatch, parsed.GetValue(_threads),
        parsed.GetValue(_precision) is { } precision ? ScoreSettingNames.ParsePrecision(precision) : Precision.Fp32,
        parsed.GetValue(_device) ?? new ScoreSettings().Device, ParseWaiting(parsed.GetValue(_waiting)));

    /// <summary>The runtime of a profile or run, on this machine.</summary>
    /// <exception cref="InvalidInputException">There is no such runtime or device here.</exception>
    public static ILatencyRuntime Create(LatencyConditions conditions) =>
        Create(conditions.Runtime, conditions.BatchSize, conditions.Threads, conditions.Precision, conditions.Device, conditions.Waiting);

    /// <summary>The runtime that a worker was asked for, on this machine.</summary>
    /// <exception cref="InvalidInputException">There is no such runtime or device here.</exception>
    public static ILatencyRuntime Create(DeviceRequest request) =>
        Create(request.Runtime, request.Batch, request.Threads ?? Environment.ProcessorCount, request.Precision, request.Device, request.Waiting);

    /// <summary>A runtime with one image a batch, in single precision, on the processor.</summary>
    /// <exception cref="InvalidInputException">The runtime has no such way to wait.</exception>
    public static ILatencyRuntime Create(string? runtime, int? threads, string? waiting) =>
        Create(runtime ?? Runtimes[0], 1, threads ?? Environment.ProcessorCount, Precision.Fp32, new ScoreSettings().Device, ParseWaiting(waiting));

    private static ThreadWaiting? ParseWaiting(string? name) => name is null ? null : ThreadWaitingNames.Parse(name);

    private static ILatencyRuntime Create(string runtime, int batch, int threads, Precision precision, string device, ThreadWaiting? waiting) => runtime switch
    {
        TorchLatencyRuntime.Name when waiting is { } given =>
            throw new InvalidInputException($"--waiting is {ThreadWaitingNames.Of(given)} with {TorchLatencyRuntime.Name}, which has no such choice; allowed is --runtime {OnnxRuntimeRuntime.Name}, or no --waiting"),
        TorchLatencyRuntime.Name => new TorchLatencyRuntime(batch, threads, precision, device),
        OnnxRuntimeRuntime.Name when precision != Precision.Fp32 =>
            throw new InvalidInputException($"--precision is {ScoreSettingNames.Of(precision)}; allowed with {OnnxRuntimeRuntime.Name} is fp32, or --runtime {TorchLatencyRuntime.Name}"),
        OnnxRuntimeRuntime.Name when device != new ScoreSettings().Device =>
            throw new InvalidInputException($"--device is {device}; allowed with {OnnxRuntimeRuntime.Name} is cpu"),
        OnnxRuntimeRuntime.Name => new OnnxRuntimeRuntime(batch, threads, waiting ?? ThreadWaiting.Sleep),
        _ => throw new InvalidInputException($"the runtime is '{Quantity.Shown(runtime)}'; allowed is one of {string.Join(", ", Runtimes)}"),
    };
}
