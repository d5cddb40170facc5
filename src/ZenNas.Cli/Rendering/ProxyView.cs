using System.Globalization;
using System.Text.Json.Nodes;
using ZenNas.Scores;

namespace ZenNas.Cli.Rendering;

/// <summary>What a proxy is and what it was computed with, in words and as JSON; only what concerns that proxy.</summary>
internal static class ProxyView
{
    /// <summary>One line of a list: what it is.</summary>
    public static string Summary(ScoreInfo info) => $"{info.Summary}; {Traits(info)}";

    /// <summary>What it is, then the settings that it reads.</summary>
    public static string Line(ScoreInfo info, ScoreSettings settings, ulong seed)
    {
        string[] conditions = [.. Conditions(info, settings, seed)];
        return $"{info.Name}: {Summary(info)}{(conditions.Length > 0 ? $" ({string.Join(", ", conditions)})" : "")}";
    }

    /// <summary>Direction, gradients, classes.</summary>
    public static string Traits(ScoreInfo info) =>
        $"larger is better{(info.IsLargerBetter ? "" : ", the published quantity being negated")}, "
        + $"{(info.NeedsGradients ? "needs gradients" : "no gradients")}, {(info.DependsOnClasses ? "depends on the classes" : "blind to the classes")}";

    /// <summary>The settings that a proxy reads, as they stand in files.</summary>
    public static JsonObject ToNode(ScoreInfo info, ScoreSettings settings, ulong seed)
    {
        var all = ScoreSettingsJson.ToNode(settings);
        var node = new JsonObject();
        Take(info.UsesAlpha, "alpha");
        // SynFlow evaluates no mini-batch, yet its draws depend on the size.
        Take(info.NeedsTensors, "batch", "precision", "device");
        Take(info.UsesEntropyVariant, "entropyWeights", "entropyTimesOutput");
        if (info.UsesConvention)
        {
            node["convention"] = ScoreSettingNames.Of(settings.Convention);
        }

        if (info.IsRandom)
        {
            node["seed"] = seed;
        }

        return node;

        void Take(bool applies, params ReadOnlySpan<string> names)
        {
            foreach (var name in names)
            {
                if (applies)
                {
                    node[name] = all[name]!.DeepClone();
                }
            }
        }
    }

    private static IEnumerable<string> Conditions(ScoreInfo info, ScoreSettings settings, ulong seed) =>
    [
        .. When(info.Conditions is not null, $"{info.Conditions}"),
        .. When(info.IsLogarithm, "natural logarithms"),
        .. When(info.UsesAlpha, string.Create(CultureInfo.InvariantCulture, $"α = {settings.Alpha}")),
        .. When(info.UsesConvention, settings.Convention == Convention.Paper ? "as in Algorithm 1" : "as the released program does"),
        .. When(info.UsesEntropyVariant, $"stage weights {string.Join(',', settings.Entropy.StageWeights.Select(w => w.ToString(CultureInfo.InvariantCulture)))}"),
        .. When(info.UsesEntropyVariant && settings.Entropy.TimesOutputSize, "each times ln(r²·c) of its output"),
        .. When(info.UsesBatch, $"N = {Shown.Count(settings.BatchSize, "image")}"),
        .. When(info.NeedsTensors, $"{ScoreSettingNames.Of(settings.Precision)}, {settings.Device}"),
        .. When(info.IsRandom, $"seed {seed}"),
    ];

    private static string[] When(bool applies, string text) => applies ? [text] : [];
}
