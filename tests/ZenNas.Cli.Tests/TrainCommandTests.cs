namespace ZenNas.Cli.Tests;

/// <summary>The real program trains, is killed, goes on, evaluates, exports.</summary>
public sealed class TrainCommandTests : IDisposable
{
    private const string Network = "SuperConvK3BNRELU(3,8,2,1)SuperResK3K3(8,16,2,8,1)SuperConvK1BNRELU(16,32,1,1)";

    // A PNG of one pixel.
    private const string OnePixel = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

    private readonly TempFolder _temp = new();

    public TrainCommandTests() => IdxPictures.Write(_temp["fashion-mnist"], training: 2000, test: 300);

    public void Dispose() => _temp.Dispose();

    [Fact]
    public async Task Should_train_evaluate_and_export()
    {
        var trained = await Run("train", Network, "--data", "fashion-mnist", "--recipe", "quick", "--epochs", "4", "--set", "batch=32", "--set", "augmentation.flip=false", "--set", "learningRate=0.8", "--out", "trained", "--json");
        var top1 = trained.Json.GetProperty("top1").GetDouble();
        Assert.True(top1 > 0.5, $"accuracy {top1}");
        Assert.Equal(4, trained.Json.GetProperty("epochs").GetInt32());
        foreach (var file in new[] { "training.json", "checkpoint.safetensors", "weights.safetensors", "metrics.csv", "report.html" })
        {
            Assert.True(File.Exists(Path.Combine(_temp["trained"], file)), file);
        }

        Assert.NotEmpty(Directory.GetFiles(Path.Combine(_temp["trained"], "events")));
        var evaluated = await Run("evaluate", Network, "--weights", "trained/weights.safetensors", "--data", "fashion-mnist", "--json");
        Assert.Equal(top1, evaluated.Json.GetProperty("top1").GetDouble());
        Assert.Equal(300, evaluated.Json.GetProperty("images").GetInt32());
        Assert.Equal(10, evaluated.Json.GetProperty("confusion").GetArrayLength());
        var exported = await Run(
            "export", Network, "--resolution", "28", "--classes", "10", "--weights", "trained/weights.safetensors", "--out", "trained.onnx", "--json");
        Assert.Equal(0, exported.ExitCode);
    }

    /// <summary>An ONNX teacher that was trained here, and the same training without it.</summary>
    [Fact]
    public async Task Should_learn_from_teachers_in_either_format()
    {
        await Run("train", Network, "--data", "fashion-mnist", "--recipe", "quick", "--epochs", "2", "--set", "batch=32", "--out", "teacher");
        await Run("export", Network, "--resolution", "28", "--classes", "10", "--weights", "teacher/weights.safetensors", "--out", "teacher.onnx");
        var losses = new List<double>();
        foreach (var teacher in new[] { "teacher.onnx", "teacher/weights.safetensors" })
        {
            var outcome = await Run(
                "train", "SuperConvK3BNRELU(3,8,2,1)SuperConvK1BNRELU(8,16,2,1)", "--data", "fashion-mnist", "--recipe", "quick", "--epochs", "1", "--set", "batch=32",
                "--teacher", teacher, "--out", $"student{losses.Count}", "--json");
            losses.Add(outcome.Json.GetProperty("trainingLoss").GetDouble());
        }

        // The same teacher in two formats teaches the same.
        Assert.Equal(losses[0], losses[1], 1e-3);
    }

    [Theory]
    [InlineData("fatal", 2)]
    [InlineData("skip", 0)]
    public async Task Should_name_a_broken_picture_or_leave_it_out(string handling, int exitCode)
    {
        foreach (var (part, kind) in new[] { ("train", "cat"), ("train", "dog"), ("val", "cat"), ("val", "dog") })
        {
            Directory.CreateDirectory(Path.Combine(_temp["pictures"], part, kind));
            for (var i = 0; i < 4; i++)
            {
                File.WriteAllBytes(Path.Combine(_temp["pictures"], part, kind, $"{kind}{i}.png"), Convert.FromBase64String(OnePixel));
            }
        }

        var broken = Path.Combine(_temp["pictures"], "val", "dog", "dog2.png");
        File.WriteAllBytes(broken, [1, 2, 3]);
        await Run("export", Network, "--resolution", "28", "--classes", "2", "--format", "safetensors", "--out", "weights.safetensors");

        var outcome = await ZenNasProgram.Run(
            _temp.Path, "evaluate", Network, "--weights", "weights.safetensors", "--data", "pictures", "--resolution", "28", "--broken-pictures", handling, "--json");

        Assert.Equal(exitCode, outcome.ExitCode);
        Assert.Contains(Path.GetFileName(broken), outcome.Error, StringComparison.Ordinal);
        if (exitCode == 0)
        {
            Assert.Equal(7, outcome.Json.GetProperty("images").GetInt32());
        }
    }

