using System.Text.Json.Nodes;
using ZenNas.Json;
using ZenNas.Scores;

namespace ZenNas.Runs;

/// <summary>Which score a run maximises, and how it is evaluated.</summary>
/// <param name="Name">Name of the score; whether there is such a score is known where it is made.</param>
/// <param name="Settings">What determines it.</param>
/// <param name="Ahead">
/// Proposals drawn from one population before their scores are told; more than 1 lets measurements run in parallel, and since it doesn't
/// depend on the number of threads, neither does the result.
/// </param>
public sealed record ScoreOptions(string Name, ScoreSettings Settings, int Ahead)
{
    private const int MostAhead = 1024;
    private const int LongestName = 64;

    internal JsonObject ToNode()
    {
        var node = ToNode(Settings);
        node.Insert(0, "name", Name);
        node["ahead"] = Ahead;
        return node;
    }

    /// <summary>Settings as they stand in files.</summary>
    public static JsonObject ToNode(ScoreSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return new JsonObject
        {
            ["alpha"] = settings.Alpha,
            ["batch"] = settings.BatchSize,
            ["precision"] = ScoreSettingNames.Of(settings.Precision),
            ["device"] = settings.Device,
            ["entropyWeights"] = new JsonArray([.. settings.Entropy.StageWeights.Select(w => JsonValue.Create(w))]),
            ["entropyTimesOutput"] = settings.Entropy.TimesOutputSize,
        };
    }

    internal static ScoreOptions Read(JsonObjectReader o) => new(
        ReadName(o),
        o.Build(() => new ScoreSettings
        {
            Alpha = o.Real("alpha"),
            BatchSize = o.Integer("batch", 1, ScoreSettings.MaxBatchSize),
            Precision = ScoreSettingNames.ParsePrecision(o.OneOf("precision", [.. ScoreSettingNames.Precisions])),
            Device = ReadDevice(o),
            Entropy = ReadEntropy(o),
        }.Checked()),
        o.Integer("ahead", 1, MostAhead));

    private static string ReadName(JsonObjectReader o)
    {
        var name = o.Text("name", LongestName);
        return ScoreCatalog.IsName(name)
            ? name
            : throw new InvalidInputException($"{RunOptions.FileName}, score.name: is '{Excerpt.Of(name, LongestName)}'; allowed are lower-case letters, digits and hyphens");
    }

    /// <summary>Absent in runs of the first version, which had no such score.</summary>
    private static EntropySettings ReadEntropy(JsonObjectReader o) => o.Has("entropyWeights")
        ? new EntropySettings
        {
            StageWeights = [.. o.Reals("entropyWeights", EntropySettings.MostStages)],
            TimesOutputSize = o.Flag("entropyTimesOutput"),
        }
        : new EntropySettings();

    private static string ReadDevice(JsonObjectReader o)
    {
        var device = o.Text("device", LongestName);
        return ScoreSettings.IsDeviceName(device)
            ? device
            : throw new InvalidInputException($"{RunOptions.FileName}, score.device: is '{device}'; allowed is cpu, cuda or cuda:0 to cuda:63");
    }
}
