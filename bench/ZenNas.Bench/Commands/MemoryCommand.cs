using System.CommandLine;
using System.Globalization;
using ScottPlot;
using ZenNas.Architectures;
using ZenNas.Bench.Measuring;
using ZenNas.Bench.Networks;
using ZenNas.Bench.Results;
using ZenNas.Scores;
using ZenNas.Search;
using ZenNas.Torch;

namespace ZenNas.Bench.Commands;

/// <summary>Whether memory grows with the number of measured scores.</summary>
internal static class MemoryCommand
{
    private const int SampleInterval = 50;
    private const int Settling = 200;
    private const int SignificantErrors = 3;
    private const string StatusFile = "/proc/self/status";

    public static Command Create()
    {
        var command = new Command("memory", "Resident memory over many measured scores of the residual stream.");
        var common = new CommonOptions(command);
        var scores = CommonOptions.Number("--scores", 2000, Settling + 3 * SampleInterval, 10_000_000, "Measured scores.");
        var networks = CommonOptions.Number("--networks", 50, 1, 1000, "Networks of the stream, scored again and again.");
        var threads = CommonOptions.Threads();
        var streams = CommonOptions.Streams();
        foreach (var option in new Option[] { scores, networks, threads, streams })
        {
            command.Add(option);
        }

        command.SetAction(parsed => Run(
            common.Open(parsed, parsed.GetValue(threads)),
            NetworkStream.Read(parsed.GetValue(streams)!, BenchSpace.Residual, parsed.GetValue(networks)),
            parsed.GetValue(scores), parsed.GetValue(threads)));
        return command;
    }

    private static void Run(ResultFolder results, IReadOnlyList<Architecture> stream, int scores, int threads)
    {
        if (!File.Exists(StatusFile))
        {
            throw new InvalidInputException($"{StatusFile} isn't there; allowed is a system that has it");
        }

        var samples = Measure([.. stream.Select(n => Network.Lower(n).Vanilla)], scores, threads);
        var line = Fit(samples, Settling);
        var table = new Table("scores", "resident_kib");
        foreach (var sample in samples)
        {
            table.Add($"{sample.Scores}", $"{sample.Kibibytes:F0}");
        }

        results.WriteCsv("memory.csv", table, "none, single readings");
        results.WriteMarkdown(
            "memory.md", "Resident memory over measured scores", "standard error of the fitted slope after ±",
            $"{scores} measured scores in fp32 with 16 images, {stream.Count} networks of the residual stream in turn, {threads} thread{(threads == 1 ? "" : "s")}; "
            + $"VmRSS read every {SampleInterval} scores.",
            $"After the first {Settling} scores: {Verdict(line)}.",
            $"Over the last half: {Verdict(Fit(samples, scores / 2))}. Until its first collection the managed heap fills its budget, up to some tens "
            + $"of MiB, which isn't a leak; a leak shows here, too. Growth is a slope of more than {SignificantErrors} standard errors.",
            Extremes([.. samples.Where(s => s.Scores >= Settling)]));
        results.WritePng("memory.png", Chart(samples, line));
    }

    private static List<Reading> Measure(VanillaNetwork[] networks, int scores, int threads)
    {
        var progress = new Progress("scores", scores);
        var score = new MeasuredZenScore(new ScoreSettings());
        var samples = new List<Reading>();
        for (var first = 0; first < scores; first += SampleInterval)
        {
            var start = first;
            var count = Math.Min(SampleInterval, scores - first);
            TensorThreads.Run(count, threads, i => MeasureOne(start + i), CancellationToken.None);
            samples.Add(new Reading(first + count, ResidentKibibytes()));
        }

        return samples;

        void MeasureOne(int number)
        {
            score.MeasureOnce(networks[number % networks.Length], StepRandom.Derive(1, (ulong)number));
            progress.Advance();
        }
    }

    private static LineFit Fit(List<Reading> samples, int first)
    {
        var window = samples.Where(s => s.Scores >= first).ToArray();
        return LineFit.Of([.. window.Select(s => (double)s.Scores)], [.. window.Select(s => s.Kibibytes)]);
    }

    private static string Verdict(LineFit line) =>
        $"{(line.Slope > SignificantErrors * line.SlopeError ? "memory grows" : "memory doesn't grow")}, slope {line.Slope:F2} ± {line.SlopeError:F2} "
        + $"KiB a score, {10_000 * line.Slope / 1024:F1} MiB in 10,000 scores";

    private static string Extremes(Reading[] settled) =>
        $"Readings after the first {Settling} scores: {settled.Min(s => s.Kibibytes) / 1024:F1} to {settled.Max(s => s.Kibibytes) / 1024:F1} MiB.";

    private static Plot Chart(List<Reading> samples, LineFit line)
    {
        var plot = new Plot();
        var readings = plot.Add.Scatter(samples.Select(s => (double)s.Scores).ToArray(), samples.Select(s => s.Kibibytes / 1024).ToArray());
        readings.LegendText = "resident set";
        double[] ends = [Settling, samples[^1].Scores];
        var fit = plot.Add.ScatterLine(ends, [.. ends.Select(x => (line.Intercept + line.Slope * x) / 1024)]);
        fit.LegendText = $"fit from {Settling}: {line.Slope:F2} ± {line.SlopeError:F2} KiB a score";
        fit.LineWidth = 2;
        plot.Axes.SetLimitsY(0, 1.15 * samples.Max(s => s.Kibibytes) / 1024);
        plot.Title("Resident memory over measured scores");
        plot.XLabel("measured scores");
        plot.YLabel("MiB");
        plot.ShowLegend(Alignment.LowerRight);
        return plot;
    }

    private static double ResidentKibibytes()
    {
        var entry = File.ReadLines(StatusFile).Single(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
        return double.Parse(entry.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
    }

    private readonly record struct Reading(int Scores, double Kibibytes);
}
