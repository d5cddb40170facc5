namespace ZenNas.Cli.Tests.Hostile;

/// <summary>Makes calls with input that can't be used, the same ones in every run.</summary>
internal sealed class HostileCalls(TempFolder inputs, string space)
{
    private const string Net = "SuperConvK3BNRELU(3,8,1,1)";

    private const string Outside =
        "SuperConvK3BNRELU(3,8,1,1)SuperResIDWE6K3(8,16,1,16,1)SuperResIDWE6K3(16,16,2,16,1)SuperResIDWE6K3(16,16,2,16,1)SuperResIDWE6K3(16,16,2,16,1)SuperConvK1BNRELU(16,32,1,1)";

    private static readonly string[] NoNumbers = ["", " ", "-1", "NaN", "abc", "1KK", "0x10", "1,000", "99999999999999999999", "1e400", "Infinity", "\u001b[2J", "--json"];
    private static readonly string[] SearchWords = ["search", "--space", "residual", "--resolution", "32", "--classes", "10", "--iterations", "10"];

    private static readonly string[] SearchNumbers =
    [
        "--max-params", "--max-flops", "--max-layers", "--population", "--verify", "--batch", "--alpha", "--threads", "--seed",
    ];

    private static readonly string[] ScoreNumbers = ["--resolution", "--repeats", "--batch", "--alpha", "--threads", "--seed"];

    private readonly Random _random = new(1);

    public IEnumerable<HostileCall> All() => [.. Structures(60), .. Flips(20), .. Architectures(40), .. Spaces(15), .. Options(), .. Places()];

    private IEnumerable<HostileCall> Structures(int count) => Enumerable.Range(0, count).Select(i => Taking(i, DamagedStructures.Make(i, _random)));

    private IEnumerable<HostileCall> Flips(int count) => Enumerable.Range(0, count).Select(_ => new HostileCall(true, "describe", DamagedStructures.Flip(_random)));

    private IEnumerable<HostileCall> Architectures(int count) => Enumerable.Range(0, count).Select(
        i => Taking(i / 13 + i, Save($"net{i}.json", DamagedFiles.MakeArchitecture(i, _random))));

    private IEnumerable<HostileCall> Spaces(int count) => Enumerable.Range(0, count).Select(
        i => Refused("search", "--space", Save($"space{i}.json", DamagedFiles.MakeSpace(space, i, _random)), "--resolution", "32", "--classes", "10"));

    private IEnumerable<HostileCall> Options()
    {
        for (var i = 0; i < 12; i++)
        {
            yield return Refused([.. SearchWords, Pick(SearchNumbers), Pick(NoNumbers)]);
            yield return Refused("score", Net, Pick(ScoreNumbers), Pick(NoNumbers));
        }

        yield return Refused("describe", Net, "--classes", "1000001");
        yield return Refused("describe", Net, "--resolution", "4097");
        yield return Refused("score", Net, "--alpha", "0");
        yield return Refused("score", Net, "--batch", "4097");
        yield return Refused("search", "--space", "residual", "--resolution", "32", "--classes", "10", "--iterations", "0");
        yield return Refused([.. SearchWords, "--score", "MEASURED"]);
        yield return Refused([.. SearchWords, "--preset", "greedy"]);
        yield return Refused([.. SearchWords, "--precision", "fp64"]);
        yield return Refused("score", Net, "--method", "");
        yield return Refused("score", Net, "--convention", "both");
        yield return Refused("describe", Net, "--counting", "TRUE");
        yield return Refused("describe", Net, "--bogus");
        yield return Refused("export", Net);
        yield return Refused("export", Net, "--out", "net.onnx", "--format", "caffe");
        yield return Refused("export", Net, "--out", "/", "--format", "pytorch");
        yield return Refused("export", Net, "--out", "net.onnx", "--batch", Pick(NoNumbers));
        yield return Refused("export", Net, "--out", "net.onnx", "--seed", Pick(NoNumbers));
        yield return Refused("export", "SuperConvK7BNRELU(3,65536,1,200)", "--out", "net.onnx");
        yield return Refused([.. SearchWords, "-x"]);
        yield return Refused([.. SearchWords, "--" + new string('y', 100_000)]);
        yield return Refused("zoo", "--json=maybe");
        yield return Refused("score", Net, "surplus");
        yield return Refused([.. SearchWords, "--max-params"]);
        yield return Refused("score", Net, "--batch");
        yield return Refused([.. SearchWords, "--seed", "1", "--seed", "2"]);
        yield return Refused([.. SearchWords, "--space", "mobile"]);
        yield return Refused("describe", Net, "--resolution", "8", "--resolution", "8");
        yield return Refused("search", "--resolution", "32", "--classes", "10");
        yield return Refused("search", "--space", "residual", "--classes", "10");
        yield return Refused("search", "--space", "residual", "--resolution", "32");
        yield return Refused("score");
        yield return Refused("destroy");
        yield return Refused("@" + Save("response.txt", "zoo"u8.ToArray()));
        yield return Refused("");
    }

