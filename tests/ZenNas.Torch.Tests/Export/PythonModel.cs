using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;
using ZenNas.Export.PyTorch;
using ZenNas.Weights;

namespace ZenNas.Torch.Tests.Export;

/// <summary>A network that was exported to a folder, run in PyTorch.</summary>
internal sealed class PythonModel : IDisposable
{
    private const string Script = """
        import json, sys
        sys.dont_write_bytecode = True
        folder, shape = sys.argv[1], json.loads(sys.argv[2])
        sys.path.insert(0, folder)
        import model, torch
        weights = folder + "/weights.safetensors"
        images = torch.frombuffer(bytearray(open(folder + "/images", "rb").read()), dtype=torch.float32).reshape(shape)
        net = model.create_model(weights, features_only=False).eval()
        backbone = model.create_model(weights, features_only=True).eval() if net.feature_info else None
        with torch.no_grad():
            last = net.forward_features(images)
            outputs = [net(images), last, net.forward_head(last), net.forward_head(last, pre_logits=True)]
            outputs += backbone(images) if backbone else []
        with open(folder + "/outputs", "wb") as file:
            for output in outputs:
                file.write(output.contiguous().numpy().tobytes())
        untrained = []
        for trained in [net, backbone] if backbone else [net]:
            answer = trained.train()(images)
            sum(part.sum() for part in (answer if trained is backbone else [answer])).backward()
            untrained += [name for name, parameter in trained.named_parameters() if parameter.grad is None]
        print(json.dumps({
            "shapes": [list(output.shape) for output in outputs],
            "names": [name for name in net.state_dict() if not name.endswith("num_batches_tracked")],
            "num_classes": net.num_classes,
            "num_features": net.num_features,
            "feature_info": net.feature_info,
            "untrained": untrained,
            "batch_norms": sum(isinstance(module, torch.nn.BatchNorm2d) for module in net.modules()),
            "default": str(type(model.create_model().eval()(images)).__name__),
        }))
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("zennas-pytorch-");

    public PythonModel(NetworkWeights weights, bool featuresOnly = false)
    {
        File.WriteAllText(this[PyTorchExport.ModelFileName], PyTorchExport.ToSource(weights, featuresOnly));
        File.WriteAllBytes(this[PyTorchExport.WeightsFileName], WeightsFile.ToBytes(weights));
    }

    private string this[string name] => Path.Combine(_folder.FullName, name);

    public void Dispose() => _folder.Delete(recursive: true);

    /// <summary>Class scores, the last map, scores of that map, means of that map, then the feature maps; and what the network says of itself.</summary>
    public (List<float[]> Outputs, JsonElement Facts) Run(float[] images, long[] shape)
    {
        File.WriteAllBytes(this["images"], MemoryMarshal.AsBytes(images.AsSpan()).ToArray());
        var facts = JsonDocument.Parse(Python("-c", Script, _folder.FullName, JsonSerializer.Serialize(shape))).RootElement;
        var bytes = File.ReadAllBytes(this["outputs"]).AsSpan();
        var outputs = new List<float[]>();
        foreach (var sizes in facts.GetProperty("shapes").EnumerateArray())
        {
            var count = sizeof(float) * sizes.EnumerateArray().Aggregate(1, (product, size) => product * size.GetInt32());
            outputs.Add(MemoryMarshal.Cast<byte, float>(bytes[..count]).ToArray());
            bytes = bytes[count..];
        }

        return (outputs, facts);
    }

    /// <summary>What it prints when it is started by itself.</summary>
    public string RunAlone() => Python(this[PyTorchExport.ModelFileName]);

    /// <summary>What some lines print that call it <c>model</c>, and its weights <c>weights</c>.</summary>
    public string RunLines(string lines) => Python(
        "-c", $"import sys\nsys.dont_write_bytecode = True\nsys.path.insert(0, sys.argv[1])\nimport model\nweights = sys.argv[1] + '/weights.safetensors'\n{lines}", _folder.FullName);

    private static string Python(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(PythonTorch.Python, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"exit code {process.ExitCode}: {error.Result}");
        return output;
    }
}
