using System.CommandLine;
using System.Text.Json.Nodes;
using Spectre.Console;
using ZenNas.Architectures;
using ZenNas.Cli.Clustered;
using ZenNas.Cli.Input;
using ZenNas.Cli.Rendering;
using ZenNas.Cluster;
using ZenNas.Cluster.Messages;
using ZenNas.Latency;

namespace ZenNas.Cli.Commands.Latency;

/// <summary><c>zennas latency measure</c>: how long a network takes here.</summary>
internal static class MeasureCommand
{
    private const int PaperBatch = 64;
    private const string PaperPreset = "paper";

    public static Command Create(CancellationToken cancellation)
    {
        var network = new Argument<string>("NETWORK") { Description = NetworkArgument.Description };
        var resolution = Options.Integer("--resolution", "Height and width of the input in pixels. [default: the network's own; 224 for a structure string]", 1, Limits.Resolution);
        var classes = Options.Integer("--classes", "Outputs of the classifier. [default: the network's own; 1000 for a structure string]", 1, Limits.Classes);
        var se = new Option<bool>("--se") { Description = "With the released ZenNets' squeeze-and-excitation in every residual block." };
        var protocol = Options.Choice(
            "--protocol", "default: until the median's 95 % interval is within ±2 % or the time is up; paper: batch 64, 30 runs. [default: default]", "default", PaperPreset);
        var limit = Options.Real("--time-limit", "Seconds after which measuring ends anyway. [default: 30]", 0, 86_400);
        var runtime = new RuntimeOptions();
        var nats = new NatsOptions("NATS server one of whose workers measures, on a device of --device-class.");
        var deviceClass = DeviceClassArgument.Option("Class of the device that measures, with --nats.");
        var json = Options.Json();
        var command = new Command("measure", "Measure the latency of a network with random weights: the fastest of five visits, each after a warm-up and until its median is known within 2 %.")
        {
            network, resolution, classes, se, protocol, limit,
        };
        runtime.AddTo(command);
        command.Add(deviceClass);
        nats.AddTo(command);
        command.Add(json);
        command.SetAction(parsed =>
        {
            var architecture = NetworkArgument.Resolve(parsed.GetRequiredValue(network), parsed.GetValue(resolution), parsed.GetValue(classes));
            architecture = parsed.GetValue(se) ? architecture.WithSqueezeExcitation(SqueezeExcitation.Quarter) : architecture;
            var isPaper = parsed.GetValue(protocol) == PaperPreset;
            if (isPaper && parsed.GetValue(limit) is not null)
            {
                throw new InvalidInputException("--time-limit is given with --protocol paper, which is always 30 runs; allowed is one of them");
            }

            var chosen = isPaper ? LatencyProtocol.Paper : new LatencyProtocol();
            chosen = parsed.GetValue(limit) is { } seconds ? chosen with { MostSeconds = seconds } : chosen;
            var batch = isPaper ? PaperBatch : 1;
            var remote = RemoteDevice.Of(nats.Read(parsed), parsed.GetValue(deviceClass));
            var (measured, machine) = remote is { } device
                ? Measure(device.Server, new LatencyRequest(runtime.Request(parsed, device.Class, batch), architecture, chosen), cancellation)
                : new RemoteMeasurement(Measure(runtime.Create(parsed, batch), architecture, chosen, cancellation), Machine.Current);
            if (parsed.GetValue(json))
            {
                Terminal.WriteJson(ToNode(architecture, measured, machine));
            }
            else
            {
                Show(measured, machine, isPaper ? null : chosen.RelativeError);
            }
        });
        return command;
    }

    public static LatencyMeasurement Measure(ILatencyRuntime runtime, Architecture architecture, LatencyProtocol protocol, CancellationToken cancellation)
    {
        using var progress = new ProgressLine();
        return LatencyMeasurement.Of(
            runtime, Network.Lower(architecture), protocol,
            (seconds, error) => progress.Report($"measuring, ±{LatencyView.Percent(error)} so far", TimeSpan.FromSeconds(Math.Max(0, protocol.MostSeconds - seconds))),
            cancellation);
    }

    private static RemoteMeasurement Measure(ServerOptions server, LatencyRequest request, CancellationToken cancellation)
    {
        using var progress = new ProgressLine();
        using var session = ClusterSession.Open(server, RunName.New(), progress, cancellation);
        return RemoteLatency.Measure(session, request);
    }

    private static JsonObject ToNode(Architecture architecture, LatencyMeasurement measured, Machine machine) => new()
    {
        ["structure"] = StructureString.TryFormat(architecture),
        ["resolution"] = architecture.Resolution,
        ["classes"] = architecture.Classes,
        ["latencyMs"] = LatencyView.ToNode(measured),
        ["conditions"] = LatencyProfileJson.ToNode(measured.Conditions),
        ["machine"] = LatencyProfileJson.ToNode(machine),
    };

    private static void Show(LatencyMeasurement measured, Machine machine, double? wanted)
    {
        var table = Terminal.Table("latency", "batch", "image");
        var batch = measured.Conditions.BatchSize;
        foreach (var (name, ms) in new[]
        {
            ("median", measured.MedianMs), ("95 % interval, from", measured.MedianInterval.Low), ("95 % interval, to", measured.MedianInterval.High),
            ("first quartile", measured.Quartiles.Low), ("third quartile", measured.Quartiles.High), ("mean without the outer tenths", measured.TrimmedMeanMs),
        })
        {
            table.AddRow(name, LatencyView.Ms(ms), LatencyView.Ms(ms / batch));
        }

        Terminal.Output.Write(table);
        Terminal.Output.WriteLine($"{measured.SortedMs.Length} runs; {measured.Conditions}; {machine}");
        if (!measured.OtherVisitsMs.IsEmpty)
        {
            Terminal.Output.WriteLine($"The fastest of {measured.OtherVisitsMs.Length + 1} visits; medians of the others: {string.Join(", ", measured.OtherVisitsMs.Select(LatencyView.Ms))}.");
        }

        if (measured.RelativeError > wanted)
        {
            Terminal.Output.WriteLine($"The time was up before the median was known within {LatencyView.Percent(wanted.Value)}: it is known within {LatencyView.Percent(measured.RelativeError)}.");
        }
    }
}
