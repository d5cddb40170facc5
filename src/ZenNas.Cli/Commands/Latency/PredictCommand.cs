using System.CommandLine;
using System.Text.Json.Nodes;
using Spectre.Console;
using ZenNas.Architectures;
using ZenNas.Cli.Input;
using ZenNas.Cli.Rendering;
using ZenNas.Latency;

namespace ZenNas.Cli.Commands.Latency;

/// <summary><c>zennas latency predict</c>: the latency of a network on a profiled device.</summary>
internal static class PredictCommand
{
    public static Command Create()
    {
        var network = new Argument<string>("NETWORK") { Description = NetworkArgument.Description };
        var profile = Options.Text("--profile", "Profile of the device, from 'zennas latency profile'. Required.", "FILE");
        var resolution = Options.Integer("--resolution", "Height and width of the input in pixels. [default: the network's own; the profile's for a structure string]", 1, Limits.Resolution);
        var classes = Options.Integer("--classes", "Outputs of the classifier. [default: the network's own; the profile's for a structure string]", 1, Limits.Classes);
        var se = new Option<bool>("--se") { Description = "With the released ZenNets' squeeze-and-excitation in every residual block." };
        var json = Options.Json();
        var command = new Command("predict", "Predict the latency of a network on a profiled device.") { network, profile, resolution, classes, se, json };
        command.SetAction(parsed =>
        {
            var file = parsed.GetValue(profile) ?? throw new InvalidInputException("--profile is missing; allowed is a file that 'zennas latency profile' wrote");
            var read = ProfileArgument.Read(file);
            var text = parsed.GetRequiredValue(network);
            var architecture = NetworkArgument.Resolve(
                text, parsed.GetValue(resolution), parsed.GetValue(classes), defaults: (read.Scope.Resolution, read.Scope.Classes));
            architecture = parsed.GetValue(se) ? architecture.WithSqueezeExcitation(SqueezeExcitation.Quarter) : architecture;
            var prediction = read.Predictor().Predict(Network.Lower(architecture));
            if (parsed.GetValue(json))
            {
                Terminal.WriteJson(ToNode(architecture, read, prediction));
            }
            else
            {
                Show(read, prediction);
            }
        });
        return command;
    }

    private static JsonObject ToNode(Architecture architecture, LatencyProfile profile, LatencyPrediction prediction) => new()
    {
        ["structure"] = StructureString.TryFormat(architecture),
        ["resolution"] = architecture.Resolution,
        ["classes"] = architecture.Classes,
        ["latencyMs"] = new JsonObject { ["predicted"] = prediction.Ms, ["predictedPerImage"] = prediction.Ms / profile.Conditions.BatchSize },
        ["extrapolated"] = prediction.IsExtrapolated,
        ["extrapolatedKernels"] = new JsonArray([.. prediction.Extrapolated.Select(k => JsonValue.Create(KernelNames.Describe(k)))]),
        ["conditions"] = LatencyProfileJson.ToNode(profile.Conditions),
        ["machine"] = LatencyProfileJson.ToNode(profile.Machine),
    };

    private static void Show(LatencyProfile profile, LatencyPrediction prediction)
    {
        Terminal.Output.WriteLine($"{LatencyView.Ms(prediction.Ms)} a batch predicted; {profile.Conditions}; {profile.Machine}");
        if (prediction.IsExtrapolated)
        {
            Terminal.Output.WriteLine(
                $"a guess: {prediction.Extrapolated.Length} kernels lie outside what was profiled, for example {KernelNames.Describe(prediction.Extrapolated[0])}");
        }
    }
}
