using System.Collections.Immutable;
using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Spectre.Console;
using ZenNas.Architectures;
using ZenNas.Cli.Fronts;
using ZenNas.Cli.Input;
using ZenNas.Cli.Rendering;
using ZenNas.Search.Optimal;

namespace ZenNas.Cli.Commands;

/// <summary><c>zennas front</c>: the best network for each of a range of budgets.</summary>
internal static class FrontCommand
{
    public static Command Create(CancellationToken cancellation)
    {
        var target = new BudgetOptions();
        var vary = Options.Text("--vary", "The limit that is varied, with its range and number of values: max-params, max-flops, max-layers or max-latency, as in max-params=0.25M:8M:12. Required.", "LIMIT=LOWEST:HIGHEST:COUNT");
        var output = Options.Text("--out", "New folder for list, pictures and page. [default: none is written]", "FOLDER");
        var threads = Options.Integer("--threads", "Threads; they don't change the result. [default: all cores]", 1, 4096);
        var json = Options.Json();
        var command = new Command("front", "The network of the highest closed-form Zen-Score for each of a range of budgets, how far each may be from the best possible, and where the front bends.");
        foreach (var option in target.All.Append(vary).Append(output).Append(threads).Append(json))
        {
            command.Add(option);
        }

        command.SetAction(parsed =>
        {
            var varied = VariedLimit.Parse(parsed.GetValue(vary) ?? throw new InvalidInputException("--vary is missing; allowed is a limit with a range, as in max-params=0.25M:8M:12"));
            var wanted = target.Read(parsed, varied.Cost == FrontCost.Latency ? varied.Limits[^1] : null);
            if (varied.IsLimitedBy(wanted.Budget))
            {
                throw new InvalidInputException($"--{varied.Name} is given while --vary varies it; allowed is one of them");
            }

            var folder = parsed.GetValue(output) is { } path ? NewFolder.Check("--out", path) : null;
            var clock = Stopwatch.StartNew();
            var points = Find(wanted, varied, parsed.GetValue(threads) ?? Environment.ProcessorCount, cancellation);
            var seconds = clock.Elapsed.TotalSeconds;
            if (folder is not null)
            {
                NewFolder.Write("--out", folder, FrontFiles.Of(points, wanted, varied, seconds));
            }

            if (parsed.GetValue(json))
            {
                Terminal.WriteJson(FrontFiles.ToNode(points, wanted, varied, seconds));
            }
            else
            {
                Show(points, varied, seconds, folder);
            }
        });
        return command;
    }

    private static ImmutableArray<FrontPoint> Find(SearchTarget target, VariedLimit varied, int threads, CancellationToken cancellation)
    {
        using var progress = new ProgressLine();
        return FrontFinder.Find(
            target, varied, threads,
            (done, p) => progress.Report(
                p is { } next ? $"budget of the front, best {Shown.Value(next.Best)}, at most {Shown.Value(next.UpperBound)}:" : "budget of the front:", done, varied.Limits.Length),
            cancellation);
    }

    private static void Show(ImmutableArray<FrontPoint> points, VariedLimit varied, double seconds, string? folder)
    {
        var table = Terminal.Table([$"most {varied.Unit}", "used", "score", "no network has more", "gap", "parameters", "MACs", "layers", "knee"]);
        foreach (var point in points)
        {
            table.AddRow(
                VariedLimit.Shown(point.Limit), VariedLimit.Shown(point.Used), Shown.Score(point.Optimum.Score), Shown.Score(point.Optimum.UpperBound),
                point.Optimum.GapPercent.ToString("F2", CultureInfo.InvariantCulture) + " %", Shown.Count(point.Cost.Parameters), Shown.Count(point.Cost.Macs),
                $"{point.Cost.Layers}", point.IsKnee ? "yes" : "");
        }

        Terminal.Output.Write(table);
        Terminal.Output.WriteLine($"{Shown.Count(points.Length, "budget")} in {Shown.Seconds(seconds)}{(folder is null ? "" : $"; report: {Path.Combine(folder, "report.html")}")}");
        foreach (var point in points)
        {
            Console.Out.WriteLine(StructureString.TryFormat(point.Optimum.Best));
        }
    }
}
