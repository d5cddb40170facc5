using System.Globalization;
using System.Text.Json.Nodes;
using Spectre.Console;
using ZenNas.Architectures;
using ZenNas.Cli.Commands.Latency;
using ZenNas.Cli.Rendering;
using ZenNas.Complexity;
using ZenNas.Latency;
using ZenNas.Runs.Reports;
using ZenNas.Scores;
using ZenNas.Search;

namespace ZenNas.Cli.Commands;

/// <summary>Shows what a search found, as JSON or as text.</summary>
internal static class SearchResult
{
    public static JsonObject ToNode(SearchReport report, string folder)
    {
        var (candidate, closedForm, measured, latency) = report.Best[0];
        var architecture = candidate.Architecture;
        return new JsonObject
        {
            ["structure"] = StructureString.TryFormat(architecture),
            ["resolution"] = architecture.Resolution,
            ["classes"] = architecture.Classes,
            ["parameters"] = candidate.Cost.Parameters,
            ["macs"] = candidate.Cost.Macs,
            ["layers"] = candidate.Cost.Layers,
            ["latencyMs"] = ToNode(latency, report.Budget),
            ["zenScore"] = new JsonObject { ["closedForm"] = Terminal.Number(closedForm), ["measured"] = ToNode(measured) },
            ["upperBound"] = report.UpperBound is { } bound ? Terminal.Number(bound) : null,
            ["gapPercent"] = report.GapPercent is { } gap ? Terminal.Number(gap) : null,
            ["given"] = report.Given is { } given ? ToNode(given, architecture) : null,
            ["searchScore"] = Terminal.Number(candidate.Score),
            ["iterations"] = report.Iterations,
            ["scored"] = report.Counts.Scored,
            ["overBudget"] = report.Counts.OverBudget,
            ["duplicates"] = report.Counts.Duplicates,
            ["failed"] = report.Counts.Failed,
            ["failures"] = new JsonArray([.. report.Failures.Select(ToNode)]),
            ["elapsedSeconds"] = report.ElapsedSeconds,
            ["searchSeconds"] = report.SearchSeconds,
            ["space"] = report.SpaceName,
            ["strategy"] = SearchStrategyNames.Of(report.Strategy),
            ["preset"] = report.Preset,
            ["score"] = report.ScoreName,
            ["seed"] = report.Seed,
            ["runDirectory"] = folder,
            ["architecture"] = ArchitectureJson.ToNode(architecture),
        };
    }

    public static void Show(SearchReport report, string folder)
    {
        var isOther = report.Best.Any(b => b.IsSearchScoreApart);
        var table = Terminal.Table(["rank", .. isOther ? [report.ScoreName] : Array.Empty<string>(), "closed form", "measured", "repeats", "parameters", "MACs", "layers", .. report.Best[0].Latency is null ? Array.Empty<string>() : ["latency predicted", "latency measured"]]);
        for (var i = 0; i < report.Best.Length; i++)
        {
            var (candidate, closedForm, measured, latency) = report.Best[i];
            string[] cells =
            [
                $"{i + 1}", .. isOther ? [Shown.Value(candidate.Score)] : Array.Empty<string>(), Shown.Score(closedForm),
                measured is { } m ? $"{m.Mean.ToString("F2", CultureInfo.InvariantCulture)} ± {m.StandardError.ToString("F2", CultureInfo.InvariantCulture)}" : "not measured",
                measured is { } r ? $"{r.Repeats}" : "",
                Shown.Count(candidate.Cost.Parameters), Shown.Count(candidate.Cost.Macs), $"{candidate.Cost.Layers}", .. LatencyCells(latency),
            ];
            table.AddRow(cells);
        }

        var best = report.Best[0].Candidate.Architecture;
        Terminal.Output.Write(table);
        Terminal.Output.WriteLine(
            $"{Shown.Count(report.Iterations, "step")}, {Shown.Count(report.Counts.Scored, "network")} scored in {Shown.Seconds(report.SearchSeconds)}; "
            + $"{Shown.Seconds(report.ElapsedSeconds)} in all");
        if (report.UpperBound is { } bound)
        {
            Terminal.Output.WriteLine(
                $"no network of the space{(report.Budget.ToString() is { Length: > 0 } budget ? $" within {budget}" : "")} exceeds {Shown.Score(bound)} in closed form: the best one is at most {report.GapPercent!.Value.ToString("F2", CultureInfo.InvariantCulture)} % from the optimum");
        }

        if (report.Given is { } given)
        {
            ShowChanges(given, report.Best[0]);
        }

        foreach (var failure in report.Failures)
        {
            Terminal.Output.WriteLine($"{Shown.Count(failure.Count, "network")} rejected without a score: {failure.Reason}");
        }

        Terminal.Output.WriteLine($"report: {Path.Combine(folder, "report.html")}");
        Console.Out.WriteLine(StructureString.TryFormat(best) ?? $"best network: {Path.Combine(folder, "best.json")}");
    }

