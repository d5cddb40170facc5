using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using ZenNas.Architectures;
using ZenNas.Complexity;
using ZenNas.Json;
using ZenNas.Latency;
using ZenNas.Search;
using ZenNas.Spaces;

namespace ZenNas.Runs;

/// <summary>Everything that determines a run's result; written once to <c>run.json</c> in its folder.</summary>
public sealed record RunOptions
{
    /// <summary>Name of the options file.</summary>
    public const string FileName = "run.json";

    private const string Format = "zennas/run";
    private const int Version = 1;
    internal const int FileLimit = 4 * Limits.FileSize + 2 * LatencyProfileJson.FileLimit;
    private const long MostIterations = 1_000_000_000_000;
    private const int MostPopulation = 1_000_000;
    private const int MostVerified = 1_000_000;
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>Space, initial network, budget, preset, seed, population size.</summary>
    public required SearchSettings Settings { get; init; }

    /// <summary>Whether the initial network was given by a user, who will want to know what changed.</summary>
    public bool IsInitialGiven { get; init; }

    /// <summary>Text of the space file.</summary>
    public required string SpaceText { get; init; }

    /// <summary>How the best network is looked for.</summary>
    public SearchStrategy Strategy { get; init; }

    /// <summary>Steps to take; with <see cref="SearchStrategy.Optimal"/> the run ends when it has what it can find.</summary>
    public required long Iterations { get; init; }

    /// <summary>The score to maximise.</summary>
    public required ScoreOptions Score { get; init; }

    /// <summary>Limit on latency; the budget of <see cref="Settings"/> holds it too. Null where there is none.</summary>
    public LatencyOptions? Latency { get; init; }

    /// <summary>How many of the best networks are measured at the end.</summary>
    public required int Verify { get; init; }

    /// <summary>Command line that makes the same run again.</summary>
    public required string Command { get; init; }

    /// <summary>Version of the program that started the run.</summary>
    public required string ProgramVersion { get; init; }

    /// <summary>Writes the options.</summary>
    public string Write() => new JsonObject
    {
        ["format"] = Format,
        ["version"] = Version,
        ["programVersion"] = ProgramVersion,
        ["command"] = Command,
        ["strategy"] = SearchStrategyNames.Of(Strategy),
        ["iterations"] = Iterations,
        ["seed"] = Settings.Seed.ToString(CultureInfo.InvariantCulture),
        ["population"] = Settings.PopulationSize,
        ["preset"] = Settings.Preset,
        ["verify"] = Verify,
        ["score"] = Score.ToNode(),
        ["budget"] = new JsonObject
        {
            ["maxParameters"] = Settings.Budget.MaxParameters,
            ["maxMacs"] = Settings.Budget.MaxMacs,
            ["maxLayers"] = Settings.Budget.MaxLayers,
        },
        ["latency"] = Latency?.ToNode(),
        ["initialGiven"] = IsInitialGiven,
        ["initial"] = ArchitectureJson.ToNode(Settings.Initial),
        ["space"] = JsonNode.Parse(SpaceText),
    }.ToJsonString(Indented);

    /// <summary>Reads options that <see cref="Write"/> wrote.</summary>
    /// <param name="text">The text.</param>
    /// <param name="measuring">Makes a source that measures latencies on this machine; needed by runs that measure every network.</param>
    /// <exception cref="InvalidInputException">The text isn't a run file of this version, or describes a search that can't be.</exception>
    public static RunOptions Parse(string text, Func<LatencyConditions, ILatencySource>? measuring = null) =>
        StrictJson.Read(text, FileName, FileLimit, root => Read(root, measuring));

    private static RunOptions Read(JsonObjectReader root, Func<LatencyConditions, ILatencySource>? measuring)
    {
        StrictJson.CheckFormat(root, Format, Version);
        var latency = root.ObjectOrNull("latency", o => LatencyOptions.Read(o, measuring));
        var spaceText = "";
        var space = root.Object("space", (o, text) =>
        {
            spaceText = text;
            return SearchSpaceJson.Read(o);
        });
        var options = new RunOptions
        {
            SpaceText = spaceText,
            // Runs of earlier versions don't say.
            Strategy = root.Has("strategy") ? SearchStrategyNames.Parse(root.OneOf("strategy", [.. SearchStrategyNames.All])) : SearchStrategy.Evolution,
            IsInitialGiven = root.Has("initialGiven") && root.Flag("initialGiven"),
            Iterations = root.Number("iterations", 1, MostIterations),
            Verify = root.Integer("verify", 0, MostVerified),
            Command = root.Verbatim("command", FileLimit),
            ProgramVersion = root.Verbatim("programVersion", 1024),
            Score = root.Object("score", ScoreOptions.Read),
            Latency = latency,
            Settings = new SearchSettings
            {
                Space = space,
                Initial = root.Object("initial", ArchitectureJson.Read),
                Budget = root.Object("budget", ReadBudget) with { MaxLatency = latency?.Limit },
                Preset = root.OneOf("preset", [.. Variation.Presets]),
                Seed = ReadSeed(root),
                PopulationSize = root.Integer("population", 1, MostPopulation),
            },
        };
        CheckInitial(options.Settings);
        return options;
    }

    private static Budget ReadBudget(JsonObjectReader o) => new(
        o.NumberOrNull("maxParameters", 1, long.MaxValue),
        o.NumberOrNull("maxMacs", 1, long.MaxValue),
        (int?)o.NumberOrNull("maxLayers", 1, int.MaxValue));

    private static ulong ReadSeed(JsonObjectReader root) =>
        root.Text("seed", 20) is var text && ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seed)
            ? seed
            : throw new InvalidInputException($"{FileName}, seed: is '{text}'; allowed is a whole number from 0 to {ulong.MaxValue}");

    private static void CheckInitial(SearchSettings settings)
    {
        if (SpaceMembership.WhyOutside(settings.Space, settings.Initial) is { } reason)
        {
            throw new InvalidInputException($"{FileName}, initial: doesn't lie in the space, {reason}");
        }

        // What was measured once too slow, or predicted otherwise by another version, is no reason to lose a run.
        if (!(settings.Budget with { MaxLatency = null }).Fits(Network.Lower(settings.Initial)))
        {
            throw new InvalidInputException($"{FileName}, initial: exceeds the budget of {settings.Budget}");
        }
    }
}
