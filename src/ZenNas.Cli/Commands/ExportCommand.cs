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

/// <summary><c>zennas export</c>: a network with weights for other programs.</summary>
internal static class ExportCommand
{
    public static Command Create()
    {
        var options = new ExportOptions();
        var json = Options.Json();
        var command = new Command("export", "Write a network with random or given weights for other programs: ONNX, source for PyTorch, or its weights as safetensors.");
        options.AddTo(command);
        command.Add(json);
        command.SetAction(parsed =>
        {
            var request = options.Read(parsed);
            var bytes = request.Write();
            if (parsed.GetValue(json))
            {
                Terminal.WriteJson(ToNode(request, bytes));
            }
            else
            {
                Show(request, bytes);
            }
        });
        return command;
    }

    private static JsonObject ToNode(ExportRequest request, long bytes)
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
            ["inputs"] = new JsonArray([.. request.Inputs.Select(ToNode)]),
            ["outputs"] = new JsonArray([.. request.Outputs.Select(ToNode)]),
        };
    }

    private static JsonObject ToNode(OnnxPort port) => new()
    {
        ["name"] = port.Name,
        ["shape"] = new JsonArray([.. port.Shape.Select(size => size is { } known ? JsonValue.Create(known) : (JsonNode)OnnxPort.OpenSize)]),
    };

    private static void Show(ExportRequest request, long bytes)
    {
        if (!request.Outputs.IsEmpty)
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
        foreach (var port in request.Inputs)
        {
            table.AddRow(port.Name, "input", ShapeText(port));
        }

        foreach (var port in request.Outputs)
        {
            table.AddRow(port.Name, "output", ShapeText(port));
        }

        return table;
    }

    private static string ShapeText(OnnxPort port) =>
        string.Join('×', port.Shape.Select(size => size?.ToString(CultureInfo.InvariantCulture) ?? OnnxPort.OpenSize));
}
