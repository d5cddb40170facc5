using System.Collections.Immutable;
using System.CommandLine;
using ZenNas.Scores;

namespace ZenNas.Cli.Input;

/// <summary>The options of a measured score, the same in every command that measures.</summary>
internal sealed class MeasuringOptions
{
    private readonly Option<string?> _convention = Options.Choice(
        "--convention", "What the measured score sums up: Algorithm 1 as printed, or what the released program does. [default: paper]", [.. ScoreSettingNames.Conventions]);

    private readonly Option<int?> _batch = Options.Integer("--batch", "Images N per measurement. [default: 16]", 1, ScoreSettings.MaxBatchSize);
    private readonly Option<double?> _alpha = Options.Real("--alpha", "Size α of the perturbation. [default: 0.01]", 0, 1);
    private readonly Option<string?> _precision = Options.Choice("--precision", "Number format of the measured Zen-Score and the Φ-score. [default: fp32]", [.. ScoreSettingNames.Precisions]);
    private readonly Option<ImmutableArray<double>?> _entropyWeights = Options.Reals(
        "--entropy-weights", "Weights of the entropy score's stages, the last for the last stage; DeepMAD uses 1,1,1,1,8. [default: 1]", EntropySettings.MostStages);

    private readonly Option<bool> _entropyTimesOutput = new("--entropy-times-output")
    {
        Description = "Multiply each stage's entropy by ln(r²·c) of its output, as DeepMAD does.",
    };

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
        command.Add(_entropyWeights);
        command.Add(_entropyTimesOutput);
        command.Add(_device);
        command.Add(_threads);
        command.Add(_seed);
    }

    /// <exception cref="InvalidInputException">A value is out of range.</exception>
    public ScoreSettings Read(ParseResult parsed)
    {
        var standard = new ScoreSettings();
        return new ScoreSettings
        {
            BatchSize = parsed.GetValue(_batch) ?? standard.BatchSize,
            Alpha = parsed.GetValue(_alpha) ?? standard.Alpha,
            Convention = parsed.GetValue(_convention) is { } convention ? ScoreSettingNames.ParseConvention(convention) : standard.Convention,
            Precision = parsed.GetValue(_precision) is { } precision ? ScoreSettingNames.ParsePrecision(precision) : standard.Precision,
            Device = parsed.GetValue(_device) ?? standard.Device,
            Entropy = new EntropySettings
            {
                StageWeights = parsed.GetValue(_entropyWeights) ?? standard.Entropy.StageWeights,
                TimesOutputSize = parsed.GetValue(_entropyTimesOutput),
            },
        }.Checked();
    }

    public ulong Seed(ParseResult parsed) => parsed.GetValue(_seed) ?? 0;

    public int Threads(ParseResult parsed, int? otherwise = null) => parsed.GetValue(_threads) ?? otherwise ?? Environment.ProcessorCount;

    /// <summary>Whether the user gave any of them but the number of threads.</summary>
    public bool AnyGiven(ParseResult parsed) =>
        new Option[] { _batch, _alpha, _precision, _entropyWeights, _entropyTimesOutput, _device, _seed }.Any(option => parsed.GetResult(option) is { Implicit: false });
}