    private IEnumerable<HostileCall> Places()
    {
        var folder = inputs.Make("folder");
        inputs.Make("full");
        var file = Save(Path.Combine("full", "thesis.txt"), "mine"u8.ToArray());
        yield return Refused("describe", inputs["nowhere.json"]);
        yield return Refused("describe", folder);
        yield return Refused("score", ".");
        yield return Refused("describe", new string('z', 100_000));
        yield return Refused("describe", new string('/', 5_000));
        yield return Refused("describe", "resnet-17");
        yield return Refused("describe", "\u001b]0;title\u0007\u202e");
        yield return Refused("describe", Save("large.txt", new byte[2_000_000]));
        yield return Refused("space", "nowhere");
        yield return Refused("search", "--space", folder, "--resolution", "32", "--classes", "10");
        yield return Refused("search", "--space", inputs["nowhere.json"], "--resolution", "32", "--classes", "10");
        yield return Refused("search", "--resume", inputs["nowhere"]);
        yield return Refused("search", "--resume", folder);
        yield return Refused("search", "--resume", Path.GetDirectoryName(file)!);
        yield return Refused("search", "--resume", file);
        yield return Refused("search", "--resume", "");
        yield return Refused("search", "--resume", folder, "--iterations", "5");
        yield return Refused([.. SearchWords, "--out", Path.GetDirectoryName(file)!]);
        yield return Refused([.. SearchWords, "--out", file]);
        yield return Refused([.. SearchWords, "--out", Path.Combine(file, "run")]);
        yield return Refused([.. SearchWords, "--out", new string('o', 5_000)]);
        yield return Refused("export", Net, "--out", folder);
        yield return Refused("export", Net, "--out", Path.Combine(file, "net.onnx"));
        yield return Refused("export", Net, "--out", new string('o', 5_000));
        yield return Refused("export", Net, "--out", "net.onnx", "--weights", inputs["nowhere.safetensors"]);
        yield return Refused("export", Net, "--out", "net.onnx", "--weights", folder);
        yield return Refused("export", Net, "--out", "net.onnx", "--weights", file);
        yield return Refused("export", Net, "--out", "net.onnx", "--weights", Save("header.safetensors", [0, 0, 0, 2, 0, 0, 0, 0, (byte)'{']));
        yield return Refused([.. SearchWords, "--init", Outside]);
        yield return Refused([.. SearchWords, "--init", "resnet-18"]);
        yield return Refused([.. SearchWords, "--init", "zennet_cifar_model_size1M_res32", "--max-params", "100K"]);
        yield return Refused([.. SearchWords, "--max-params", "1"]);
        yield return Refused([.. SearchWords, "--max-flops", "1"]);
        yield return Refused([.. SearchWords, "--max-layers", "1"]);
    }

    /// <summary>A network handed to each command that takes one.</summary>
    private static HostileCall Taking(int command, string network) => (command % 3) switch
    {
        0 => Refused("describe", network, "--json"),
        1 => Refused("score", network, "--method", "closed-form"),
        _ => Refused([.. SearchWords, "--init", network]),
    };

    private static HostileCall Refused(params string[] arguments) => new(false, arguments);

    private string Save(string name, byte[] content)
    {
        File.WriteAllBytes(inputs[name], content);
        return inputs[name];
    }

    private string Pick(string[] texts) => texts[_random.Next(texts.Length)];
}
