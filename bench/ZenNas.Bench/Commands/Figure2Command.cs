using System.CommandLine;
using ScottPlot;
using ZenNas.Bench.Measuring;
using ZenNas.Bench.Results;
using ZenNas.Correlation;

namespace ZenNas.Bench.Commands;

/// <summary>Figure 2 of the paper (section 4.1): what batch normalisation does to the Φ-score, and the Zen-Score mends.</summary>
internal static class Figure2Command
{
    private const int FewestPoints = 3;
    private const string TooFewPoints = "too few points";
    private const string Spread = "standard error after ±; for slopes that of the fitted line";

    public static Command Create()
    {
        var command = new Command("figure2", "Figure 2 of the paper: Φ-score and Zen-Score over depth and hidden width.");
        var common = new CommonOptions(command);
        var repeats = CommonOptions.Number("--repeats", 8, 2, 10_000, "Measurements of each network.");
        var step = CommonOptions.Number("--step", 2, 1, 29, "Distance of neighbouring depths and hidden widths.");
        var batch = CommonOptions.Batch();
        var threads = CommonOptions.Threads();
        foreach (var option in new Option[] { repeats, step, batch, threads })
        {
            command.Add(option);
        }

        command.SetAction(parsed => Run(
            common.Open(parsed, parsed.GetValue(threads)), parsed.GetValue(repeats), parsed.GetValue(step), parsed.GetValue(batch),
            parsed.GetValue(threads)));
        return command;
    }

    private static void Run(ResultFolder results, int repeats, int step, int batch, int threads)
    {
        var curves = new Figure2Curves(repeats, step, batch, threads).Measure();
        results.WriteCsv("figure2.csv", Raw(curves), $"standard deviation over {repeats} repeats in its own column");
        results.WriteMarkdown(
            "figure2.md", "Figure 2: overflow and BN-rescaling", Spread,
            $"3×3 convolutions at {Figure2Curves.Resolution}×{Figure2Curves.Resolution}, {batch} images, {repeats} repeats. "
            + $"P: {Figure2Curves.Width} channels, depth 2 to 60. Q: two layers, hidden width 2 to 60, {Figure2Curves.Width} channels out. "
            + "Scores in nats. Error bars in the picture are standard deviations.",
            Summary(curves).ToMarkdown(), "![Six panels](figure2.png)");
        results.WritePng("figure2.png", Picture(curves), 1500, 900);
    }

    private static Table Raw(IReadOnlyList<Curve> curves)
    {
        var table = new Table("panel", "curve", "x", "mean", "sd", "repeats", "closed_form");
        foreach (var curve in curves)
        {
            foreach (var point in curve.Points)
            {
                table.Add(
                    $"{curve.Panel}", curve.Title, $"{point.X}", point.Overflowed ? "overflow" : $"{point.Value.Mean:F5}",
                    point.Overflowed ? "" : $"{point.Value.StandardDeviation:F5}", $"{point.Value.Repeats}", $"{point.ClosedForm:F5}");
            }
        }

        return table;
    }

    private static Table Summary(IReadOnlyList<Curve> curves)
    {
        var (a, b, c, d, e, f) = (curves[0], curves[1], curves[2], curves[3], curves[4], curves[5]);
        var table = new Table("panel", "quantity", "value");
        table.Add("a", "smallest depth at which a repeat overflows", a.Points.FirstOrDefault(p => p.Overflowed) is { } first ? $"{first.X}" : "none");
        table.Add("a", "slope per layer before it", Slope(a));
        table.Add("b", "slope per layer", Slope(b));
        table.Add("b", "points that overflow", $"{b.Points.Count(p => p.Overflowed)}");
        table.Add("c", "slope per layer", Slope(c));
        table.Add("c", "measured − closed form, mean and range over depths", Differences(c));
        table.Add("a, c", "Pearson r where (a) is finite", Correlate(a, c, Statistic.Pearson));
        table.Add("d", "range over hidden widths", $"{d.Range:F3}");
        table.Add("e", "range over hidden widths", $"{e.Range:F3}");
        table.Add("e, d", "range of (e) in % of that of (d)", $"{100 * e.Range / d.Range:F1}");
        table.Add("f", "range over hidden widths", $"{f.Range:F3}");
        table.Add("f", "measured − closed form, mean and range over widths", Differences(f));
        table.Add("d, e", "Pearson r; Kendall τ-b", Both(d, e));
        table.Add("d, f", "Pearson r; Kendall τ-b", Both(d, f));
        return table;
    }

