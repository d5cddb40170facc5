using System.Text.Json;
using System.Text.Json.Nodes;
using ZenNas.Architectures;
using ZenNas.Complexity;
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
    private const int FileLimit = 4 * Limits.FileSize;
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>Space, initial network, budget, preset, seed, population size.</summary>
    public required SearchSettings Settings { get; init; }

    /// <summary>Text of the space file.</summary>
    public required string SpaceText { get; init; }

    /// <summary>Steps to take.</summary>
    public required long Iterations { get; init; }

    /// <summary>The score to maximise.</summary>
    public required ScoreOptions Score { get; init; }

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
        ["iterations"] = Iterations,
        ["seed"] = Settings.Seed.ToString(),
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
        ["initial"] = ArchitectureJson.ToNode(Settings.Initial),
        ["space"] = JsonNode.Parse(SpaceText),
    }.ToJsonString(Indented);

    /// <summary>Reads options that <see cref="Write"/> wrote.</summary>
    /// <exception cref="InvalidInputException">The text isn't a run file of this version.</exception>
    public static RunOptions Parse(string text)
    {
        if (text.Length > FileLimit)
        {
            throw new InvalidInputException($"{FileName} has {text.Length} characters; allowed are at most {FileLimit}");
        }

        try
        {
            return Read(JsonNode.Parse(text, documentOptions: new JsonDocumentOptions { MaxDepth = 24 })!.AsObject());
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or NullReferenceException or OverflowException)
        {
            throw new InvalidInputException($"{FileName} isn't a run file of version {Version}; it was edited or cut off", e);
        }
    }

    private static RunOptions Read(JsonObject root)
    {
        if ((string?)root["format"] != Format || (int?)root["version"] != Version)
        {
            throw new InvalidInputException(
                $"{FileName} has format '{(string?)root["format"]}' version {root["version"]?.ToJsonString()}; allowed is '{Format}' version {Version}");
        }

        var spaceText = root["space"]!.ToJsonString();
        var budget = root["budget"]!;
        return new RunOptions
        {
            SpaceText = spaceText,
            Iterations = Positive((long)root["iterations"]!),
            Verify = Math.Max(0, (int)root["verify"]!),
            Command = (string)root["command"]!,
            ProgramVersion = (string)root["programVersion"]!,
            Score = ScoreOptions.Read(root["score"]!),
            Settings = new SearchSettings
            {
                Space = SearchSpaceJson.Parse(spaceText),
                Initial = ArchitectureJson.Parse(root["initial"]!.ToJsonString()),
                Budget = new Budget((long?)budget["maxParameters"], (long?)budget["maxMacs"], (int?)budget["maxLayers"]),
                Preset = (string)root["preset"]!,
                Seed = ulong.Parse((string)root["seed"]!),
                PopulationSize = (int)Positive((int)root["population"]!),
            },
        };
    }

    private static long Positive(long value) => value > 0 ? value : throw new FormatException($"{value} isn't positive");
}
