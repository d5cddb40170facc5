using System.Text.Json.Nodes;
using ZenNas.Scores;

namespace ZenNas.Cli.Rendering;

/// <summary>A score with its uncertainty, its time and what it is, as JSON and as cells of a table.</summary>
internal static class EvaluationView
{
    public static JsonObject ToNode(Evaluation evaluation)
    {
        var value = evaluation.Value;
        var node = new JsonObject
        {
            ["mean"] = Terminal.Number(value.Mean),
            ["standardDeviation"] = Terminal.Number(value.StandardDeviation),
            ["standardError"] = Terminal.Number(value.StandardError),
            ["repeats"] = value.Repeats,
            ["method"] = evaluation.Info.IsRandom ? "measured" : "computed",
        };
        if (value.Pair is { } pair)
        {
            node["parts"] = new JsonArray(ToNode(pair.First), ToNode(pair.Second));
        }

        node["failure"] = value.Failure is { } failure
            ? new JsonObject { ["reason"] = failure.Reason, ["detail"] = failure.Detail }
            : null;
        var (least, most) = evaluation.SecondsRange;
        node["seconds"] = new JsonObject
        {
            ["median"] = evaluation.MedianSeconds,
            ["least"] = least,
            ["most"] = most,
            ["timed"] = evaluation.Seconds.Length,
            ["atOnce"] = evaluation.AtOnce,
        };
        return node;
    }

    public static JsonObject ToNode(ScoreInfo info) => new()
    {
        ["name"] = info.Name,
        ["summary"] = info.Summary,
        ["source"] = info.Source,
        ["largerIsBetter"] = info.IsLargerBetter,
        ["needsGradients"] = info.NeedsGradients,
        ["dependsOnClasses"] = info.DependsOnClasses,
        ["random"] = info.IsRandom,
    };

    public static JsonObject ToNode(ScoreSettings settings, ulong seed)
    {
        var node = ScoreSettingsJson.ToNode(settings);
        node["convention"] = ScoreSettingNames.Of(settings.Convention);
        node["seed"] = seed;
        return node;
    }

    /// <summary>The value, or in two words why there is none.</summary>
    public static string Value(Evaluation evaluation) => evaluation.Value switch
    {
        { Mean: double.PositiveInfinity } => "overflow",
        { Failure: not null } => "none",
        var value => Shown.Value(value.Mean),
    };

    public static string StandardError(Evaluation evaluation) => evaluation.Value switch
    {
        { Failure: not null } => "",
        { Repeats: 0 } => "none",
        var value => Spread(value.StandardError),
    };

    public static string StandardDeviation(Evaluation evaluation) => evaluation.Value switch
    {
        { Failure: not null } => "",
        { Repeats: 0 } => "none",
        var value => Spread(value.StandardDeviation),
    };

    public static string Repeats(Evaluation evaluation) => evaluation.Value.Repeats == 0 ? "" : $"{evaluation.Value.Repeats}";

    /// <summary>Median, and the range where there is one.</summary>
    public static string Time(Evaluation evaluation)
    {
        var (least, most) = evaluation.SecondsRange;
        var median = Shown.Duration(evaluation.MedianSeconds);
        return evaluation.Seconds.Length == 1 ? median : $"{median} ({Shown.Duration(least)} to {Shown.Duration(most)})";
    }

    /// <summary>The two quantities of a score that combines two.</summary>
    public static string? Parts(Evaluation evaluation) => evaluation.Value.Pair is { } pair
        ? $"{evaluation.Info.Name}: {Part(pair.First)}, {Part(pair.Second)}"
        : null;

    /// <summary>Why there is no value.</summary>
    public static string? Failure(Evaluation evaluation) =>
        evaluation.Value.Failure is { } failure ? $"{evaluation.Info.Name} has no value: {failure}" : null;

    private static string Spread(double value) => double.IsFinite(value) ? Shown.Value(value) : "unknown";

    private static string Part(ScorePart part) =>
        $"{part.Name} {Shown.Value(part.Value)} ({(part.IsLargerBetter ? "larger" : "smaller")} is better)";

    private static JsonObject ToNode(ScorePart part) => new()
    {
        ["name"] = part.Name,
        ["value"] = Terminal.Number(part.Value),
        ["largerIsBetter"] = part.IsLargerBetter,
    };
}
