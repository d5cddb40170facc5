using System.CommandLine;
using ZenNas.Torch;

namespace ZenNas.Cli.Input;

/// <summary>The options of a measured score, the same in every command that measures.</summary>
internal sealed class MeasuringOptions
{
    private readonly Option<string?> _convention = Options.Choice(
        "--convention", "What the measured score sums up: Algorithm 1 as printed, or what the released program does. [default: paper]", "paper", "released-code");

    private readonly Option<int?> _batch = Options.Integer("--batch", "Images N per measurement. [default: 16]", 1, MeasurementOptions.MaxBatchSize);
    private readonly Option<double?> _alpha = Options.Real("--alpha", "Size α of the perturbation. [default: 0.01]", 0, 1);
    private readonly Option<string?> _precision = Options.Choice("--precision", "Number format of measurements. [default: fp32]", "fp32", "bf16");
    private readonly Option<string?> _device = Options.Device();
    private readonly Option<int?> _threads = Options.Integer("--threads", "Measurements that run at the same time; doesn't change the result. [default: all cores]", 1, 1024);
    private readonly Option<ulong?> _seed = Options.Seed();

    public void AddTo(Command command, bool withConvention = true)
    {
        if (withConvention)
        {
            command.Add(_convention);
        }

        command.Add(_batch);
        command.Add(_alpha);
        command.Add(_precision);
        command.Add(_device);
        command.Add(_threads);
        command.Add(_seed);
    }

    public MeasurementOptions Read(ParseResult parsed)
    {
        var standard = new MeasurementOptions();
        return new MeasurementOptions
        {
            BatchSize = parsed.GetValue(_batch) ?? standard.BatchSize,
            Alpha = parsed.GetValue(_alpha) ?? standard.Alpha,
            Convention = parsed.GetValue(_convention) == "released-code" ? Convention.ReleasedCode : Convention.Paper,
            Precision = ParsePrecision(parsed.GetValue(_precision)),
            Device = parsed.GetValue(_device) ?? standard.Device,
        };
    }

    public static Precision ParsePrecision(string? name) => name == "bf16" ? Precision.Bf16 : Precision.Fp32;

    public ulong Seed(ParseResult parsed) => parsed.GetValue(_seed) ?? 0;

    public int Threads(ParseResult parsed) => parsed.GetValue(_threads) ?? Environment.ProcessorCount;

    /// <summary>Whether the user gave any of them but the number of threads.</summary>
    public bool AnyGiven(ParseResult parsed) =>
        new Option[] { _batch, _alpha, _precision, _device, _seed }.Any(option => parsed.GetResult(option) is { Implicit: false });
}
