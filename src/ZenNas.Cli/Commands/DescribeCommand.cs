using System.CommandLine;
using System.Text.Json.Nodes;
using ZenNas.Architectures;
using ZenNas.Cli.Input;
using ZenNas.Cli.Rendering;
using ZenNas.Complexity;
using ZenNas.Json;

namespace ZenNas.Cli.Commands;

/// <summary><c>zennas describe</c>: what a network is and costs.</summary>
internal static class DescribeCommand
{
    private static readonly EnumNames<Counting> Countings =
        new((Counting.True, "true"), (Counting.ReleasedCode, "released-code"), (Counting.Pycls, "pycls"));

    public static Command Create()
    {
        var network = new Argument<string>("NETWORK") { Description = NetworkArgument.Description };
        var resolution = Options.Integer("--resolution", "Height and width of the input in pixels. [default: the network's own; 224 for a structure string]", 1, Limits.Resolution);
        var classes = Options.Integer("--classes", "Outputs of the classifier. [default: the network's own; 1000 for a structure string]", 1, Limits.Classes);
        var se = new Option<bool>("--se") { Description = "With the released ZenNets' squeeze-and-excitation in every residual block." };
        var counting = Options.Choice("--counting", "How to count. [default: true]", [.. Countings.All]);
        var layers = new Option<bool>("--layers") { Description = "List every layer with its shape and cost." };
        var json = Options.Json();
        var command = new Command("describe", "Show a network's blocks, parameters, MACs, activations and depth.")
        {
            network, resolution, classes, se, counting, layers, json,
        };
        command.SetAction(parsed =>
        {
            var architecture = NetworkArgument.Resolve(parsed.GetRequiredValue(network), parsed.GetValue(resolution), parsed.GetValue(classes));
            if (parsed.GetValue(se))
            {
                architecture = architecture.WithSqueezeExcitation(SqueezeExcitation.Quarter);
            }

            var view = new NetworkView(Network.Lower(architecture), Countings.Parse(parsed.GetValue(counting) ?? Countings.All[0]));
            if (parsed.GetValue(json))
            {
                Terminal.WriteJson(ToNode(view, parsed.GetValue(layers)));
            }
            else
            {
                view.Show(parsed.GetValue(layers));
            }
        });
        return command;
    }

    private static JsonObject ToNode(NetworkView view, bool withLayers)
    {
        var architecture = view.Network.Architecture;
        var cost = view.Cost;
        var node = new JsonObject
        {
            ["structure"] = StructureString.TryFormat(architecture),
            ["resolution"] = architecture.Resolution,
            ["classes"] = architecture.Classes,
            ["counting"] = Countings.Of(view.Counting),
            ["parameters"] = cost.Parameters,
            ["macs"] = cost.Macs,
            ["activations"] = cost.Activations,
            ["layers"] = cost.Layers,
            ["convLayers"] = cost.ConvLayers,
            ["architecture"] = ArchitectureJson.ToNode(architecture),
        };
        if (withLayers)
        {
            node["perLayer"] = new JsonArray([.. view.Rows().Select(row => new JsonObject
            {
                ["name"] = row.Name,
                ["kind"] = row.Kind,
                ["inChannels"] = row.Layer.InChannels,
                ["outChannels"] = row.Layer.OutChannels,
                ["kernel"] = row.Layer.Kernel,
                ["stride"] = row.Layer.Stride,
                ["groups"] = row.Layer.Groups,
                ["inSize"] = row.Layer.InSize,
                ["outSize"] = row.Layer.OutSize,
                ["parameters"] = row.Cost.Parameters,
                ["macs"] = row.Cost.Macs,
                ["activations"] = row.Cost.Activations,
            })]);
        }

        return node;
    }
}
