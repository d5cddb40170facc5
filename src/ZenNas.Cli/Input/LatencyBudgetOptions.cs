using System.CommandLine;
using ZenNas.Latency;
using ZenNas.Runs;

namespace ZenNas.Cli.Input;

/// <summary>The options of a search that limit latency.</summary>
internal sealed class LatencyBudgetOptions
{
    private const string MeasuredSource = "measured";
    private const string ProfileSource = "profile";

    /// <summary>Largest limit in milliseconds.</summary>
    public const double MostMs = 1e9;

    private readonly Option<double?> _maxLatency = Options.Milliseconds("--max-latency", "Longest latency of a batch, for example 5ms; needs --latency-profile or --latency measured.", MostMs);
    private readonly Option<string?> _profile = Options.Text("--latency-profile", "Profile of the device to search for, from 'zennas latency profile'.", "FILE");
    private readonly Option<string?> _source = Options.Choice(
        "--latency", "Whether latencies are predicted from the profile, or every network is measured here, which is slow and not repeatable. [default: profile]", ProfileSource, MeasuredSource);

    private readonly Option<string?> _runtime = Options.Choice("--latency-runtime", "What runs networks with --latency measured. [default: onnxruntime]", [.. RuntimeOptions.Names]);
    private readonly Option<int?> _threads = Options.Integer("--latency-threads", "Threads of the runtime with --latency measured. [default: all cores]", 1, RuntimeOptions.MostThreads);

    private readonly Option<string?> _waiting = RuntimeOptions.WaitingOption("--latency-waiting");

    public IEnumerable<Option> All => [_maxLatency, _profile, _source, _runtime, _threads, _waiting];

    /// <summary>What the options say, or null where there is no limit on latency.</summary>
    /// <exception cref="InvalidInputException">The options don't fit together, or the profile isn't for this search.</exception>
    public LatencyOptions? Read(ParseResult parsed, string space, int resolution)
    {
        if (parsed.GetValue(_maxLatency) is not { } maxMs)
        {
            var needless = All.FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false });
            return needless is null ? null : throw new InvalidInputException($"{needless.Name} is given without --max-latency; allowed are both or none");
        }

        var isMeasured = parsed.GetValue(_source) == MeasuredSource;
        var file = parsed.GetValue(_profile);
        if (isMeasured == (file is not null))
        {
            throw new InvalidInputException(isMeasured
                ? "--latency is measured and --latency-profile is given; allowed is one of them"
                : "--max-latency is given without --latency-profile; allowed is a profile from 'zennas latency profile', or --latency measured");
        }

        if (file is null)
        {
            var runtime = RuntimeOptions.Create(parsed.GetValue(_runtime), parsed.GetValue(_threads), parsed.GetValue(_waiting));
            return LatencyOptions.Measured(maxMs, runtime.Conditions, new MeasuredLatency(runtime));
        }

        if (new Option[] { _runtime, _threads, _waiting }.FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false }) is { } extra)
        {
            throw new InvalidInputException($"{extra.Name} is given with --latency-profile; allowed is --latency measured, the profile has conditions of its own");
        }

        return Predicted(file, maxMs, space, resolution);
    }

    /// <summary>The same where the limit is varied, which then takes the place of --max-latency.</summary>
    /// <exception cref="InvalidInputException">There is no profile, another option is given, or the profile isn't for this search.</exception>
    public LatencyOptions ReadVaried(ParseResult parsed, string space, int resolution, double maxMs) =>
        All.FirstOrDefault(option => option != _profile && parsed.GetResult(option) is { Implicit: false }) is { } extra
            ? throw new InvalidInputException($"{extra.Name} is given while max-latency is varied; allowed is --latency-profile alone")
            : Predicted(
                parsed.GetValue(_profile) ?? throw new InvalidInputException("max-latency is varied without --latency-profile; allowed is a profile from 'zennas latency profile'"),
                maxMs, space, resolution);

    /// <summary>Measures latencies on this machine under the conditions of a run.</summary>
    public static ILatencySource Measure(LatencyConditions conditions) => new MeasuredLatency(RuntimeOptions.Create(conditions));

    private static LatencyOptions Predicted(string file, double maxMs, string space, int resolution)
    {
        var text = ProfileArgument.ReadText(file);
        var profile = ProfileArgument.Parse(file, text);
        return (profile.Scope.Space, profile.Scope.Resolution) == (space, resolution)
            ? LatencyOptions.Predicted(maxMs, text, profile)
            : throw new InvalidInputException(
                $"--latency-profile '{Quantity.Shown(file)}' is of space '{Quantity.Shown(profile.Scope.Space)}' at {profile.Scope.Resolution} pixels; "
                + $"allowed here is one of space '{Quantity.Shown(space)}' at {resolution} pixels");
    }
}
