using System.Collections.Immutable;
using System.Text.Json.Nodes;
using ZenNas.Cli.Rendering;
using ZenNas.Scores;

namespace ZenNas.Cli.Correlating;

/// <summary>What a correlation run was asked for.</summary>
/// <param name="TableName">The table as the user named it.</param>
/// <param name="Table">Its networks.</param>
/// <param name="Columns">Columns that were read.</param>
/// <param name="IsLowerBetter">Whether the target is an error.</param>
/// <param name="Resolution">Height and width of the input in pixels; null for each network's own.</param>
/// <param name="Classes">Outputs of the classifier; null for each network's own.</param>
/// <param name="Scores">Names of the scores.</param>
/// <param name="Settings">Settings of the scores.</param>
/// <param name="Repeats">Measurements of each score that has noise.</param>
/// <param name="Bins">Most iso-budget bins of a group.</param>
/// <param name="BinsByParameters">Whether bins are made by parameters, otherwise by MACs.</param>
/// <param name="Seed">Seed of all draws.</param>
/// <param name="Threads">Measurements at the same time.</param>
/// <param name="Folder">Where the results go.</param>
internal sealed record CorrelateRequest(
    string TableName, NetworkTable Table, TableColumns Columns, bool IsLowerBetter, int? Resolution, int? Classes, ImmutableArray<string> Scores,
    ScoreSettings Settings, int Repeats, int Bins, bool BinsByParameters, ulong Seed, int Threads, string Folder)
{
    /// <summary>Name of the score that the others are compared with, or null where it isn't computed.</summary>
    public string? Baseline => Scores.Contains(ComplexityScore.Macs.Name) ? ComplexityScore.Macs.Name : null;

    /// <summary>What determines the values.</summary>
    public JsonObject DescribeValues()
    {
        var node = EvaluationView.ToNode(Settings, Seed);
        node["repeats"] = Repeats;
        return node;
    }

    /// <summary>What determines the correlations.</summary>
    public JsonObject Describe()
    {
        var node = DescribeValues();
        node["table"] = TableName;
        node["networkColumn"] = Columns.Network;
        node["targetColumn"] = Columns.Target;
        node["groupColumn"] = Columns.Group;
        node["lowerIsBetter"] = IsLowerBetter;
        node["resolution"] = Resolution;
        node["classes"] = Classes;
        node["bins"] = Bins;
        node["binBy"] = BinsByParameters ? "params" : "macs";
        return node;
    }
}
