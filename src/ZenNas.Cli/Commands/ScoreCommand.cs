using System.CommandLine;
using System.Text.Json.Nodes;
using Spectre.Console;
using ZenNas.Architectures;
using ZenNas.Cli.Input;
using ZenNas.Cli.Rendering;
using ZenNas.Scores;
using ZenNas.Torch;

namespace ZenNas.Cli.Commands;

/// <summary><c>zennas score</c>: the Zen-Score or another proxy of one network.</summary>
internal static class ScoreCommand
{
    private const int DefaultRepeats = 8;
    private const string Both = "both";
    private static readonly string ClosedForm = ClosedFormZenScore.Description.Name;
    private static readonly string Measured = MeasuredZenScore.Description.Name;

    public static Command Create(CancellationToken cancellation)
    {
        var network = new Argument<string>("NETWORK") { Description = NetworkArgument.Description };
        var resolution = Options.Integer("--resolution", "Height and width of the input in pixels. [default: the network's own; 224 for a structure string]", 1, Limits.Resolution);
        var classes = Options.Integer("--classes", "Outputs of the classifier. [default: the network's own; 1000 for a structure string]", 1, Limits.Classes);
        var method = Options.Choice(
            "--method", "What to compute; both is the Zen-Score in closed form and measured. [default: both]", [Both, .. TorchScores.Catalog.Names]);
        var repeats = Options.Integer("--repeats", "Independent measurements with fresh weights and inputs. [default: 8]", 1, 100_000);
        var measuring = new MeasuringOptions();
        var json = Options.Json();
        var command = new Command("score", "Compute the Zen-Score of a network, in closed form and measured by Algorithm 1, or another proxy.")
        {
            network, resolution, classes, method, repeats,
        };
        measuring.AddTo(command);
        command.Add(json);
        command.SetAction(parsed =>
        {
            var architecture = NetworkArgument.Resolve(parsed.GetRequiredValue(network), parsed.GetValue(resolution), parsed.GetValue(classes));
            var request = new Request(
                Network.Lower(architecture), Methods(parsed.GetValue(method) ?? Both), measuring.Read(parsed),
                parsed.GetValue(repeats) ?? DefaultRepeats, measuring.Seed(parsed), measuring.Threads(parsed));
            var results = Evaluate(request, cancellation);
            if (parsed.GetValue(json))
            {
                Terminal.WriteJson(ToNode(request, results));
            }
            else
            {
                Show(request, results);
            }
        });
        return command;
    }

    private static string[] Methods(string name) => name == Both ? [ClosedForm, Measured] : [name];

    private static List<Evaluation> Evaluate(Request request, CancellationToken cancellation)
    {
        var results = new List<Evaluation>();
        using var progress = new ProgressLine();
        foreach (var score in request.Methods.Select(name => TorchScores.Catalog.Create(name, request.Settings)))
        {
            var result = Evaluation.Of(
                score, request.Network, request.Seed, request.Repeats, request.Threads,
                done => progress.Report($"{score.Info.Name}, repeat", done, request.Repeats), cancellation);
            results.Add(HasValue(result) ? result : throw new InvalidInputException($"{score.Info.Name} can't be computed for this network, {result.Value.Failure}"));
        }

        return results;
    }

    /// <summary>An overflow of the Φ-score is a finding, the paper's Figure 2.</summary>
    private static bool HasValue(Evaluation result) => result.Value.Failure is null || double.IsPositiveInfinity(result.Value.Mean);

    private static JsonObject ToNode(Request request, List<Evaluation> results)
    {
        var architecture = request.Network.Architecture;
        var node = new JsonObject
        {
            ["structure"] = StructureString.TryFormat(architecture),
            ["resolution"] = architecture.Resolution,
            ["classes"] = architecture.Classes,
        };
        if (results.Exists(r => r.Info.UsesAlpha))
        {
            node["alpha"] = request.Settings.Alpha;
        }

        node["scores"] = new JsonArray([.. results.Select(r => EvaluationView.ToNode(r.Info))]);
        foreach (var result in results)
        {
            if (result.Info.Name == ClosedForm)
            {
                node["closedForm"] = Terminal.Number(result.Value.Mean);
            }
            else
            {
                node[result.Info.Name] = ToNode(request, result);
            }
        }

        return node;
    }

    private static JsonObject ToNode(Request request, Evaluation result)
    {
        var node = EvaluationView.ToNode(result);
        node["overflow"] = double.IsPositiveInfinity(result.Value.Mean);
        foreach (var (name, value) in ProxyView.ToNode(result.Info, request.Settings, request.Seed).Where(p => p.Key != "alpha"))
        {
            node[name] = value!.DeepClone();
        }

        node["threads"] = request.Threads;
        node["secondsPerRepeat"] = result.MedianSeconds / result.AtOnce;
        return node;
    }

    private static void Show(Request request, List<Evaluation> results)
    {
        var table = Terminal.Table("method", "score", "standard error", "standard deviation", "repeats", "time");
        foreach (var result in results)
        {
            table.AddRow(
                result.Info.Name, EvaluationView.Value(result), EvaluationView.StandardError(result), EvaluationView.StandardDeviation(result),
                EvaluationView.Repeats(result), EvaluationView.Time(result));
        }

        Terminal.Output.Write(table);
        foreach (var result in results)
        {
            Terminal.Output.WriteLine(ProxyView.Line(result.Info, request.Settings, request.Seed));
            foreach (var line in new[] { EvaluationView.Parts(result), EvaluationView.Failure(result) }.OfType<string>())
            {
                Terminal.Output.WriteLine(line);
            }
        }

        var architecture = request.Network.Architecture;
        var atOnce = results.Max(r => r.AtOnce);
        Terminal.Output.WriteLine(
            $"input {architecture.Resolution}×{architecture.Resolution}, {Shown.Count(architecture.Classes, "class", "classes")}"
            + (results.Exists(r => r.Info.IsRandom) ? $"; times with {Shown.Count(atOnce, "evaluation")} at the same time, one thread each" : ""));
    }

    private sealed record Request(Network Network, string[] Methods, ScoreSettings Settings, int Repeats, ulong Seed, int Threads);
}
