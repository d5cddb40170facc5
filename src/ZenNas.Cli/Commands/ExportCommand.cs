using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Spectre.Console;
using ZenNas.Architectures;
using ZenNas.Cli.Input;
using ZenNas.Cli.Rendering;
using ZenNas.Complexity;
using ZenNas.Onnx.Export;

namespace ZenNas.Cli.Commands;

/// <summary><c>zennas export</c>: a network with weights as a file for other programs.</summary>
internal static class ExportCommand
{
    public static Command Create()
    {
        var options = new ExportOptions();
        var json = Options.Json();
        var command = new Command("export", "Write a network with random or given weights for other programs: ONNX, or its weights as safetensors.");
        options.AddTo(command);
        command.Add(json);
        command.SetAction(parsed =>
        {
            var request = options.Read(parsed);
            var content = request.ToBytes();
            OutputFile.Write("--out", request.Target, content);
            if (parsed.GetValue(json))
            {
                Terminal.WriteJson(ToNode(request, content.Length));
            }
            else
            {
                Show(request, content.Length);
            }
        });
        return command;
    }

    private static JsonObject ToNode(ExportRequest request, int bytes)
    {
        var architecture = request.Weights.Network.Architecture;
        return new JsonObject
        {
            ["file"] = request.Target,
            ["format"] = request.Format,
            ["bytes"] = bytes,
            ["structure"] = StructureString.TryFormat(architecture),
            ["resolution"] = architecture.Resolution,
            ["classes"] = architecture.Classes,
            ["parameters"] = NetworkCost.Of(request.Weights.Network).Parameters,
            ["weights"] = request.Source,
            ["seed"] = request.Seed,
            ["batchNorm"] = request.IsFolded ? "folded" : "kept",
            ["inputs"] = new JsonArray([.. Inputs(request).Select(ToNode)]),
            ["outputs"] = new JsonArray([.. Outputs(request).Select(ToNode)]),
        };
    }

    private static JsonObject ToNode(OnnxPort port) => new()
    {
        ["name"] = port.Name,
        ["shape"] = new JsonArray([.. port.Shape.Select(size => size is { } known ? JsonValue.Create(known) : (JsonNode)OnnxPort.OpenSize)]),
    };

    private static void Show(ExportRequest request, int bytes)
    {
        if (request.IsOnnx)
        {
            Terminal.Output.Write(PortTable(request));
        }

        var weights = request.Source is null ? $"random weights of seed {request.Seed}" : $"weights of {request.Source}";
        Terminal.Output.WriteLine(
            $"{Shown.Count(NetworkCost.Of(request.Weights.Network).Parameters)} parameters, {weights}, batch normalisations {(request.IsFolded ? "folded" : "kept")}");
        Terminal.Output.WriteLine($"{request.Format}: {request.Target}, {Shown.Count(bytes)} bytes");
    }

    private static Table PortTable(ExportRequest request)
    {
        var table = Terminal.Table("name", "", "shape");
        foreach (var port in Inputs(request))
        {
            table.AddRow(port.Name, "input", ShapeText(port));
        }

        foreach (var port in Outputs(request))
        {
            table.AddRow(port.Name, "output", ShapeText(port));
        }

        return table;
    }

    private static string ShapeText(OnnxPort port) =>
        string.Join('×', port.Shape.Select(size => size?.ToString(CultureInfo.InvariantCulture) ?? OnnxPort.OpenSize));

    private static ImmutableArray<OnnxPort> Inputs(ExportRequest request) =>
        request.IsOnnx ? [OnnxPort.InputOf(request.Weights.Network, request.Settings)] : [];

    private static ImmutableArray<OnnxPort> Outputs(ExportRequest request) =>
        request.IsOnnx ? OnnxPort.OutputsOf(request.Weights.Network, request.Settings) : [];
}