    [Fact]
    public async Task Should_not_go_on_with_other_pictures()
    {
        await Run("train", Network, "--data", "fashion-mnist", "--recipe", "quick", "--epochs", "1", "--set", "batch=32", "--out", "begun");
        IdxPictures.Write(_temp["fashion-mnist"], training: 1900, test: 300);

        var outcome = await ZenNasProgram.Run(_temp.Path, "train", "--resume", "begun");

        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains("aren't those that the training began with", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_end_with_the_same_weights_after_kills_at_random_moments()
    {
        string[] training = ["train", Network, "--data", "fashion-mnist", "--recipe", "quick", "--epochs", "8", "--set", "batch=32", "--threads", "2", "--seed", "5"];
        await Run([.. training, "--out", "undisturbed"]);
        var random = new Random(6);
        var kills = 0;
        while (kills < 3)
        {
            var begun = File.Exists(Path.Combine(_temp["killed"], "training.json"));
            using var process = ZenNasProgram.Start(_temp.Path, begun ? ["train", "--resume", "killed"] : [.. training, "--out", "killed"]);
            while (!process.HasExited && !File.Exists(Path.Combine(_temp["killed"], "checkpoint.safetensors")))
            {
                await Task.Delay(20, TestContext.Current.CancellationToken);
            }

            await Task.Delay(random.Next(200, 2500), TestContext.Current.CancellationToken);
            if (process.HasExited)
            {
                break;
            }

            process.Kill();
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            kills++;
        }

        Assert.Equal(3, kills);
        await Run("train", "--resume", "killed");
        Assert.Equal(File.ReadAllBytes(Path.Combine(_temp["undisturbed"], "weights.safetensors")), File.ReadAllBytes(Path.Combine(_temp["killed"], "weights.safetensors")));
        Assert.Equal(9, File.ReadAllLines(Path.Combine(_temp["killed"], "metrics.csv")).Length);
    }

    [Theory]
    [InlineData("--data is missing", "train", Network)]
    [InlineData("NETWORK is missing", "train", "--data", "fashion-mnist")]
    [InlineData("which exists", "train", Network, "--data", "fashion-mnist", "--out", "fashion-mnist")]
    [InlineData("names no value of the recipe", "train", Network, "--data", "fashion-mnist", "--set", "nothing=1")]
    [InlineData("epochs", "train", Network, "--data", "fashion-mnist", "--set", "epochs=0")]
    [InlineData("recipe is 'best'", "train", Network, "--data", "fashion-mnist", "--recipe", "best")]
    [InlineData("is no file", "train", Network, "--data", "fashion-mnist", "--teacher", "nobody.onnx")]
    [InlineData("can't be loaded", "train", Network, "--data", "fashion-mnist", "--teacher", "fashion-mnist/train-labels-idx1-ubyte.gz")]
    [InlineData("has no training.json", "train", "--resume", "fashion-mnist")]
    [InlineData("--seed is given with --resume", "train", "--resume", "fashion-mnist", "--seed", "1")]
    [InlineData("--weights is missing", "evaluate", Network, "--data", "fashion-mnist")]
    [InlineData("", "train", Network, "--data", ".")]
    public async Task Should_refuse_what_makes_no_sense_and_write_nothing(string part, params string[] arguments)
    {
        var outcome = await ZenNasProgram.Run(_temp.Path, arguments);

        Assert.Null(outcome.WhyNotRefused());
        Assert.Contains(part, outcome.Error, StringComparison.Ordinal);
        Assert.Equal(["fashion-mnist"], Directory.GetFileSystemEntries(_temp.Path).Select(path => Path.GetFileName(path)!));
    }

    private async Task<Outcome> Run(params string[] arguments)
    {
        var outcome = await ZenNasProgram.Run(_temp.Path, arguments);
        Assert.True(outcome.ExitCode == 0, outcome.Error);
        return outcome;
    }
}
