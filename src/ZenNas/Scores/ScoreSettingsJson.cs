using System.Text.Json.Nodes;
using ZenNas.Json;

namespace ZenNas.Scores;

/// <summary>Settings of scores as they stand in files and messages; the convention stands beside them where it isn't the paper's.</summary>
public static class ScoreSettingsJson
{
    private const int LongestName = 64;

    /// <summary>The settings as a JSON object.</summary>
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

    internal static ScoreSettings Read(JsonObjectReader o)
    {
        var settings = new ScoreSettings
        {
            Alpha = o.Real("alpha"),
            BatchSize = o.Integer("batch", 1, ScoreSettings.MaxBatchSize),
            Precision = ScoreSettingNames.ParsePrecision(o.OneOf("precision", [.. ScoreSettingNames.Precisions])),
            Device = ReadDevice(o),
            Entropy = ReadEntropy(o),
        };
        return o.Build(settings.Checked);
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
        return o.Build(() => ScoreSettings.IsDeviceName(device)
            ? device
            : throw new InvalidInputException($"device is '{device}'; allowed is cpu, cuda or cuda:0 to cuda:63"));
    }
}
