using System.CommandLine;
using ZenNas.Architectures;
using ZenNas.Bench.Measuring;
using ZenNas.Bench.Results;
using ZenNas.Scores;
using ZenNas.Torch;
using ZenNas.Torch.Proxies;

namespace ZenNas.Bench.Commands;

/// <summary>Table 2 of the paper: seconds for Zen-Score, TE-Score and NASWOT of ResNet-18 and ResNet-50 at 224×224.</summary>
internal static class Table2Command
{
    private static readonly string[] Networks = ["resnet-18", "resnet-50"];

    private static readonly string[] Scores =
        [MeasuredZenScore.Description.Name, TeNasScore.Description.Name, NaswotScore.Description.Name, ClosedFormZenScore.Description.Name];

    public static Command Create()
    {
        var command = new Command("table2", "Table 2 of the paper: time of Zen-Score, TE-Score and NASWOT for ResNet-18 and ResNet-50, with ratios.");
        var common = new CommonOptions(command);
        var repeats = CommonOptions.Number("--repeats", 5, 2, 10_000, "Evaluations of each score; the first warms up.");
        var batch = CommonOptions.Batch();
        command.Add(repeats);
        command.Add(batch);
        command.SetAction(parsed => Run(common.Open(parsed, cores: 1), parsed.GetValue(repeats), parsed.GetValue(batch)));
        return command;
    }

    private static void Run(ResultFolder results, int repeats, int batch)
    {
        var settings = new ScoreSettings { BatchSize = batch };
        var table = new Table("network", "score", "N", "seconds, median", "range", "times Zen-Score", "value", "standard error");
        var raw = new Table("network", "score", "evaluation", "seconds");
        var progress = new Progress("scores", Networks.Length * Scores.Length);
        foreach (var name in Networks)
        {
            var network = Network.Lower(ModelZoo.Find(name)!.Architecture);
            var evaluations = new List<Evaluation>();
            foreach (var score in Scores)
            {
                evaluations.Add(Evaluation.Of(TorchScores.Catalog.Create(score, settings), network, seed: 1, repeats, threads: 1));
                progress.Advance();
            }

            foreach (var evaluation in evaluations)
            {
                Add(table, raw, name, evaluation, batch, evaluations[0].MedianSeconds);
            }
        }

        results.WriteCsv("table2.csv", raw, "none, single evaluations");
        results.WriteMarkdown(
            "table2.md", "Time of Zen-Score, TE-Score and NASWOT (Table 2)", "range over evaluations",
            $"224×224, N = {batch} images, fp32, one thread, {repeats - 1} timed evaluations after one that warms up. \"measured\" is the Zen-Score of Algorithm 1.",
            table.ToMarkdown());
    }

    private static void Add(Table table, Table raw, string network, Evaluation evaluation, int batch, double zen)
    {
        var (least, most) = evaluation.SecondsRange;
        table.Add(
            network, evaluation.Info.Name, evaluation.Info.NeedsTensors ? $"{batch}" : "none", $"{evaluation.MedianSeconds:G4}", $"{least:G4} to {most:G4}",
            $"{evaluation.MedianSeconds / zen:G4}", evaluation.Value.Failure?.ToString() ?? $"{evaluation.Value.Mean:F3}", $"{evaluation.Value.StandardError:F3}");
        for (var i = 0; i < evaluation.Seconds.Length; i++)
        {
            raw.Add(network, evaluation.Info.Name, $"{i + 1}", $"{evaluation.Seconds[i]:G6}");
        }
    }
}
