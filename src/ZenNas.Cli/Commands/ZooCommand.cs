using System.CommandLine;
using System.Text.Json.Nodes;
using Spectre.Console;
using ZenNas.Architectures;
using ZenNas.Cli.Input;
using ZenNas.Cli.Rendering;
using ZenNas.Complexity;
using ZenNas.Scores;

namespace ZenNas.Cli.Commands;

/// <summary><c>zennas zoo</c>: the published networks that can be named.</summary>
internal static class ZooCommand
{
    public static Command Create()
    {
        var json = Options.Json();
        var command = new Command("zoo", "List the published networks that other commands take by name: the released ZenNets, ResNets, ResNeXts, RegNetX and RegNetY.") { json };
        command.SetAction(parsed =>
        {
            var entries = ModelZoo.Entries.Select(Evaluate).ToArray();
            if (parsed.GetValue(json))
            {
                Terminal.WriteJson(new JsonArray([.. entries.Select(ToNode)]));
            }
            else
            {
                Show(entries);
            }
        });
        return command;
    }

    private static (ZooEntry Entry, NetworkCost Cost, double Score) Evaluate(ZooEntry entry)
    {
        var network = Network.Lower(entry.Architecture);
        return (entry, NetworkCost.Of(network), new ClosedFormZenScore().Score(network.Vanilla));
    }

    private static JsonNode ToNode((ZooEntry Entry, NetworkCost Cost, double Score) e) => new JsonObject
    {
        ["name"] = e.Entry.Name,
        ["family"] = e.Entry.Family,
        ["resolution"] = e.Entry.Architecture.Resolution,
        ["classes"] = e.Entry.Architecture.Classes,
        ["parameters"] = e.Cost.Parameters,
        ["macs"] = e.Cost.Macs,
        ["layers"] = e.Cost.Layers,
        ["closedForm"] = e.Score,
        ["structure"] = StructureString.TryFormat(e.Entry.Architecture),
    };

    private static void Show(IEnumerable<(ZooEntry Entry, NetworkCost Cost, double Score)> entries)
    {
        var table = Terminal.Table("name", "input", "classes", "parameters", "MACs", "layers", "Zen-Score (closed form)");
        foreach (var (entry, cost, score) in entries)
        {
            var a = entry.Architecture;
            table.AddRow(
                entry.Name, $"{a.Resolution}×{a.Resolution}", Shown.Count(a.Classes), Shown.Short(cost.Parameters), Shown.Short(cost.Macs),
                Shown.Count(cost.Layers), Shown.Score(score));
        }

        Terminal.Output.Write(table);
    }
}
