using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using ZenNas.Architectures;
using ZenNas.Cli.Input;
using ZenNas.Cli.Rendering;
using ZenNas.Latency;
using ZenNas.Runs.Reports;
using ZenNas.Search.Optimal;

namespace ZenNas.Cli.Fronts;

/// <summary>A front as files: list, picture, page.</summary>
internal static class FrontFiles
{
    public static ImmutableArray<(string Name, byte[] Content)> Of(ImmutableArray<FrontPoint> points, SearchTarget target, VariedLimit varied, double seconds)
    {
        var svg = FrontPlot.ToSvg(points, varied);
        return
        [
            ("front.json", Encoding.UTF8.GetBytes(Terminal.JsonText(ToNode(points, target, varied, seconds)) + "\n")),
            ("front.csv", Encoding.UTF8.GetBytes(Csv(points, varied))),
            ("front.png", FrontPlot.ToPng(points, varied)),
            ("front.svg", Encoding.UTF8.GetBytes(svg)),
            ("report.html", Encoding.UTF8.GetBytes(FrontReport.Render(Page(points, target, varied, seconds), svg))),
        ];
    }

    public static JsonObject ToNode(ImmutableArray<FrontPoint> points, SearchTarget target, VariedLimit varied, double seconds) => new()
    {
        ["space"] = target.Space.Name,
        ["resolution"] = target.Resolution,
        ["classes"] = target.Classes,
        ["maxParameters"] = target.Budget.MaxParameters,
        ["maxMacs"] = target.Budget.MaxMacs,
        ["maxLayers"] = target.Budget.MaxLayers,
        ["maxLatencyMs"] = varied.Without(target.Budget).MaxLatency?.MaxMs,
        ["latencyConditions"] = target.Latency is { } latency ? LatencyProfileJson.ToNode(latency.Conditions) : null,
        ["varied"] = varied.Name,
        ["score"] = "closed-form",
        ["elapsedSeconds"] = seconds,
        ["points"] = new JsonArray([.. points.Select(point => new JsonObject
        {
            ["limit"] = point.Limit,
            ["used"] = point.Used,
            ["zenScore"] = point.Optimum.Score,
            ["upperBound"] = point.Optimum.UpperBound,
            ["gapPercent"] = point.Optimum.GapPercent,
            ["knee"] = point.IsKnee,
            ["parameters"] = point.Cost.Parameters,
            ["macs"] = point.Cost.Macs,
            ["layers"] = point.Cost.Layers,
            ["structure"] = StructureString.TryFormat(point.Optimum.Best),
            ["architecture"] = ArchitectureJson.ToNode(point.Optimum.Best),
        })]),
    };

    private static string Csv(ImmutableArray<FrontPoint> points, VariedLimit varied)
    {
        var text = new StringBuilder($"{varied.Name.Replace('-', '_')},used,zen_score,upper_bound,gap_percent,knee,parameters,macs,layers,structure\n");
        foreach (var point in points)
        {
            text.Append(CultureInfo.InvariantCulture, $"{point.Limit},{point.Used},{point.Optimum.Score:F6},{point.Optimum.UpperBound:F6},{point.Optimum.GapPercent:F4},")
                .Append(CultureInfo.InvariantCulture, $"{(point.IsKnee ? 1 : 0)},{point.Cost.Parameters},{point.Cost.Macs},{point.Cost.Layers},\"{StructureString.TryFormat(point.Optimum.Best)}\"\n");
        }

        return text.ToString();
    }

    private static FrontReport.Page Page(ImmutableArray<FrontPoint> points, SearchTarget target, VariedLimit varied, double seconds) => new(
        $"{target.Space.Name}, {points.Length} budgets",
        $"Search space {target.Space.Name} at {target.Resolution}×{target.Resolution} pixels, {target.Classes} classes"
            + $"{(varied.Without(target.Budget).ToString() is { Length: > 0 } others ? $", within {others}" : "")}; {varied.Name} varied; {Shown.Seconds(seconds)} in all.",
        [varied.Unit, "score", "no network has more", "gap", "parameters", "MACs", "layers"],
        [.. points.Select(point => new FrontReport.Row(
            [
                $"{VariedLimit.Shown(point.Used)} of {VariedLimit.Shown(point.Limit)}", Shown.Score(point.Optimum.Score), Shown.Score(point.Optimum.UpperBound),
                $"{point.Optimum.GapPercent.ToString("F2", CultureInfo.InvariantCulture)} %", Shown.Count(point.Cost.Parameters), Shown.Count(point.Cost.Macs), $"{point.Cost.Layers}",
            ],
            point.Optimum.Best, point.IsKnee))]);
}
