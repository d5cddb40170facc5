using System.Globalization;
using Spectre.Console;
using ZenNas.Cli.Input;
using ZenNas.Cli.Rendering;
using ZenNas.Correlation;

namespace ZenNas.Cli.Correlating;

/// <summary>Shows the correlations on the terminal, a table for each group and statistic.</summary>
internal static class CorrelationText
{
    private const int MostShown = 10;
    private const int MostNamed = 10;

    private static readonly (Statistic Statistic, string Name)[] Statistics =
        [(Statistic.Kendall, "Kendall τ"), (Statistic.Spearman, "Spearman ρ"), (Statistic.Pearson, "Pearson r")];

    public static void Show(CorrelationResult result, CorrelateRequest request)
    {
        foreach (var group in result.Groups())
        {
            foreach (var (statistic, name) in Statistics)
            {
                Terminal.Output.WriteLine($"{Quantity.Shown(group.Name)}, {name} with 95 % interval: {Shown.Count(group.Networks, "network")}, {Bins(group, request)}");
                Terminal.Output.Write(Table([.. result.Entries.Where(e => e.Group == group.Name && e.Statistic == statistic)], group.Bins > 0, request.Baseline));
            }
        }

        ShowFailures(result);
        foreach (var info in result.Scores)
        {
            Terminal.Output.WriteLine(ProxyView.Line(info, request.Settings, request.Seed));
        }

        Terminal.Output.WriteLine(Footer(result, request));
        if (CorrelationPlot.LeftOut(result) is { Length: > 0 } left)
        {
            var named = string.Join(", ", left.Take(MostNamed).Select(Quantity.Shown));
            Terminal.Output.WriteLine($"the plot leaves out {Shown.Count(left.Length, "group")}: {named}{(left.Length > MostNamed ? "…" : "")}");
        }

        Terminal.Output.WriteLine($"tables and plots: {request.Folder}");
    }

    private static Table Table(CorrelationEntry[] entries, bool hasBins, string? baseline)
    {
        string[] places = hasBins ? [CorrelationStudy.EveryCost, CorrelationStudy.PooledBins] : [CorrelationStudy.EveryCost];
        var table = Terminal.Table(
            ["score", .. places.SelectMany(p => (string[])[Head(p), .. baseline is null ? Array.Empty<string>() : [$"less {baseline}'"]]), "failed"]);
        foreach (var score in entries.GroupBy(e => e.Score))
        {
            var byPlace = score.ToDictionary(e => e.Bin);
            table.AddRow(
            [
                score.Key,
                .. places.Select(p => byPlace[p]).SelectMany(e => (string[])
                [
                    Number(e.Value, e.Interval) ?? "no value",
                    .. baseline is null ? Array.Empty<string>() : [Number(e.DifferenceFromBaseline, e.DifferenceInterval) ?? ""],
                ]),
                $"{byPlace[CorrelationStudy.EveryCost].Failed}",
            ]);
        }

        return table;
    }

    private static string Head(string place) => place == CorrelationStudy.EveryCost ? "all networks" : place;

    private static string Bins(CorrelationGroup group, CorrelateRequest request) => group.Bins > 0
        ? $"{group.Bins} bins of about equal {Cost(request)}"
        : request.Bins == 1 ? "no bins" : "too few for bins";

    private static string Cost(CorrelateRequest request) => request.BinsByParameters ? "parameters" : "MACs";

    private static string Footer(CorrelationResult result, CorrelateRequest request) =>
        "positive: larger scores go with better networks"
        + (result.Scores.Any(s => s.IsRandom) ? $"; {Shown.Count(request.Repeats, "repeat")} of scores with noise" : "")
        + (result.Groups().Any(g => g.Bins > 0)
            ? $"; within bins: only networks of one bin are compared, at most {request.Bins} bins a group by {Cost(request)}, at least {IsoBudgetBins.DefaultMinimumRows} networks a bin"
            : "");

    private static void ShowFailures(CorrelationResult result)
    {
        foreach (var unused in result.Table.Unused.Take(MostShown))
        {
            Terminal.Output.WriteLine($"row {unused.Line} not used: {unused.Reason}");
        }

        foreach (var (row, score, failure) in result.Failures().Take(MostShown))
        {
            Terminal.Output.WriteLine($"{score} of row {row.Line}, {Quantity.Shown(row.Name)}, failed: {failure}");
        }

        var failures = result.Failures().Count();
        if (result.Table.Unused.Length + failures > 0)
        {
            Terminal.Output.WriteLine(
                $"{Shown.Count(result.Table.Unused.Length, "row")} not used, {Shown.Count(failures, "score")} failed; correlations.json names all");
        }
    }

    /// <summary>A cell; brackets are doubled, since single ones are markup.</summary>
    private static string? Number(double? value, ConfidenceInterval? interval) => value is { } v && double.IsFinite(v)
        ? $"{Number(v)}{(interval is { } i ? $" [[{Number(i.Low)}, {Number(i.High)}]]" : "")}"
        : null;

    private static string Number(double value) => value.ToString("0.000", CultureInfo.InvariantCulture);
}
