using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Spectre.Console;
using ZenNas.Architectures;
using ZenNas.Cli.Fronts;
using ZenNas.Cli.Input;
using ZenNas.Cli.Rendering;
using ZenNas.Complexity;
using ZenNas.Scores;
using ZenNas.Search.Optimal;
using ZenNas.Search.Scaling;
using ZenNas.Spaces;

namespace ZenNas.Cli.Commands;

/// <summary><c>zennas scale</c>: a family of one network, for other budgets.</summary>
internal static class ScaleCommand
{
    private const int DefaultMultiple = 8;

    public static Command Create()
    {
        var network = new Argument<string>("NETWORK") { Description = NetworkArgument.Description };
        var resolution = Options.Integer("--resolution", "Height and width of the input in pixels. [default: the network's own; 224 for a structure string]", 1, Limits.Resolution);
        var classes = Options.Integer("--classes", "Outputs of the classifier. [default: the network's own; 1000 for a structure string]", 1, Limits.Classes);
        var vary = Options.Text("--vary", "The limit of the family, with its range and number of values: max-params or max-flops, as in max-params=0.5M:8M:5. Required.", "LIMIT=LOWEST:HIGHEST:COUNT");
        var maxLayers = Options.Integer("--max-layers", "Most layers of each.", 1, Limits.Layers);
        var depthToWidth = Options.Real("--max-depth-to-width", "Largest number of convolutions over the geometric mean of their fan-in; the score alone would take the deepest networks. [default: the network's own ratio]", 0, 1e6);
        var multiple = Options.Integer("--multiple", "Widths become multiples of it. [default: 8]", 1, 1024);
        var json = Options.Json();
        var command = new Command("scale", "Scale a network's widths and depths to other budgets, to the highest closed-form Zen-Score of each.")
        {
            network, resolution, classes, vary, maxLayers, depthToWidth, multiple, json,
        };
        command.SetAction(parsed =>
        {
            var varied = VariedLimit.Parse(parsed.GetValue(vary) ?? throw new InvalidInputException("--vary is missing; allowed is max-params or max-flops with a range, as in max-params=0.5M:8M:5"));
            if (varied.Cost is not (FrontCost.Parameters or FrontCost.Macs))
            {
                throw new InvalidInputException($"--vary varies {varied.Name}; allowed is max-params or max-flops");
            }

            var given = NetworkArgument.Resolve(parsed.GetRequiredValue(network), parsed.GetValue(resolution), parsed.GetValue(classes));
            var ratio = parsed.GetValue(depthToWidth) ?? DepthToWidth.Of(Network.Lower(given).Vanilla);
            var family = Family(given, varied, new Budget(MaxLayers: parsed.GetValue(maxLayers)), parsed.GetValue(multiple) ?? DefaultMultiple, ratio);
            if (parsed.GetValue(json))
            {
                Terminal.WriteJson(ToNode(given, varied, family));
            }
            else
            {
                Show(given, varied, family);
            }
        });
        return command;
    }

    private static List<(double Limit, ScaledNetwork Scaled)> Family(Architecture network, VariedLimit varied, Budget others, int multiple, double maxDepthToWidth)
    {
        var score = new ClosedFormZenScore();
        return
        [
            .. varied.Limits.Select(limit => (limit, NetworkScaling.Best(network, varied.Within(others, limit), multiple, maxDepthToWidth, score) ?? throw new InvalidInputException(
                $"--vary asks for at most {VariedLimit.Shown(limit)} {varied.Unit}; no form of the network fits with a depth-to-width ratio of at most {maxDepthToWidth.ToString("G3", CultureInfo.InvariantCulture)}"
                + (others.MaxLayers is { } most ? $" and at most {most} layers" : "") + "; allowed is a larger limit"))),
        ];
    }

    private static void Show(Architecture given, VariedLimit varied, List<(double Limit, ScaledNetwork Scaled)> family)
    {
        var lowered = Network.Lower(given);
        var cost = NetworkCost.Of(lowered);
        var table = Terminal.Table($"most {varied.Unit}", "depth", "width", "depth to width", "used", "score", "parameters", "MACs", "layers");
        table.AddRow("as given", "1×", "1×", Ratio(given), "", Shown.Score(new ClosedFormZenScore().Score(lowered.Vanilla)), Shown.Count(cost.Parameters), Shown.Count(cost.Macs), $"{cost.Layers}");
        foreach (var (limit, scaled) in family)
        {
            table.AddRow(
                VariedLimit.Shown(limit), Factor(scaled.Depth), Factor(scaled.Width), Ratio(scaled.Network), Used(varied, limit, scaled).ToString("P0", CultureInfo.InvariantCulture), Shown.Score(scaled.Score), Shown.Count(scaled.Cost.Parameters), Shown.Count(scaled.Cost.Macs),
                $"{scaled.Cost.Layers}");
        }

        Terminal.Output.Write(table);
        foreach (var (_, scaled) in family)
        {
            Console.Out.WriteLine(StructureString.TryFormat(scaled.Network) ?? ArchitectureJson.Write(scaled.Network));
        }
    }

    /// <summary>Share of the limit that is used: small where widths, layers or the depth-to-width ratio end before it.</summary>
    private static double Used(VariedLimit varied, double limit, ScaledNetwork scaled) => (varied.Cost == FrontCost.Parameters ? scaled.Cost.Parameters : scaled.Cost.Macs) / limit;

    private static string Ratio(Architecture network) => DepthToWidth.Of(Network.Lower(network).Vanilla).ToString("0.###", CultureInfo.InvariantCulture);

    private static string Factor(double value) => value.ToString("0.##", CultureInfo.InvariantCulture) + "×";

    private static JsonObject ToNode(Architecture given, VariedLimit varied, List<(double Limit, ScaledNetwork Scaled)> family) => new()
    {
        ["given"] = ArchitectureJson.ToNode(given),
        ["varied"] = varied.Name,
        ["family"] = new JsonArray([.. family.Select(member => new JsonObject
        {
            ["limit"] = member.Limit,
            ["used"] = Used(varied, member.Limit, member.Scaled),
            ["depth"] = member.Scaled.Depth,
            ["width"] = member.Scaled.Width,
            ["zenScore"] = member.Scaled.Score,
            ["parameters"] = member.Scaled.Cost.Parameters,
            ["macs"] = member.Scaled.Cost.Macs,
            ["layers"] = member.Scaled.Cost.Layers,
            ["structure"] = StructureString.TryFormat(member.Scaled.Network),
            ["architecture"] = ArchitectureJson.ToNode(member.Scaled.Network),
        })]),
    };
}
