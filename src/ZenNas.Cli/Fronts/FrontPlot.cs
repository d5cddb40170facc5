using System.Collections.Immutable;
using ScottPlot;
using ZenNas.Cli.Rendering;
using ZenNas.Search.Optimal;

namespace ZenNas.Cli.Fronts;

/// <summary>Score against cost: the networks found, what none exceeds, and where the front bends.</summary>
internal static class FrontPlot
{
    private const int Width = 900;
    private const int Height = 560;
    private const int MostLabels = 12;

    public static byte[] ToPng(ImmutableArray<FrontPoint> points, VariedLimit varied) => Draw(points, varied).GetImageBytes(Width, Height, ImageFormat.Png);

    public static string ToSvg(ImmutableArray<FrontPoint> points, VariedLimit varied) => Draw(points, varied).GetSvgXml(Width, Height);

    private static Plot Draw(ImmutableArray<FrontPoint> points, VariedLimit varied)
    {
        var plot = new Plot();
        double[] places = [.. points.Select(p => Math.Log10(p.Limit))];
        var bound = plot.Add.ScatterLine(places, [.. points.Select(p => p.Optimum.UpperBound)], Colors.Gray);
        (bound.LegendText, bound.LinePattern) = ("no network has more", LinePattern.Dashed);
        var found = plot.Add.Scatter(places, points.Select(p => p.Optimum.Score).ToArray(), Colors.SteelBlue);
        found.LegendText = "best network found";
        var label = "knee";
        foreach (var knee in points.Where(p => p.IsKnee))
        {
            var marker = plot.Add.Marker(Math.Log10(knee.Limit), knee.Optimum.Score, MarkerShape.OpenCircle, 16, Colors.DarkOrange);
            (marker.LegendText, label) = (label, "");
        }

        plot.Title($"Best networks by {varied.Unit}");
        plot.XLabel($"most {varied.Unit}, logarithmic");
        plot.YLabel("Zen-Score, closed form, nats");
        var every = (points.Length + MostLabels - 1) / MostLabels;
        plot.Axes.Bottom.SetTicks(places, [.. points.Select((p, i) => i % every == 0 ? Tick(p.Limit) : "")]);
        plot.ShowLegend(Alignment.LowerRight);
        return plot;
    }

    private static string Tick(double limit) => limit < 1000 ? VariedLimit.Shown(limit) : Shown.Short((long)limit);
}
