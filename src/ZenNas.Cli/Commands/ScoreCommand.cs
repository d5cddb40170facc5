using System.CommandLine;
using System.Diagnostics;
using System.Text.Json.Nodes;
using Spectre.Console;
using ZenNas.Architectures;
using ZenNas.Cli.Input;
using ZenNas.Cli.Rendering;
using ZenNas.Scores;
using ZenNas.Torch;

namespace ZenNas.Cli.Commands;

/// <summary><c>zennas score</c>: the Zen-Score of one network, in closed form and measured.</summary>
internal static class ScoreCommand
{
    private const int DefaultRepeats = 8;
    private static readonly string[] Methods = ["closed-form", "measured", "both", "phi", "phi-bn"];

    public static Command Create(CancellationToken cancellation)
    {
        var network = new Argument<string>("NETWORK") { Description = NetworkArgument.Description };
        var resolution = Options.Integer("--resolution", "Height and width of the input in pixels. [default: the network's own; 224 for a structure string]", 1, Limits.Resolution);
        var method = Options.Choice("--method", "What to compute; phi and phi-bn are the Φ-score without and with batch normalisation. [default: both]", Methods);
        var repeats = Options.Integer("--repeats", "Independent measurements with fresh weights and inputs. [default: 8]", 1, 100_000);
        var measuring = new MeasuringOptions();
        var json = Options.Json();
        var command = new Command("score", "Compute the Zen-Score of a network: in closed form, and measured by Algorithm 1.") { network, resolution, method, repeats };
        measuring.AddTo(command);
        command.Add(json);
        command.SetAction(parsed =>
        {
            var architecture = NetworkArgument.Resolve(parsed.GetRequiredValue(network), parsed.GetValue(resolution), null);
            var request = new Request(
                Network.Lower(architecture), parsed.GetValue(method) ?? "both", measuring.Read(parsed),
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

    private static List<Result> Evaluate(Request request, CancellationToken cancellation)
    {
        var results = new List<Result>();
        var chain = request.Network.Vanilla;
        if (request.Method is "closed-form" or "both")
        {
            var value = new ClosedFormZenScore(request.Options.Alpha).Score(chain);
            results.Add(new Result("closed form", ScoreValue.Exact(value), 0));
        }

        using var progress = new ProgressLine();
        var watch = Stopwatch.StartNew();
        if (request.Method is "measured" or "both")
        {
            var value = new MeasuredZenScore(request.Options).Measure(
                chain, request.Seed, RepeatPolicy.Exactly(request.Repeats), request.Threads,
                done => progress.Report("measured repeat", done, request.Repeats), cancellation);
            results.Add(new Result("measured", value, watch.Elapsed.TotalSeconds / request.Repeats));
        }
        else if (request.Method is "phi" or "phi-bn")
        {
            var value = new PhiScore(request.Options, request.Method == "phi-bn").Measure(
                chain, request.Seed, request.Repeats, request.Threads, cancellation);
            results.Add(new Result("Φ-score", value, watch.Elapsed.TotalSeconds / request.Repeats));
        }

        return results;
    }

    private static JsonObject ToNode(Request request, List<Result> results)
    {
        var architecture = request.Network.Architecture;
        var node = new JsonObject
        {
            ["structure"] = StructureString.TryFormat(architecture),
            ["resolution"] = architecture.Resolution,
            ["alpha"] = request.Options.Alpha,
        };
        foreach (var (name, value, seconds) in results)
        {
            if (name == "closed form")
            {
                node["closedForm"] = Terminal.Number(value.Mean);
                continue;
            }

            node[name == "measured" ? "measured" : "phi"] = new JsonObject
            {
                ["mean"] = Terminal.Number(value.Mean),
                ["standardDeviation"] = Terminal.Number(value.StandardDeviation),
                ["standardError"] = Terminal.Number(value.StandardError),
                ["repeats"] = value.Repeats,
                ["overflow"] = double.IsPositiveInfinity(value.Mean),
                ["convention"] = name == "measured" && request.Options.Convention == Convention.ReleasedCode ? "released-code" : "paper",
                ["batch"] = request.Options.BatchSize,
                ["precision"] = request.Options.Precision == Precision.Fp32 ? "fp32" : "bf16",
                ["seed"] = request.Seed,
                ["device"] = request.Options.Device,
                ["threads"] = request.Threads,
                ["secondsPerRepeat"] = seconds,
            };
        }

        return node;
    }

    private static void Show(Request request, List<Result> results)
    {
        var table = Terminal.Table("method", "score", "standard error", "standard deviation", "repeats", "time a repeat");
        foreach (var (name, value, seconds) in results)
        {
            var isExact = value.Repeats == 0;
            table.AddRow(
                name,
                double.IsPositiveInfinity(value.Mean) ? "overflow" : Shown.Score(value.Mean),
                isExact ? "none" : Error(value.StandardError),
                isExact ? "none" : Error(value.StandardDeviation),
                isExact ? "" : $"{value.Repeats}",
                isExact ? "" : Shown.Seconds(seconds));
        }

        var options = request.Options;
        Terminal.Output.Write(table);
        Terminal.Output.WriteLine(
            $"natural logarithms; input {request.Network.Architecture.Resolution}×{request.Network.Architecture.Resolution}, α = {options.Alpha}");
        if (results.Any(r => r.Value.Repeats > 0))
        {
            Terminal.Output.WriteLine(
                $"measured with N = {options.BatchSize} images, {(options.Convention == Convention.Paper ? "as in Algorithm 1" : "as the released program does")}, "
                + $"{(options.Precision == Precision.Fp32 ? "fp32" : "bf16")}, seed {request.Seed}, {options.Device}, {request.Threads} threads");
        }
    }

    private static string Error(double value) => double.IsFinite(value) ? Shown.Score(value) : "unknown";

    private sealed record Request(Network Network, string Method, MeasurementOptions Options, int Repeats, ulong Seed, int Threads);

    private sealed record Result(string Name, ScoreValue Value, double SecondsPerRepeat);
}
