using ScottPlot;
using ZenNas.Cli.Rendering;
using ZenNas.Correlation;

namespace ZenNas.Cli.Correlating;

/// <summary>Kendall's τ of every score with its interval, one picture a group: over all costs, and within iso-budget bins.</summary>
internal static class CorrelationPlot
{
    private const int MostGroups = 24;
    private const int MostColumns = 4;
    private const int Width = 520;
    private const double NoValuePlace = -1;

    public static void Write(CorrelationResult result, string folder)
    {
        var groups = result.Groups().Take(MostGroups).ToArray();
        var columns = Math.Min(groups.Length, MostColumns);
        var rows = (groups.Length + columns - 1) / columns;
        var picture = new Multiplot();
        picture.AddPlots(groups.Length);
        picture.Layout = new ScottPlot.MultiplotLayouts.Grid(rows, columns);
        for (var i = 0; i < groups.Length; i++)
        {
            Draw(picture.GetPlot(i), groups[i], [.. result.Entries.Where(e => e.Group == groups[i].Name && e.Statistic == Statistic.Kendall)]);
        }

        var height = 140 + 34 * result.Entries.Select(e => e.Score).Distinct().Count();
        picture.SavePng(Path.Combine(folder, "correlations.png"), Width * columns, height * rows);
    }

    /// <summary>Groups for which the picture has no room.</summary>
    public static string[] LeftOut(CorrelationResult result) => [.. result.Groups().Skip(MostGroups).Select(g => g.Name)];

    private static void Draw(Plot plot, CorrelationGroup group, CorrelationEntry[] entries)
    {
        var scores = entries.Select(e => e.Score).Distinct().ToArray();
        var all = entries.Where(e => e.Bin == CorrelationStudy.EveryCost).ToArray();
        plot.Add.VerticalLine(0, 1, Colors.Gray);
        Series(plot, all, scores, group.Bins > 0 ? 0.12 : 0, Colors.SteelBlue, "all networks");
        Series(plot, entries.Where(e => e.Bin == CorrelationStudy.PooledBins), scores, -0.12, Colors.DarkOrange, $"within {group.Bins} iso-budget bins");
        foreach (var entry in all.Where(e => !double.IsFinite(e.Value)))
        {
            var text = plot.Add.Text($"no value: {Why(entry)}", NoValuePlace, Place(scores, entry.Score));
            text.LabelAlignment = Alignment.MiddleLeft;
            text.LabelFontColor = Colors.DimGray;
        }

        plot.Title($"{group.Name}: {Shown.Count(group.Networks, "network")}");
        plot.XLabel("Kendall τ with the target, 95 % interval");
        plot.Axes.Left.SetTicks([.. scores.Select(s => Place(scores, s))], scores);
        plot.Axes.SetLimits(-1.05, 1.05, 0.4, scores.Length + 0.6);
        // A legend without entries would leave the whole panel blank.
        if (all.Any(e => double.IsFinite(e.Value)))
        {
            plot.ShowLegend(Edge.Bottom);
        }
    }

    private static void Series(Plot plot, IEnumerable<CorrelationEntry> entries, string[] scores, double offset, Color color, string label)
    {
        foreach (var entry in entries.Where(e => double.IsFinite(e.Value)))
        {
            var y = Place(scores, entry.Score) + offset;
            if (entry.Interval is { } interval)
            {
                plot.Add.Line(interval.Low, y, interval.High, y).Color = color;
            }

            var marker = plot.Add.Marker(entry.Value, y, MarkerShape.FilledCircle, 8, color);
            marker.LegendText = label;
            label = "";
        }
    }

    private static double Place(string[] scores, string score) => scores.Length - Array.IndexOf(scores, score);

    private static string Why(CorrelationEntry entry) => entry switch
    {
        { Networks: 0 } => "failed on every network",
        { Networks: 1, Failed: 0 } => "a single network",
        { Networks: 1 } => "failed on all networks but one",
        _ => "all scores or all targets are equal",
    };
}