    private static void ShowChanges(VerifiedNetwork given, VerifiedNetwork best)
    {
        var changes = NetworkChanges.Between(given.Candidate.Architecture, best.Candidate.Architecture);
        if (changes.IsEmpty)
        {
            Terminal.Output.WriteLine("nothing changed: no better network than the given one was found");
            return;
        }

        var table = Terminal.Table("block before", "after", "change");
        foreach (var change in changes)
        {
            table.AddRow(change.Before is { } before ? $"{before}" : "", change.After is { } after ? $"{after}" : "", change.Text);
        }

        var (old, found) = (given.Candidate.Cost, best.Candidate.Cost);
        Terminal.Output.WriteLine(
            $"from the given network: closed form {Shown.Score(given.ClosedForm)} to {Shown.Score(best.ClosedForm)}, {Shown.Count(old.Parameters)} to {Shown.Count(found.Parameters)} parameters, "
            + $"{Shown.Count(old.Macs)} to {Shown.Count(found.Macs)} MACs, {old.Layers} to {found.Layers} layers");
        Terminal.Output.Write(table);
    }

    private static string[] LatencyCells(NetworkLatency? latency) => latency is null
        ? []
        : [
            latency.Predicted is { } p ? LatencyView.Ms(p.Ms) + (p.IsExtrapolated ? " (a guess)" : "") : "none",
            latency.Measured is { } m ? LatencyView.Ms(m.MedianMs) : "not measured",
        ];

    private static JsonObject? ToNode(NetworkLatency? latency, Budget budget) => latency is null
        ? null
        : new JsonObject
        {
            ["limit"] = budget.MaxLatency!.MaxMs,
            ["predicted"] = latency.Predicted?.Ms,
            ["extrapolated"] = latency.Predicted?.IsExtrapolated,
            ["measured"] = latency.Measured?.MedianMs,
            ["measuredInterval"] = latency.Measured is { MedianInterval: var (low, high) } ? new JsonArray(low, high) : null,
            ["runs"] = latency.Measured?.SortedMs.Length,
            ["conditions"] = LatencyProfileJson.ToNode(latency.Conditions),
        };

    private static JsonObject ToNode(VerifiedNetwork given, Architecture best) => new()
    {
        ["structure"] = StructureString.TryFormat(given.Candidate.Architecture),
        ["closedForm"] = Terminal.Number(given.ClosedForm),
        ["parameters"] = given.Candidate.Cost.Parameters,
        ["macs"] = given.Candidate.Cost.Macs,
        ["layers"] = given.Candidate.Cost.Layers,
        ["changes"] = new JsonArray([.. NetworkChanges.Between(given.Candidate.Architecture, best).Select(change => new JsonObject
        {
            ["before"] = change.Before,
            ["after"] = change.After,
            ["change"] = change.Text,
        })]),
    };

    private static JsonObject ToNode(FailureCount failure) => new()
    {
        ["reason"] = failure.Reason,
        ["count"] = failure.Count,
        ["firstStep"] = failure.First.Step,
        ["firstDetail"] = failure.First.Failure.Detail,
        ["firstNetwork"] = ArchitectureJson.ToNode(failure.First.Architecture),
    };

    private static JsonObject? ToNode(ScoreValue? measured) => measured is not { } value
        ? null
        : new JsonObject
        {
            ["mean"] = Terminal.Number(value.Mean),
            ["standardDeviation"] = Terminal.Number(value.StandardDeviation),
            ["standardError"] = Terminal.Number(value.StandardError),
            ["repeats"] = value.Repeats,
        };
}
