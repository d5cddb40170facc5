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
        var command = new Command("agreement", "Both closed forms against the measured score on random networks.");
        var common = new CommonOptions(command);
        var space = CommonOptions.Space();
        var networks = CommonOptions.Number("--networks", 200, 3, 100_000, "Random networks.");
        var repeats = CommonOptions.Number("--repeats", 4, 2, 10_000, "Measurements of each network.");
        var seed = CommonOptions.Number("--seed", 2, 0, int.MaxValue, "Seed of the networks; 1 drew those that the constants of finite-width were found on.");
        var resolution = new Option<int?>("--resolution") { Description = "Input resolution. (32 for residual, 64 for mobile)" };
        var threads = CommonOptions.Threads();
        foreach (var option in new Option[] { space, networks, repeats, seed, resolution, threads })
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
            Run(
                common.Open(parsed, parsed.GetValue(threads)), task, parsed.GetValue(networks), parsed.GetValue(repeats), (ulong)parsed.GetValue(seed), parsed.GetValue(threads));
        });
        return command;
    }

    private static void Run(ResultFolder results, BenchSpace task, int count, int repeats, ulong seed, int threads)
    {
        var networks = RandomNetworks.Draw(task.Space, task.Resolution, task.Classes, task.Budget, count, seed);
        var pairs = Measure(networks, repeats, threads);
        results.WriteCsv($"{task.Name}.csv", Raw(pairs), $"standard deviation over the {repeats} repeats in its own column");
        results.WriteMarkdown(
            $"{task.Name}.md", $"Closed forms against measured score, space {task.Name}", Spread,
            $"{count} random networks ({task.Task}), {repeats} measurements each in fp32 with 16 images.", Summary(pairs).ToMarkdown());
        results.WritePng($"{task.Name}.png", Scatter(pairs, task), 700, 700);
    }

    private static List<Pair> Measure(IReadOnlyList<Architecture> networks, int repeats, int threads)
    {
        var progress = new Progress("networks", networks.Count);
        var (closedForm, finiteWidth, measured) = (new ClosedFormZenScore(), new FiniteWidthZenScore(), new MeasuredZenScore(new ScoreSettings()));
        var pairs = new List<Pair>();
        foreach (var architecture in networks)
        {
            var network = Network.Lower(architecture).Vanilla;
            var value = measured.Measure(network, (ulong)pairs.Count, RepeatPolicy.Exactly(repeats), threads);
            pairs.Add(new Pair(architecture, closedForm.Score(network), finiteWidth.Score(network), value));
            progress.Advance();
        }

        return pairs;
    }

    private static Table Summary(List<Pair> pairs)
    {
        double[] closed = [.. pairs.Select(p => p.ClosedForm)];
        double[] measured = [.. pairs.Select(p => p.Measured.Mean)];
        double[] finite = [.. pairs.Select(p => p.FiniteWidth)];
        var noise = Math.Sqrt(pairs.Average(p => p.Measured.StandardError * p.Measured.StandardError));
        var table = new Table("quantity", "closed form", "finite width");
        table.Add("Kendall τ-b", Show(closed, measured, Statistic.Kendall), Show(finite, measured, Statistic.Kendall));
        table.Add("Pearson r", Show(closed, measured, Statistic.Pearson), Show(finite, measured, Statistic.Pearson));
        table.Add("bias: measured − computed, mean", Difference(pairs, closed).ShowMean("F3"), Difference(pairs, finite).ShowMean("F3"));
        table.Add("the same in percent of the computed", $"{Percent(pairs, closed).ShowMean("F2")} %", $"{Percent(pairs, finite).ShowMean("F2")} %");
        table.Add("standard deviation of the difference", $"{Difference(pairs, closed).StandardDeviation:F3}", $"{Difference(pairs, finite).StandardDeviation:F3}");
        table.Add("of which noise of the measured means", $"{noise:F3}", $"{noise:F3}");
        table.Add("range of the computed scores", $"{closed.Min():F1} to {closed.Max():F1}", $"{finite.Min():F1} to {finite.Max():F1}");
        table.Add("range of the measured scores", $"{measured.Min():F1} to {measured.Max():F1}", "");
        table.Add("convolutions", $"{pairs.Min(p => p.Convolutions)} to {pairs.Max(p => p.Convolutions)}", "");
        return table;
    }

    private static Sample Difference(List<Pair> pairs, double[] computed) => new(pairs.Zip(computed, (pair, score) => pair.Measured.Mean - score));

    private static Sample Percent(List<Pair> pairs, double[] computed) => new(pairs.Zip(computed, (pair, score) => 100 * (pair.Measured.Mean / score - 1)));

    private static string Show(double[] x, double[] y, Statistic statistic)
    {
        var interval = new Bootstrap(seed: 1).Interval(statistic, x, y);
        return $"{RankCorrelation.Of(statistic, x, y):F5} [{interval?.Low:F5}, {interval?.High:F5}]";
    }

    private static Table Raw(List<Pair> pairs)
    {
        var table = new Table("network", "closed_form", "finite_width", "measured_mean", "measured_sd", "repeats", "convolutions", "resolution", "structure");
        foreach (var pair in pairs)
        {
            table.Add(
                $"{table.Count + 1}", $"{pair.ClosedForm:F5}", $"{pair.FiniteWidth:F5}", $"{pair.Measured.Mean:F5}", $"{pair.Measured.StandardDeviation:F5}",
                $"{pair.Measured.Repeats}", $"{pair.Convolutions}", $"{pair.Architecture.Resolution}",
                StructureString.TryFormat(pair.Architecture)!);
        }

        return table;
    }

    private static Plot Scatter(List<Pair> pairs, BenchSpace task)
    {
        var plot = new Plot();
        double[] measured = [.. pairs.Select(p => p.Measured.Mean)];
        var zero = plot.Add.HorizontalLine(0);
        zero.LineColor = Colors.Gray;
        AddPoints(plot, "closed form", measured, [.. pairs.Select(p => 100 * (p.Measured.Mean / p.ClosedForm - 1))]);
        AddPoints(plot, "finite width", measured, [.. pairs.Select(p => 100 * (p.Measured.Mean / p.FiniteWidth - 1))]);
        plot.Title($"Zen-Score of {pairs.Count} random networks, space {task.Name}, {task.Resolution}×{task.Resolution}");
        plot.XLabel("measured, mean of repeats (nats)");
        plot.YLabel("measured above computed (%)");
        plot.ShowLegend(Alignment.UpperLeft);
        return plot;
    }

    private static void AddPoints(Plot plot, string name, double[] x, double[] y)
    {
        var points = plot.Add.ScatterPoints(x, y);
        points.LegendText = name;
        points.MarkerSize = 6;
    }

    private sealed record Pair(Architecture Architecture, double ClosedForm, double FiniteWidth, ScoreValue Measured)
    {
        public int Convolutions { get; } = NetworkCost.Of(Network.Lower(Architecture)).ConvLayers;
    }
}
