using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using ZenNas.Cli.Rendering;
using ZenNas.Complexity;
using ZenNas.Correlation;
using ZenNas.Runs;
using ZenNas.Scores;

namespace ZenNas.Cli.Correlating;

/// <summary>What a correlation run found.</summary>
/// <param name="Table">The networks.</param>
/// <param name="Scores">The scores that were computed, in order.</param>
/// <param name="Values">By row of the table and score.</param>
/// <param name="Entries">The correlations.</param>
/// <param name="Settings">How it was made.</param>
internal sealed record CorrelationResult(
    NetworkTable Table, ImmutableArray<ScoreInfo> Scores, StoredValue[][] Values, ImmutableArray<CorrelationEntry> Entries, JsonObject Settings)
{
    /// <summary>Column of a score that is a combined rank, negated so that larger is better.</summary>
    public static string RankName(ScoreInfo info) => $"{info.Name}-rank";

    /// <summary>Writes <c>values.csv</c>, <c>correlations.csv</c>, <c>correlations.json</c> and the plots.</summary>
    public void WriteTo(string folder)
    {
        AtomicFile.Write(Path.Combine(folder, "values.csv"), ValuesCsv());
        AtomicFile.Write(Path.Combine(folder, "correlations.csv"), CorrelationsCsv());
        AtomicFile.Write(Path.Combine(folder, "correlations.json"), Terminal.JsonText(ToNode(folder)) + "\n");
        CorrelationPlot.Write(this, folder);
    }

    public JsonObject ToNode(string folder) => new()
    {
        ["settings"] = Settings.DeepClone(),
        ["networks"] = Table.Rows.Length,
        ["groups"] = new JsonArray([.. Groups().Select(g => new JsonObject { ["group"] = g.Name, ["networks"] = g.Networks, ["bins"] = g.Bins })]),
        ["unusedRows"] = new JsonArray([.. Table.Unused.Select(u => new JsonObject { ["row"] = u.Line, ["name"] = u.Name, ["reason"] = u.Reason })]),
        ["failures"] = new JsonArray([.. Failures().Select(f => new JsonObject
        {
            ["row"] = f.Row.Line, ["name"] = f.Row.Name, ["score"] = f.Score, ["reason"] = f.Failure.ToString(),
        })]),
        ["scores"] = new JsonArray([.. Scores.Select(EvaluationView.ToNode)]),
        ["correlations"] = new JsonArray([.. Entries.Select(ToNode)]),
        ["leftOutOfPlot"] = new JsonArray([.. CorrelationPlot.LeftOut(this).Select(g => JsonValue.Create(g))]),
        ["folder"] = folder,
    };

    /// <summary>The groups, in order.</summary>
    public IEnumerable<CorrelationGroup> Groups() => Entries.GroupBy(e => e.Group).Select(g => new CorrelationGroup(
        g.Key, g.First().Networks + g.First().Failed,
        g.Select(e => e.Bin).Distinct().Count(b => b is not (CorrelationStudy.EveryCost or CorrelationStudy.PooledBins))));

    public IEnumerable<(TableRow Row, string Score, ScoreFailure Failure)> Failures() =>
        from row in Enumerable.Range(0, Table.Rows.Length)
        from score in Enumerable.Range(0, Scores.Length)
        where Values[row][score].Value.Failure is not null
        select (Table.Rows[row], Scores[score].Name, Values[row][score].Value.Failure!);

    private static JsonObject ToNode(CorrelationEntry e) => new()
    {
        ["group"] = e.Group,
        ["bin"] = e.Bin,
        ["score"] = e.Score,
        ["statistic"] = Name(e.Statistic),
        ["value"] = Terminal.Number(e.Value),
        ["interval95"] = ToNode(e.Interval),
        ["networks"] = e.Networks,
        ["failed"] = e.Failed,
        ["differenceFromBaseline"] = e.DifferenceFromBaseline is { } d ? Terminal.Number(d) : null,
        ["differenceInterval95"] = ToNode(e.DifferenceInterval),
    };

    private static JsonArray? ToNode(ConfidenceInterval? interval) =>
        interval is { } i ? new JsonArray(JsonValue.Create(i.Low), JsonValue.Create(i.High)) : null;

    private static string Name(Statistic statistic) => statistic.ToString().ToLowerInvariant();

    private string ValuesCsv()
    {
        var csv = new StringBuilder("row,name,group,target,resolution,parameters,macs");
        foreach (var score in Scores)
        {
            csv.Append(CultureInfo.InvariantCulture, $",{score.Name},{score.Name}_se,{score.Name}_seconds,{score.Name}_failure");
        }

        csv.Append('\n');
        for (var i = 0; i < Table.Rows.Length; i++)
        {
            var row = Table.Rows[i];
            var cost = NetworkCost.Of(row.Network);
            csv.Append(
                CultureInfo.InvariantCulture,
                $"{row.Line},{Cell(row.Name)},{Cell(row.Group)},{row.Target:R},{row.Network.Architecture.Resolution},{cost.Parameters},{cost.Macs}");
            foreach (var (value, seconds) in Values[i])
            {
                csv.Append(CultureInfo.InvariantCulture, $",{Real(value.Mean)},{Real(value.StandardError)},{seconds:G4},{Cell(value.Failure?.ToString() ?? "")}");
            }

            csv.Append('\n');
        }

        return csv.ToString();
    }

    private string CorrelationsCsv()
    {
        var csv = new StringBuilder("group,bin,score,statistic,value,low95,high95,networks,failed,difference,difference_low95,difference_high95\n");
        foreach (var e in Entries)
        {
            csv.Append(
                CultureInfo.InvariantCulture,
                $"{Cell(e.Group)},{Cell(e.Bin)},{e.Score},{Name(e.Statistic)},{Real(e.Value)},{Real(e.Interval?.Low)},{Real(e.Interval?.High)},{e.Networks},{e.Failed},"
                + $"{Real(e.DifferenceFromBaseline)},{Real(e.DifferenceInterval?.Low)},{Real(e.DifferenceInterval?.High)}\n");
        }

        return csv.ToString();
    }

    private static string Real(double? value) => value is { } v && double.IsFinite(v) ? v.ToString("G7", CultureInfo.InvariantCulture) : "";

    private static string Cell(string text) =>
        text.AsSpan().IndexOfAny(",\"\n\r") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
