using System.CommandLine;
using System.Text.Json.Nodes;
using Spectre.Console;
using ZenNas.Architectures;
using ZenNas.Cli.Input;
using ZenNas.Cli.Rendering;
using ZenNas.Complexity;
using ZenNas.Scores;
using ZenNas.Torch;

namespace ZenNas.Cli.Commands;

/// <summary><c>zennas compare</c>: every proxy of some networks, side by side.</summary>
internal static class CompareCommand
{
    private const int DefaultRepeats = 3;
    private static readonly string[] PapersNetworks = ["resnet-18", "resnet-50"];

    public static Command Create(CancellationToken cancellation)
    {
        var networks = new Argument<string[]>("NETWORKS")
        {
            Description = $"{NetworkArgument.Description} [default: {string.Join(' ', PapersNetworks)}, the networks of the paper's Table 2]",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var scores = ScoreList.Create();
        var resolution = Options.Integer("--resolution", "Height and width of the input in pixels. [default: each network's own; 224 for a structure string]", 1, Limits.Resolution);
        var classes = Options.Integer("--classes", "Outputs of the classifier. [default: each network's own; 1000 for a structure string]", 1, Limits.Classes);
        var repeats = Options.Integer("--repeats", "Independent measurements of each score that has noise. [default: 3]", 1, 100_000);
        var measuring = new MeasuringOptions();
        var json = Options.Json();
        var command = new Command("compare", "Show the value, the standard error and the time of every proxy for some networks.")
        {
            networks, scores, resolution, classes, repeats,
        };
        measuring.AddTo(command);
        command.Add(json);
        command.SetAction(parsed =>
        {
            var given = parsed.GetValue(networks) is { Length: > 0 } texts ? texts : PapersNetworks;
            var request = new Request(
                [.. given.Select(text => (text, NetworkArgument.Resolve(text, parsed.GetValue(resolution), parsed.GetValue(classes))))],
                [.. ScoreList.Parse(parsed.GetValue(scores))], measuring.Read(parsed), parsed.GetValue(repeats) ?? DefaultRepeats, measuring.Seed(parsed),
                measuring.Threads(parsed, otherwise: 1));
            var rows = Evaluate(request, cancellation);
            if (parsed.GetValue(json))
            {
                Terminal.WriteJson(ToNode(request, rows));
            }
            else
            {
                Show(request, rows);
            }
        });
        return command;
    }

    private static List<Row> Evaluate(Request request, CancellationToken cancellation)
    {
        var scores = request.Scores.Select(name => TorchScores.Catalog.Create(name, request.Settings)).ToArray();
        var rows = new List<Row>();
        using var progress = new ProgressLine();
        var count = request.Networks.Length * scores.Length;
        foreach (var (name, architecture) in request.Networks)
        {
            var network = Network.Lower(architecture);
            var evaluations = new List<Evaluation>();
            foreach (var score in scores)
            {
                progress.Report($"{score.Info.Name} of {Quantity.Shown(name)}, evaluation", rows.Count * scores.Length + evaluations.Count, count);
                evaluations.Add(Evaluation.Of(score, network, request.Seed, request.Repeats, request.Threads, cancellation: cancellation));
            }

            rows.Add(new Row(name, network, [.. evaluations]));
        }

        return rows;
    }

    private static JsonObject ToNode(Request request, List<Row> rows) => new()
    {
        ["settings"] = EvaluationView.ToNode(request.Settings, request.Seed),
        ["threads"] = request.Threads,
        ["scores"] = new JsonArray([.. rows[0].Evaluations.Select(e => EvaluationView.ToNode(e.Info))]),
        ["networks"] = new JsonArray([.. rows.Select(ToNode)]),
        ["combinedRanks"] = new JsonArray([.. Combined(rows).Select(c => new JsonObject
        {
            ["score"] = c.Score,
            ["ranks"] = new JsonArray([.. c.Ranks.Select(r => JsonValue.Create(r))]),
        })]),
    };

    private static JsonObject ToNode(Row row)
    {
        var cost = NetworkCost.Of(row.Network);
        var values = new JsonObject();
        foreach (var evaluation in row.Evaluations)
        {
            values[evaluation.Info.Name] = EvaluationView.ToNode(evaluation);
        }

        return new JsonObject
        {
            ["network"] = row.Name,
            ["structure"] = StructureString.TryFormat(row.Network.Architecture),
            ["resolution"] = row.Network.Architecture.Resolution,
            ["classes"] = row.Network.Architecture.Classes,
            ["parameters"] = cost.Parameters,
            ["macs"] = cost.Macs,
            ["values"] = values,
        };
    }

    private static void Show(Request request, List<Row> rows)
    {
        foreach (var row in rows)
        {
            ShowOne(row);
        }

        foreach (var (score, ranks) in Combined(rows))
        {
            var order = rows.Zip(ranks, (row, rank) => $"{Quantity.Shown(row.Name)} {Shown.Value(rank)}");
            Terminal.Output.WriteLine($"combined rank of {score} among these networks, smaller is better: {string.Join(", ", order)}");
        }

        foreach (var evaluation in rows[0].Evaluations)
        {
            Terminal.Output.WriteLine(ProxyView.Line(evaluation.Info, request.Settings, request.Seed));
        }

        Terminal.Output.WriteLine(
            $"times are the median of an evaluation (and range), without the first, which warms up; {Shown.Count(request.Threads, "evaluation")} of scores with noise at the same time, one thread each");
    }

    private static void ShowOne(Row row)
    {
        var cost = NetworkCost.Of(row.Network);
        var resolution = row.Network.Architecture.Resolution;
        Terminal.Output.WriteLine(
            $"{Quantity.Shown(row.Name)}: {Shown.Count(cost.Parameters)} parameters, {Shown.Count(cost.Macs)} MACs per image, input {resolution}×{resolution}, "
            + $"{Shown.Count(row.Network.Architecture.Classes, "class", "classes")}");
        var table = Terminal.Table("score", "value", "standard error", "repeats", "time", "negated", "gradients", "classes matter");
        foreach (var evaluation in row.Evaluations)
        {
            table.AddRow(
                evaluation.Info.Name, EvaluationView.Value(evaluation), EvaluationView.StandardError(evaluation), EvaluationView.Repeats(evaluation),
                EvaluationView.Time(evaluation), evaluation.Info.IsLargerBetter ? "no" : "yes", evaluation.Info.NeedsGradients ? "yes" : "no", evaluation.Info.DependsOnClasses ? "yes" : "no");
        }

        Terminal.Output.Write(table);
        foreach (var line in row.Evaluations.SelectMany(e => new[] { EvaluationView.Parts(e), EvaluationView.Failure(e) }).OfType<string>())
        {
            Terminal.Output.WriteLine(line);
        }
    }

    /// <summary>Ranks of the scores that are defined by ranks, where every network has both parts.</summary>
    private static IEnumerable<(string Score, double[] Ranks)> Combined(List<Row> rows)
    {
        for (var i = 0; i < rows[0].Evaluations.Length; i++)
        {
            var pairs = rows.Select(row => row.Evaluations[i].Value.Pair).OfType<ScorePair>().ToArray();
            if (rows.Count > 1 && pairs.Length == rows.Count)
            {
                yield return (rows[0].Evaluations[i].Info.Name, ScorePair.CombinedRanks(pairs));
            }
        }
    }

    private sealed record Request(
        (string Name, Architecture Architecture)[] Networks, string[] Scores, ScoreSettings Settings, int Repeats, ulong Seed, int Threads);

    private sealed record Row(string Name, Network Network, Evaluation[] Evaluations);
}
