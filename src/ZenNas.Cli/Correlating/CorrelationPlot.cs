using ScottPlot;
using ZenNas.Correlation;

namespace ZenNas.Cli.Correlating;

/// <summary>Kendall's τ of every score with its interval, one picture a group: over all costs, and within iso-budget bins.</summary>
internal static class CorrelationPlot
{
    private const int MostGroups = 6;
    private const int Width = 520;

    public static void Write(CorrelationResult result, string folder)
    {
        var groups = result.Entries.Select(e => e.Group).Distinct().Take(MostGroups).ToArray();
        var picture = new Multiplot();
        picture.AddPlots(groups.Length);
        picture.Layout = new ScottPlot.MultiplotLayouts.Grid(rows: 1, columns: groups.Length);
        for (var i = 0; i < groups.Length; i++)
        {
            Draw(picture.GetPlot(i), groups[i], [.. result.Entries.Where(e => e.Group == groups[i] && e.Statistic == Statistic.Kendall)]);
        }

        var height = 140 + 34 * result.Entries.Select(e => e.Score).Distinct().Count();
        picture.SavePng(Path.Combine(folder, "correlations.png"), Width * groups.Length, height);
    }

    private static void Draw(Plot plot, string group, CorrelationEntry[] entries)
    {
        var scores = entries.Select(e => e.Score).Distinct().ToArray();
        Series(plot, entries.Where(e => e.Bin == CorrelationStudy.EveryCost), scores, 0.12, Colors.SteelBlue, "all networks");
        Series(plot, entries.Where(e => e.Bin == CorrelationStudy.PooledBins), scores, -0.12, Colors.DarkOrange, "within iso-budget bins");
        plot.Add.VerticalLine(0, 1, Colors.Gray);
        var networks = entries.Max(e => e.Networks);
        plot.Title($"{group}: {networks} networks");
        plot.XLabel("Kendall τ with the target, 95 % interval");
        plot.Axes.Left.SetTicks([.. Enumerable.Range(0, scores.Length).Select(i => (double)(scores.Length - i))], scores);
        plot.Axes.SetLimits(-1.05, 1.05, 0.4, scores.Length + 0.6);
        plot.ShowLegend(Edge.Bottom);
    }

    private static void Series(Plot plot, IEnumerable<CorrelationEntry> entries, string[] scores, double offset, Color color, string label)
    {
        foreach (var entry in entries.Where(e => double.IsFinite(e.Value)))
        {
            var y = scores.Length - Array.IndexOf(scores, entry.Score) + offset;
            if (entry.Interval is { } interval)
            {
                plot.Add.Line(interval.Low, y, interval.High, y).Color = color;
            }

            var marker = plot.Add.Marker(entry.Value, y, MarkerShape.FilledCircle, 8, color);
            marker.LegendText = label;
            label = "";
        }
    }
}
