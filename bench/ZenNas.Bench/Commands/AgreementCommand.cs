using System.CommandLine;
using ScottPlot;
using ZenNas.Architectures;
using ZenNas.Bench.Measuring;
using ZenNas.Bench.Networks;
using ZenNas.Bench.Results;
using ZenNas.Complexity;
using ZenNas.Correlation;
using ZenNas.Scores;
using ZenNas.Torch;

namespace ZenNas.Bench.Commands;

/// <summary>Whether the closed form ranks networks as measurements do.</summary>
internal static class AgreementCommand
{
    private const string Spread = "standard error after ±; 95 % bootstrap intervals over the networks in brackets";

    // Widely spread scores, and a measurement below half a second.
    private static readonly Budget ResidualBudget = new(MaxParameters: 2_000_000, MaxMacs: 300_000_000);
    private static readonly Budget MobileBudget = new(MaxMacs: 60_000_000);

    public static Command Create()
    {
        var command = new Command("agreement", "Closed form against measured score on random networks.");
        var common = new CommonOptions(command);
        var space = CommonOptions.Space();
        var networks = CommonOptions.Number("--networks", 200, 3, 100_000, "Random networks.");
        var repeats = CommonOptions.Number("--repeats", 4, 2, 10_000, "Measurements of each network.");
        var resolution = new Option<int?>("--resolution") { Description = "Input resolution. (32 for residual, 64 for mobile)" };
        var threads = CommonOptions.Threads();
        foreach (var option in new Option[] { space, networks, repeats, resolution, threads })
        {
            command.Add(option);
        }

        command.SetAction(parsed =>
        {
            var isMobile = parsed.GetValue(space) == "mobile";
            var task = (isMobile ? BenchSpace.Mobile : BenchSpace.Residual) with
            {
                Resolution = parsed.GetValue(resolution) ?? (isMobile ? 64 : 32),
                Budget = isMobile ? MobileBudget : ResidualBudget,
            };
            Run(common.Open(parsed, parsed.GetValue(threads)), task, parsed.GetValue(networks), parsed.GetValue(repeats), parsed.GetValue(threads));
        });
        return command;
    }

    private static void Run(ResultFolder results, BenchSpace task, int count, int repeats, int threads)
    {
        var networks = RandomNetworks.Draw(task.Space, task.Resolution, task.Classes, task.Budget, count, seed: 1);
        var pairs = Measure(networks, repeats, threads);
        results.WriteCsv($"{task.Name}.csv", Raw(pairs), $"standard deviation over the {repeats} repeats in its own column");
        results.WriteMarkdown(
            $"{task.Name}.md", $"Closed form against measured score, space {task.Name}", Spread,
            $"{count} random networks ({task.Task}), {repeats} measurements each in fp32 with 16 images.", Summary(pairs).ToMarkdown());
        results.WritePng($"{task.Name}.png", Scatter(pairs, task), 700, 700);
    }

    private static List<Pair> Measure(IReadOnlyList<Architecture> networks, int repeats, int threads)
    {
        var progress = new Progress("networks", networks.Count);
        var (closedForm, measured) = (new ClosedFormZenScore(), new MeasuredZenScore(new ScoreSettings()));
        var pairs = new List<Pair>();
        foreach (var architecture in networks)
        {
            var network = Network.Lower(architecture).Vanilla;
            var value = measured.Measure(network, (ulong)pairs.Count, RepeatPolicy.Exactly(repeats), threads);
            pairs.Add(new Pair(architecture, closedForm.Score(network), value));
            progress.Advance();
        }

        return pairs;
    }

    private static Table Summary(List<Pair> pairs)
    {
        double[] closed = [.. pairs.Select(p => p.ClosedForm)];
        double[] measured = [.. pairs.Select(p => p.Measured.Mean)];
        var difference = new Sample(pairs.Select(p => p.Measured.Mean - p.ClosedForm));
        var noise = Math.Sqrt(pairs.Average(p => p.Measured.StandardError * p.Measured.StandardError));
        var table = new Table("quantity", "value");
        table.Add("Kendall τ-b", Show(closed, measured, Statistic.Kendall));
        table.Add("Pearson r", Show(closed, measured, Statistic.Pearson));
        table.Add("bias: measured − closed form, mean", difference.ShowMean("F3"));
        table.Add("standard deviation of the difference", $"{difference.StandardDeviation:F3}");
        table.Add("of which noise of the measured means", $"{noise:F3}");
        table.Add("range of the measured scores", $"{measured.Min():F1} to {measured.Max():F1}");
        table.Add("range of the closed form", $"{closed.Min():F1} to {closed.Max():F1}");
        table.Add("convolutions", $"{pairs.Min(p => p.Convolutions)} to {pairs.Max(p => p.Convolutions)}");
        return table;
    }

    private static string Show(double[] x, double[] y, Statistic statistic)
    {
        var interval = new Bootstrap(seed: 1).Interval(statistic, x, y);
        return $"{RankCorrelation.Of(statistic, x, y):F5} [{interval?.Low:F5}, {interval?.High:F5}]";
    }

    private static Table Raw(List<Pair> pairs)
    {
        var table = new Table("network", "closed_form", "measured_mean", "measured_sd", "repeats", "convolutions", "resolution", "structure");
        foreach (var pair in pairs)
        {
            table.Add(
                $"{table.Count + 1}", $"{pair.ClosedForm:F5}", $"{pair.Measured.Mean:F5}", $"{pair.Measured.StandardDeviation:F5}",
                $"{pair.Measured.Repeats}", $"{pair.Convolutions}", $"{pair.Architecture.Resolution}",
                StructureString.TryFormat(pair.Architecture)!);
        }

        return table;
    }

    private static Plot Scatter(List<Pair> pairs, BenchSpace task)
    {
        var plot = new Plot();
        double[] closed = [.. pairs.Select(p => p.ClosedForm)];
        double[] measured = [.. pairs.Select(p => p.Measured.Mean)];
        var (low, high) = (Math.Min(closed.Min(), measured.Min()), Math.Max(closed.Max(), measured.Max()));
        var diagonal = plot.Add.Line(low, low, high, high);
        diagonal.LineColor = Colors.Gray;
        diagonal.LegendText = "measured = closed form";
        var points = plot.Add.ScatterPoints(closed, measured);
        points.LegendText = "networks";
        points.MarkerSize = 6;
        plot.Title($"Zen-Score of {pairs.Count} random networks, space {task.Name}, {task.Resolution}×{task.Resolution}");
        plot.XLabel("closed form (nats)");
        plot.YLabel("measured, mean of repeats (nats)");
        plot.ShowLegend(Alignment.UpperLeft);
        return plot;
    }

    private sealed record Pair(Architecture Architecture, double ClosedForm, ScoreValue Measured)
    {
        public int Convolutions { get; } = NetworkCost.Of(Network.Lower(Architecture)).ConvLayers;
    }
}
