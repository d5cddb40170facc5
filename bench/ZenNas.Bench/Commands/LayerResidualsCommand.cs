using System.CommandLine;
using ScottPlot;
using ZenNas.Architectures;
using ZenNas.Bench.Measuring;
using ZenNas.Bench.Results;
using ZenNas.Scores;
using ZenNas.Torch;

namespace ZenNas.Bench.Commands;

/// <summary>By how much the measured log σ̄ of each convolution exceeds what both closed forms say.</summary>
internal static class LayerResidualsCommand
{
    private const string Spread = "standard error over the repeats in its own column";
    private static readonly string[] Networks = ["zennet_cifar_model_size1M_res32", "zennet_imagenet1k_latency05ms_res224"];

    public static Command Create()
    {
        var command = new Command("layer-residuals", "Measured log σ̄ of each convolution of two zoo networks, less what both closed forms say.");
        var common = new CommonOptions(command);
        var repeats = CommonOptions.Number("--repeats", 24, 2, 10_000, "Measurements.");
        command.Add(repeats);
        command.SetAction(parsed => Run(common.Open(parsed, cores: 2), parsed.GetValue(repeats)));
        return command;
    }

    private static void Run(ResultFolder results, int repeats)
    {
        TorchRuntime.Initialize();
        var plots = new Multiplot();
        plots.AddPlots(Networks.Length);
        foreach (var (name, plot) in Networks.Zip(plots.GetPlots()))
        {
            var network = Network.Lower(ModelZoo.Find(name)!.Architecture).Vanilla;
            var (measured, errors) = Measure(network, repeats);
            double[] closed = [.. Closed(network)];
            var finite = new FiniteWidthZenScore().LayerTerms(network);
            results.WriteCsv($"{name}.csv", Raw(network, measured, errors, closed, finite), Spread);
            Draw(plot, name, [.. measured.Zip(closed, (m, c) => m - c)], [.. measured.Zip(finite, (m, f) => m - f)]);
        }

        results.WritePng("layer-residuals.png", plots, 1000, 800);
    }

    /// <summary>Means of ½·log σ̄² and their standard errors.</summary>
    private static (double[] Means, double[] Errors) Measure(VanillaNetwork network, int repeats)
    {
        var progress = new Progress("measurements", repeats);
        var terms = new List<double[]>();
        for (var repeat = 0; repeat < repeats; repeat++)
        {
            terms.Add([.. FusedPass.Run(network, (ulong)repeat, new ScoreSettings()).Variances.Select(v => 0.5 * Math.Log(v.Clean))]);
            progress.Advance();
        }

        var samples = Enumerable.Range(0, terms[0].Length).Select(i => new Sample(terms.Select(t => t[i]))).ToArray();
        return ([.. samples.Select(s => s.Mean)], [.. samples.Select(s => s.StandardError)]);
    }

    private static IEnumerable<double> Closed(VanillaNetwork network)
    {
        var isInput = true;
        foreach (var layer in network.Layers)
        {
            yield return 0.5 * Math.Log(isInput ? layer.TapSum : ReluMoments.Variance * layer.TapSum + ReluMoments.MeanSquared * layer.TapSpread);
            isInput = false;
        }
    }

    private static Table Raw(VanillaNetwork network, double[] measured, double[] errors, double[] closed, double[] finite)
    {
        var table = new Table("layer", "channels_in", "channels_out", "kernel", "stride", "map", "measured", "standard_error", "closed_form", "finite_width");
        foreach (var layer in network.Layers)
        {
            var i = table.Count;
            table.Add(
                $"{i + 1}", $"{layer.InChannels}", $"{layer.OutChannels}", $"{layer.Kernel}", $"{layer.Stride}", $"{layer.OutSize}", $"{measured[i]:F5}", $"{errors[i]:F5}",
                $"{closed[i]:F5}", $"{finite[i]:F5}");
        }

        return table;
    }

    private static void Draw(Plot plot, string name, double[] before, double[] after)
    {
        double[] layers = [.. Enumerable.Range(1, before.Length).Select(i => (double)i)];
        plot.Add.HorizontalLine(0).LineColor = Colors.Gray;
        AddPoints(plot, "closed form", layers, before);
        AddPoints(plot, "finite width", layers, after);
        plot.Title(name);
        plot.XLabel("convolution");
        plot.YLabel("measured − computed log σ̄ (nats)");
        plot.ShowLegend(Alignment.UpperLeft);
    }

    private static void AddPoints(Plot plot, string name, double[] x, double[] y)
    {
        var points = plot.Add.Scatter(x, y);
        points.LegendText = name;
        points.MarkerSize = 5;
        points.LineWidth = 1;
    }
}
