using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using ScottPlot;
using ZenNas.Architectures;
using ZenNas.Bench.Measuring;
using ZenNas.Bench.Networks;
using ZenNas.Bench.Results;
using ZenNas.Scores;
using ZenNas.Search;
using ZenNas.Torch;
using ZenNas.Torch.Proxies;

namespace ZenNas.Bench.Commands;

/// <summary>
/// The search half of Table 1: Algorithm 2 with each proxy on the residual space, at most 1 M parameters; the best network of each, and
/// what every other proxy says of it. Training them is no part of it.
/// </summary>
internal static class Table1Command
{
    private const int Ahead = 4;
    private const int ValueRepeats = 4;
    private static readonly string[] LeftOut = [PhiScore.Plain.Name, PhiScore.WithBatchNorm.Name];

    public static Command Create()
    {
        var command = new Command("table1", "Search half of Table 1: Algorithm 2 with each proxy, residual space, at most 1 M parameters.");
        var common = new CommonOptions(command);
        var exact = CommonOptions.Number("--steps-exact", 96_000, 1, 10_000_000, "Steps with proxies that need no tensors.");
        var forward = CommonOptions.Number("--steps-forward", 1_000, 1, 10_000_000, "Steps with proxies of forward passes.");
        var gradient = CommonOptions.Number("--steps-gradient", 1_000, 1, 10_000_000, "Steps with grad-norm and synflow.");
        var teNas = CommonOptions.Number("--steps-te-nas", 100, 1, 10_000_000, "Steps with te-nas, which takes a second or more a network.");
        var threads = CommonOptions.Threads();
        var seed = CommonOptions.Number("--seed", 1, 0, int.MaxValue, "Seed of the searches.");
        foreach (var option in new Option[] { exact, forward, gradient, teNas, threads, seed })
        {
            command.Add(option);
        }

        command.SetAction(parsed => Run(
            common.Open(parsed, parsed.GetValue(threads)),
            info => parsed.GetValue(
                info.Name == TeNasScore.Description.Name ? teNas : info.NeedsGradients ? gradient : info.NeedsTensors ? forward : exact),
            parsed.GetValue(threads), (ulong)parsed.GetValue(seed)));
        return command;
    }

    private static void Run(ResultFolder results, Func<ScoreInfo, int> steps, int threads, ulong seed)
    {
        var infos = TorchScores.Catalog.Infos.Where(i => !LeftOut.Contains(i.Name)).ToArray();
        var progress = new Progress("searches and their best networks", 2 * infos.Length);
        var outcomes = new List<Outcome>();
        foreach (var info in infos)
        {
            outcomes.Add(Search(info, steps(info), threads, seed));
            progress.Advance();
        }

        var matrix = new Table(["best network of", .. infos.Select(i => i.Name)]);
        var values = new Table(["best network of", .. infos.SelectMany(i => Names(i.Name))]);
        var (networks, raw) = (Networks(), Networks());
        foreach (var outcome in outcomes)
        {
            AddNetwork(networks, outcome, "N0");
            AddNetwork(raw, outcome, "F0");
            ScoreValue[] row = [.. infos.Select(i => Value(i, outcome.Best, threads, seed))];
            matrix.Add([outcome.Info.Name, .. row.Select(Cell)]);
            values.Add([outcome.Info.Name, .. row.SelectMany(Cells)]);
            progress.Advance();
        }

        var curves = new Table("proxy", "step", "best");
        foreach (var (info, step, best) in outcomes.SelectMany(o => o.Curve.Select(p => (o.Info, p.Step, p.Best))))
        {
            curves.Add(info.Name, $"{step}", $"{best:G8}");
        }

        results.WriteCsv("networks.csv", raw, "none, one search each");
        results.WriteCsv("values.csv", values, $"mean and standard error (se) of {ValueRepeats} repeats; se is 0 where the proxy has no noise");
        results.WriteCsv("convergence.csv", curves, "none, one search each");
        results.WritePng("convergence.png", Picture(outcomes), 1200, 900);
        results.WriteMarkdown(
            "table1.md", "Search with each proxy (search half of Table 1)", $"none: one search each, seed {seed}",
            $"Space residual: {BenchSpace.Residual.Task}. Algorithm 2 with the default variation, population {SearchSettings.DefaultPopulationSize}. Larger scores are better; synflow is −ln.",
            "The proxies had different numbers of steps, because a network costs them very different times (column seconds): the searches show what each proxy finds at a cost that can be paid "
            + "here, not what it would find in equally many steps.",
            networks.ToMarkdown(),
            $"What every proxy says of each best network, mean ± standard error of {ValueRepeats} repeats with fresh draws. Where a proxy has noise, the best network's own score in the table above is "
            + "the maximum of many noisy values; measured again, it usually falls.",
            matrix.ToMarkdown());
    }