    private static string Slope(Curve curve) =>
        curve.Finite.Count >= FewestPoints && curve.Fit() is var line ? $"{line.Slope:F4} ± {line.SlopeError:F4}" : TooFewPoints;

    private static string Differences(Curve curve)
    {
        var sample = new Sample(curve.Points.Select(p => p.Value.Mean - p.ClosedForm!.Value));
        return $"{sample.ShowMean("F3")}, {sample.Minimum:F3} to {sample.Maximum:F3}";
    }

    private static string Both(Curve x, Curve y) =>
        $"{Correlate(x, y, Statistic.Pearson)}; {Correlate(x, y, Statistic.Kendall)}";

    /// <summary>Over the points that are finite in both.</summary>
    private static string Correlate(Curve x, Curve y, Statistic statistic)
    {
        var finite = x.Points.Zip(y.Points).Where(pair => !pair.First.Overflowed && !pair.Second.Overflowed).ToArray();
        return finite.Length >= FewestPoints
            ? $"{RankCorrelation.Of(statistic, [.. finite.Select(pair => pair.First.Value.Mean)], [.. finite.Select(pair => pair.Second.Value.Mean)]):F5}"
            : TooFewPoints;
    }

    private static Multiplot Picture(IReadOnlyList<Curve> curves)
    {
        var picture = new Multiplot();
        picture.AddPlots(curves.Count);
        picture.Layout = new ScottPlot.MultiplotLayouts.Grid(rows: 2, columns: 3);
        for (var i = 0; i < curves.Count; i++)
        {
            Draw(picture.GetPlot(i), curves[i]);
        }

        ShareSpan(picture.GetPlot(3), picture.GetPlot(4));
        return picture;
    }

    private static void Draw(Plot plot, Curve curve)
    {
        double[] xs = [.. curve.Finite.Select(p => (double)p.X)];
        double[] ys = [.. curve.Finite.Select(p => p.Value.Mean)];
        var line = plot.Add.Scatter(xs, ys);
        line.LegendText = "measured";
        plot.Add.ErrorBar(xs, ys, [.. curve.Finite.Select(p => p.Value.StandardDeviation)]).Color = line.Color;
        if (curve.Finite.All(p => p.ClosedForm is not null))
        {
            var closed = plot.Add.ScatterLine(xs, [.. curve.Finite.Select(p => p.ClosedForm!.Value)]);
            closed.LineWidth = 2;
            closed.LegendText = "closed form";
            plot.ShowLegend(Alignment.LowerRight);
        }

        MarkOverflow(plot, curve);
        plot.Title($"({curve.Panel}) {curve.Title}");
        plot.XLabel(curve.XLabel);
        plot.YLabel("nats");
    }

    private static void MarkOverflow(Plot plot, Curve curve)
    {
        double[] xs = [.. curve.Points.Where(p => p.Overflowed).Select(p => (double)p.X)];
        if (xs.Length == 0)
        {
            return;
        }

        var top = 1.1 * curve.Finite.Max(p => p.Value.Mean);
        var marks = plot.Add.ScatterPoints(xs, [.. xs.Select(_ => top)]);
        marks.MarkerShape = MarkerShape.Eks;
        marks.Color = Colors.Red;
        marks.LegendText = $"overflow, from {curve.XLabel} {xs[0]}";
        plot.Add.VerticalLine(xs[0]).LineColor = Colors.Red.WithAlpha(0.4);
        plot.ShowLegend(Alignment.LowerRight);
    }

    /// <summary>Gives the second plot as many nats from bottom to top as the first.</summary>
    private static void ShareSpan(Plot first, Plot second)
    {
        first.Axes.AutoScale();
        second.Axes.AutoScale();
        var span = first.Axes.GetLimits().VerticalSpan;
        var center = second.Axes.GetLimits().VerticalCenter;
        second.Axes.SetLimitsY(center - span / 2, center + span / 2);
    }
}
