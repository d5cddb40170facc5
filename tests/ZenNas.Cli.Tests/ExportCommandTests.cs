using System.Text.Json;

namespace ZenNas.Cli.Tests;

public sealed class ExportCommandTests : IDisposable
{
    private const string Net = "SuperConvK3BNRELU(3,8,2,1)SuperResIDWE2K3(8,16,2,8,1)SuperConvK1BNRELU(16,32,1,1)";
    private static readonly string[] Small = ["export", Net, "--resolution", "32", "--classes", "5"];

    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Fact]
    public async Task Should_write_a_model_and_say_what_it_wrote()
    {
        var json = (await ZenNasProgram.Run(_temp.Path, [.. Small, "--out", "net.onnx", "--features", "--json"])).Json;

        AssertExport(json);
        Assert.Equal(("net.onnx", "onnx", "folded"), (Text(json, "file"), Text(json, "format"), Text(json, "batchNorm")));
        Assert.Equal((Net, 0), (Text(json, "structure"), json.GetProperty("seed").GetInt32()));
        Assert.Equal(new FileInfo(_temp["net.onnx"]).Length, json.GetProperty("bytes").GetInt64());
        Assert.Equal("""[{"name":"input","shape":["batch",3,32,32]}]""", Compact(json.GetProperty("inputs")));
        Assert.Equal("""[{"name":"logits","shape":["batch",5]},{"name":"stride4","shape":["batch",32,8,8]}]""", Compact(json.GetProperty("outputs")));
        Assert.Equal([_temp["net.onnx"]], Directory.GetFileSystemEntries(_temp.Path));
        var described = (await ZenNasProgram.Run(_temp.Path, "describe", Net, "--classes", "5", "--json")).Json;
        Assert.Equal(described.GetProperty("parameters").GetInt64(), json.GetProperty("parameters").GetInt64());
    }

    [Fact]
    public async Task Should_read_the_weights_it_writes()
    {
        await ZenNasProgram.Run(_temp.Path, [.. Small, "--format", "safetensors", "--seed", "3", "--out", "w.safetensors"]);

        var loaded = (await ZenNasProgram.Run(_temp.Path, [.. Small, "--weights", "w.safetensors", "--keep-batch-norm", "--batch", "2", "--out", "a.onnx", "--json"])).Json;
        await ZenNasProgram.Run(_temp.Path, [.. Small, "--seed", "3", "--keep-batch-norm", "--batch", "2", "--out", "b.onnx"]);
        await ZenNasProgram.Run(_temp.Path, [.. Small, "--seed", "4", "--keep-batch-norm", "--batch", "2", "--out", "c.onnx"]);
        await ZenNasProgram.Run(_temp.Path, [.. Small, "--weights", "w.safetensors", "--format", "safetensors", "--out", "again.safetensors"]);

        AssertExport(loaded);
        Assert.Equal(("w.safetensors", JsonValueKind.Null, "kept"), (Text(loaded, "weights"), loaded.GetProperty("seed").ValueKind, Text(loaded, "batchNorm")));
        Assert.Equal("""[{"name":"input","shape":[2,3,32,32]}]""", Compact(loaded.GetProperty("inputs")));
        Assert.Equal(File.ReadAllBytes(_temp["b.onnx"]), File.ReadAllBytes(_temp["a.onnx"]));
        Assert.NotEqual(File.ReadAllBytes(_temp["c.onnx"]), File.ReadAllBytes(_temp["a.onnx"]));
        Assert.Equal(File.ReadAllBytes(_temp["w.safetensors"]), File.ReadAllBytes(_temp["again.safetensors"]));
    }

    [Fact]
    public async Task Should_write_a_folder_for_PyTorch()
    {
        var kept = (await ZenNasProgram.Run(_temp.Path, [.. Small, "--format", "pytorch", "--out", "net", "--json"])).Json;
        var folded = (await ZenNasProgram.Run(_temp.Path, [.. Small, "--format", "pytorch", "--fold-batch-norm", "--features", "--out", "folded/", "--json"])).Json;

        AssertExport(kept);
        Assert.Equal(("net", "pytorch", "kept"), (Text(kept, "file"), Text(kept, "format"), Text(kept, "batchNorm")));
        Assert.Equal("""[{"name":"input","shape":["batch",3,32,32]}]""", Compact(kept.GetProperty("inputs")));
        Assert.Equal("""[{"name":"logits","shape":["batch",5]}]""", Compact(kept.GetProperty("outputs")));
        Assert.Equal(["model.py", "weights.safetensors"], Directory.GetFileSystemEntries(_temp["net"]).Select(file => Path.GetFileName(file)).Order());
        Assert.Equal(Directory.GetFiles(_temp["net"]).Sum(file => new FileInfo(file).Length), kept.GetProperty("bytes").GetInt64());
        AssertExport(folded);
        Assert.Equal("folded", Text(folded, "batchNorm"));
        Assert.Equal("""[{"name":"stride4","shape":["batch",32,8,8]}]""", Compact(folded.GetProperty("outputs")));
        Assert.DoesNotContain("bn1", File.ReadAllText(_temp["folded/model.py"]), StringComparison.Ordinal);
        Assert.Contains("features_only=True):", File.ReadAllText(_temp["folded/model.py"]), StringComparison.Ordinal);
        Assert.Equal([_temp["folded"], _temp["net"]], Directory.GetFileSystemEntries(_temp.Path).Order());
    }

    /// <summary>The weights of the folder can be given to the program again, and those that are folded stay it.</summary>
    [Fact]
    public async Task Should_read_the_weights_that_it_writes_for_PyTorch()
    {
        await ZenNasProgram.Run(_temp.Path, [.. Small, "--format", "pytorch", "--fold-batch-norm", "--seed", "3", "--out", "a"]);
        string[] again = [.. Small, "--format", "pytorch", "--weights", "a/weights.safetensors", "--out", "b"];

        var refused = await ZenNasProgram.Run(_temp.Path, [.. again, "--keep-batch-norm"]);
        var json = (await ZenNasProgram.Run(_temp.Path, [.. again, "--json"])).Json;

        Assert.Equal(
            "zennas: --keep-batch-norm is given for --weights 'a/weights.safetensors', whose batch normalisations are folded; allowed are weights that have them\n",
            refused.Error);
        Assert.Equal("folded", Text(json, "batchNorm"));
        Assert.All(["model.py", "weights.safetensors"], file => Assert.Equal(File.ReadAllBytes(_temp[$"a/{file}"]), File.ReadAllBytes(_temp[$"b/{file}"])));
    }

    [Fact]
    public async Task Should_replace_a_file_and_tell_people()
    {
        _temp.Write("net.onnx", "old");

        var outcome = await ZenNasProgram.Run(_temp.Path, [.. Small, "--out", "net.onnx", "--no-logits", "--features"]);

        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        Assert.All(["batch×3×32×32", "stride4", "random weights of seed 0", "onnx: net.onnx, "], part => Assert.Contains(part, outcome.Output, StringComparison.Ordinal));
        Assert.DoesNotContain("logits", outcome.Output, StringComparison.Ordinal);
        Assert.InRange(new FileInfo(_temp["net.onnx"]).Length, 1_000, 100_000);
    }

    public static TheoryData<string, string[]> Refused => new()
    {
        { "--out is missing; allowed is the file to write", [] },
        { "--out is '.', which is a folder; allowed is a file in a folder that exists", ["--out", "."] },
        { "--out is 'new/', which is a folder; allowed is a file in a folder that exists", ["--out", "new/"] },
        { "--out is 'new/net.onnx', whose folder doesn't exist; allowed is a file in a folder that exists", ["--out", "new/net.onnx"] },
        { "--out is '/dev/null', which is a device; allowed is a file in a folder that exists", ["--out", "/dev/null"] },
        { "--out is missing; allowed is the folder to write", ["--format", "pytorch"] },
        { "--out is '.', which is there already; allowed is a new folder in one that exists", ["--out", ".", "--format", "pytorch"] },
        { "--out is 'net.txt', which is there already; allowed is a new folder in one that exists", ["--out", "net.txt", "--format", "pytorch"] },
        { "--out is 'new/net/', whose folder doesn't exist; allowed is a new folder in one that exists", ["--out", "new/net/", "--format", "pytorch"] },
        { "--format is 'caffe'; allowed is one of onnx, pytorch, safetensors", ["--out", "x", "--format", "caffe"] },
        { "--batch is '0'; allowed is dynamic or a whole number from 1 to 65536", ["--out", "x", "--batch", "0"] },
        { "--batch is 'Dynamic'; allowed is dynamic or a whole number from 1 to 65536", ["--out", "x", "--batch", "Dynamic"] },
        { "--batch is given with --format safetensors; allowed is --format onnx", ["--out", "x", "--batch", "dynamic", "--format", "safetensors"] },
        { "--batch is given with --format pytorch; allowed is --format onnx", ["--out", "x", "--batch", "2", "--format", "pytorch"] },
        { "--no-logits is given with --format pytorch; allowed is --format onnx", ["--out", "x", "--features", "--no-logits", "--format", "pytorch"] },
        { "--keep-batch-norm is given with --format safetensors; allowed is --format onnx or pytorch", ["--out", "x", "--keep-batch-norm", "--format", "safetensors"] },
        { "--fold-batch-norm is given with --format safetensors; allowed is --format onnx or pytorch", ["--out", "x", "--fold-batch-norm", "--format", "safetensors"] },
        { "--features is given with --format safetensors; allowed is --format onnx or pytorch", ["--out", "x", "--features", "--format", "safetensors"] },
        { "--fold-batch-norm is given with --keep-batch-norm; allowed is one of them", ["--out", "x", "--fold-batch-norm", "--keep-batch-norm"] },
        { "--no-logits is given without --features, which leaves no output; allowed are both", ["--out", "x", "--no-logits"] },
        { "--seed is given with --weights; allowed is one of them", ["--out", "x", "--seed", "1", "--weights", "w"] },
        { "--weights 'net.txt': weights file ends after 3 of 8 bytes of the length of its header; allowed is a whole file", ["--out", "x", "--weights", "net.txt"] },
    };

    [Theory, MemberData(nameof(Refused))]
    public async Task Should_refuse_with_one_sentence_and_write_nothing(string message, string[] arguments)
    {
        _temp.Write("net.txt", "net");

        var outcome = await ZenNasProgram.Run(_temp.Path, [.. Small, .. arguments]);

        Assert.Null(outcome.WhyNotRefused());
        Assert.Equal($"zennas: {message}\n", outcome.Error);
        Assert.Equal([_temp["net.txt"]], Directory.GetFileSystemEntries(_temp.Path));
    }

    [Fact]
    public async Task Should_refuse_features_that_are_not_there()
    {
        var outcome = await ZenNasProgram.Run(_temp.Path, "export", "SuperConvK3BNRELU(3,8,2,1)", "--features", "--out", "x");

        Assert.Equal("zennas: --features is given for a network without a map at stride 4, 8, 16 or 32; allowed is one that has such a map\n", outcome.Error);
        Assert.Empty(Directory.GetFileSystemEntries(_temp.Path));
    }

    private static void AssertExport(JsonElement json) => json.AssertHas(
        ("file", "string"), ("format", "string"), ("bytes", "integer"), ("structure", "string|null"), ("resolution", "integer"), ("classes", "integer"),
        ("parameters", "integer"), ("weights", "string|null"), ("seed", "integer|null"), ("batchNorm", "string"), ("inputs", "array"), ("outputs", "array"));

    private static string Text(JsonElement json, string property) => json.GetProperty(property).GetString()!;

    private static string Compact(JsonElement json) => JsonSerializer.Serialize(json);
}