    private static Table Networks() =>
        new("proxy", "steps", "seconds", "scored", "failed", "own score, start", "own score, best", "parameters", "MACs", "layers", "structure");

    private static string[] Names(string proxy) => [proxy, $"{proxy} se"];

    private static Outcome Search(ScoreInfo info, int steps, int threads, ulong seed)
    {
        var score = TorchScores.Catalog.Create(info.Name, new ScoreSettings());
        var search = new EvolutionarySearch(BenchSpace.Residual.Settings(seed, Variation.Presets[0]));
        var curve = new List<(long Step, double Best)>();
        var time = Stopwatch.StartNew();
        var ahead = info.NeedsTensors ? Ahead : 1;
        while (search.Step < steps)
        {
            var batch = new List<Proposal>();
            while (batch.Count < ahead && search.Ask(steps) is { } proposal)
            {
                batch.Add(proposal);
            }

            var values = score.EvaluateAll([.. batch.Select(p => (p.Network, StepRandom.Derive(seed, (ulong)p.Fingerprint)))], threads);
            for (var i = 0; i < batch.Count; i++)
            {
                search.Tell(batch[i], values[i].Failure is null ? values[i].Mean : double.NaN);
            }

            if (search.Best is { } best && (curve.Count == 0 || best.Score > curve[^1].Best))
            {
                curve.Add((search.Step, best.Score));
            }
        }

        curve.Add((steps, search.Best!.Score));
        return new Outcome(info, search.Best!, curve, steps, time.Elapsed.TotalSeconds, search.Counts);
    }

    /// <summary>Adds a row whose counts are written in a format.</summary>
    private static void AddNetwork(Table table, Outcome outcome, string counts)
    {
        var cost = outcome.Best.Cost;
        table.Add(
            outcome.Info.Name, Count(outcome.Steps), $"{outcome.Seconds:F1}", Count(outcome.Counts.Scored), $"{outcome.Counts.Failed}", $"{outcome.Curve[0].Best:G6}",
            $"{outcome.Best.Score:G6}", Count(cost.Parameters), Count(cost.Macs), $"{cost.Layers}", StructureString.TryFormat(outcome.Best.Architecture)!);

        string Count(long value) => value.ToString(counts, CultureInfo.InvariantCulture);
    }

    private static ScoreValue Value(ScoreInfo info, Candidate best, int threads, ulong seed) => Evaluation.Of(
        TorchScores.Catalog.Create(info.Name, new ScoreSettings()), Network.Lower(best.Architecture), seed, ValueRepeats, threads).Value;

    private static string Cell(ScoreValue value) => value switch
    {
        { Failure: { } failure } => failure.Reason,
        { Repeats: 0 } => $"{value.Mean:G6}",
        _ => $"{value.Mean:G6} ± {value.StandardError:G2}",
    };

    private static string[] Cells(ScoreValue value) =>
        value.Failure is { } failure ? [failure.Reason, ""] : [$"{value.Mean:G6}", $"{value.StandardError:G3}"];

    private static Multiplot Picture(List<Outcome> outcomes)
    {
        var picture = new Multiplot();
        picture.AddPlots(outcomes.Count);
        picture.Layout = new ScottPlot.MultiplotLayouts.Grid(rows: 3, columns: (outcomes.Count + 2) / 3);
        for (var i = 0; i < outcomes.Count; i++)
        {
            var plot = picture.GetPlot(i);
            var line = plot.Add.Scatter(outcomes[i].Curve.Select(p => (double)p.Step).ToArray(), outcomes[i].Curve.Select(p => p.Best).ToArray());
            line.MarkerSize = 0;
            line.ConnectStyle = ConnectStyle.StepHorizontal;
            plot.Title(outcomes[i].Info.Name);
            plot.XLabel("step");
            plot.YLabel("best score so far");
            // Room for half of the last tick's label.
            plot.Axes.Right.MinimumSize = 30;
        }

        return picture;
    }

    private sealed record Outcome(
        ScoreInfo Info, Candidate Best, IReadOnlyList<(long Step, double Best)> Curve, int Steps, double Seconds, StepCounts Counts);
}
