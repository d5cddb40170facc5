using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace ZenNas.Cli.Tests;

/// <summary>The latency commands, and searches within a limit on latency, with one small profile.</summary>
public sealed class LatencyCommandTests(LatencyCommandTests.SmallProfile small) : IClassFixture<LatencyCommandTests.SmallProfile>
{
    private static readonly string[] ProfileArguments =
        ["latency", "profile", "--space", "residual", "--resolution", "16", "--max-flops", "4M", "--threads", "1", "--minutes", "0.15", "--out", SmallProfile.Name];

    private readonly string _folder = small.Folder;

    [Fact]
    public void Should_go_on_after_a_kill_without_measuring_again()
    {
        Assert.True(small.Before.Length >= 3);
        Assert.Equal(small.Before, Networks(small.Text)[..small.Before.Length]);
        Assert.Contains($"going on after {small.Before.Length} networks", small.Resumed.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(_folder, SmallProfile.Name + ".partial")));
    }

    [Theory]
    [InlineData("onnxruntime", "fp32")]
    [InlineData("torch", "fp32")]
    [InlineData("torch", "bf16")]
    public async Task Should_measure(string runtime, string precision)
    {
        var json = (await Run("latency", "measure", "resnet-18", "--resolution", "32", "--runtime", runtime, "--precision", precision, "--batch", "2", "--threads", "1", "--time-limit", "1", "--json")).Json;

        var latency = json.GetProperty("latencyMs");
        Assert.InRange(latency.GetProperty("medianMs").GetDouble(), 0.01, 10_000);
        Assert.Equal(latency.GetProperty("medianMs").GetDouble() / 2, latency.GetProperty("medianMsPerImage").GetDouble());
        Assert.True(latency.GetProperty("runs").GetInt32() >= 15);
        Assert.Equal((runtime, precision, 2, 1), Conditions(json));
    }

    [Theory]
    [InlineData("sleep")]
    [InlineData("spin")]
    public async Task Should_let_threads_wait_as_asked(string waiting)
    {
        var json = (await Run("latency", "measure", "resnet-18", "--resolution", "32", "--threads", "2", "--waiting", waiting, "--time-limit", "1", "--json")).Json;

        Assert.Equal(waiting, json.GetProperty("conditions").GetProperty("waiting").GetString());
    }

    [Fact]
    public async Task Should_measure_as_the_paper_does()
    {
        var json = (await Run("latency", "measure", "zennet_cifar_model_size05M_res32", "--protocol", "paper", "--json")).Json;

        Assert.Equal((30, 64), (json.GetProperty("latencyMs").GetProperty("runs").GetInt32(), json.GetProperty("conditions").GetProperty("batch").GetInt32()));
    }

    [Fact]
    public async Task Should_predict_and_say_what_is_a_guess()
    {
        var known = (await Run("latency", "predict", "SuperConvK3BNRELU(3,16,1,1)SuperResK3K3(16,32,2,32,1)SuperResK3K3(32,64,2,32,1)", "--profile", SmallProfile.Name, "--json")).Json;
        var wide = (await Run("latency", "predict", "SuperConvK3BNRELU(3,4096,1,1)", "--profile", SmallProfile.Name, "--json")).Json;

        Assert.InRange(known.GetProperty("latencyMs").GetProperty("predicted").GetDouble(), 0.005, 100);
        Assert.True(wide.GetProperty("extrapolated").GetBoolean());
        Assert.NotEqual(0, wide.GetProperty("extrapolatedKernels").GetArrayLength());
    }

    [Fact]
    public async Task Should_evaluate()
    {
        var json = (await Run("latency", "evaluate", "--profile", SmallProfile.Name, "--networks", "4", "--patience", "0.05", "--json")).Json;

        Assert.Equal(4, json.GetProperty("networks").GetArrayLength());
        foreach (var (accuracy, predicted, measured) in new[] { ("predictor", "predictedMs", "atProfilesPaceMs"), ("predictorAsMeasured", "predictedMs", "measuredMs"), ("predictorMedianVisit", "predictedMs", "medianVisitMs"), ("macsOnlyAsMeasured", "macsOnlyMs", "measuredMs") })
        {
            var errors = json.GetProperty("networks").EnumerateArray().Select(n => Math.Abs(n.GetProperty(predicted).GetDouble() / n.GetProperty(measured).GetDouble() - 1)).Order().ToArray();
            Assert.Equal((errors[1] + errors[2]) / 2, json.GetProperty(accuracy).GetProperty("medianAbsoluteError").GetDouble(), 1e-9);
            Assert.Equal(errors.Count(e => e <= 0.1) / 4.0, json.GetProperty(accuracy).GetProperty("withinTenPercent").GetDouble());
        }
    }

    /// <summary>The run keeps the profile, so it can be resumed when the file is gone.</summary>
    [Fact]
    public async Task Should_search_within_a_limit_and_resume()
    {
        File.Copy(Path.Combine(_folder, SmallProfile.Name), Path.Combine(_folder, "passing.json"));
        var undisturbed = (await Run(Search("passing.json", "undisturbed"))).Json;
        using (var process = ZenNasProgram.Start(_folder, Search("passing.json", "killed")))
        {
            await RunFolder.Begun(Path.Combine(_folder, "killed"), process, TestContext.Current.CancellationToken);
            process.Kill();
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        File.Delete(Path.Combine(_folder, "passing.json"));
        var resumed = (await Run("search", "--resume", "killed", "--json")).Json;

        var latency = undisturbed.GetProperty("latencyMs");
        Assert.InRange(latency.GetProperty("predicted").GetDouble(), 0, 0.5);
        Assert.InRange(latency.GetProperty("measured").GetDouble(), 0.01, 10);
        Assert.Equal(0.5, latency.GetProperty("limit").GetDouble());
        Assert.Equal(undisturbed.GetProperty("structure").GetString(), resumed.GetProperty("structure").GetString());
        Assert.Equal(latency.GetProperty("predicted").GetDouble(), resumed.GetProperty("latencyMs").GetProperty("predicted").GetDouble());
        Assert.Contains("Latency of a batch", await File.ReadAllTextAsync(Path.Combine(_folder, "undisturbed", "report.html"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_search_by_measured_latency()
    {
        var json = (await Run(
            "search", "--space", "residual", "--resolution", "16", "--classes", "100", "--max-latency", "400us", "--latency", "measured", "--latency-threads", "1",
            "--max-flops", "4M", "--iterations", "25", "--verify", "1", "--out", "measured", "--json")).Json;

        Assert.Equal(JsonValueKind.Null, json.GetProperty("latencyMs").GetProperty("predicted").ValueKind);
        Assert.InRange(json.GetProperty("latencyMs").GetProperty("measured").GetDouble(), 0.01, 10);
    }

    /// <summary>Profile on one machine, search on another: the prediction stands, the measurement is left out.</summary>
    [Fact]
    public async Task Should_search_for_another_machine_and_refuse_to_evaluate_there()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "foreign.json"), Foreign(small.Text), TestContext.Current.CancellationToken);

        var search = await Run(Search("foreign.json", "foreign"));
        var evaluate = await Run("latency", "evaluate", "--profile", "foreign.json");

        Assert.Equal(JsonValueKind.Null, search.Json.GetProperty("latencyMs").GetProperty("measured").ValueKind);
        Assert.Contains("latency not measured: the profile is of Abacus", search.Error, StringComparison.Ordinal);
        Assert.Null(evaluate.WhyNotRefused());
        Assert.Contains("is of Abacus", evaluate.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("truncated", "not valid JSON")]
    [InlineData("edited", "checksum")]
    [InlineData("version", "version: is 9")]
    [InlineData("another", "is missing")]
    [InlineData("folder", "can't be read")]
    public async Task Should_refuse_a_damaged_profile(string damage, string sentence)
    {
        var name = $"{damage}.json";
        var path = Path.Combine(_folder, name);
        if (damage == "folder")
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            await File.WriteAllTextAsync(path, damage switch
            {
                "truncated" => small.Text[..^500],
                "edited" => small.Text.Replace("\"count\":1", "\"count\":2", StringComparison.Ordinal),
                "version" => small.Text.Replace("\"version\": 3", "\"version\": 9", StringComparison.Ordinal),
                _ => "{}",
            }, TestContext.Current.CancellationToken);
        }

        foreach (var arguments in new[] { Search(name, "refused"), ["latency", "predict", "resnet-18", "--profile", name], ["latency", "evaluate", "--profile", name] })
        {
            var outcome = await Run(arguments);
            Assert.Null(outcome.WhyNotRefused());
            Assert.Contains(sentence, outcome.Error, StringComparison.Ordinal);
        }

        Assert.False(Directory.Exists(Path.Combine(_folder, "refused")));
    }

    [Theory]
    [InlineData("--max-latency is given without --latency-profile", "search", "--space", "residual", "--resolution", "16", "--classes", "9", "--max-latency", "5ms")]
    [InlineData("--latency-profile is given without --max-latency", "search", "--space", "residual", "--resolution", "16", "--classes", "9", "--latency-profile", SmallProfile.Name)]
    [InlineData("--max-latency is 'soon'", "search", "--space", "residual", "--resolution", "16", "--classes", "9", "--max-latency", "soon")]
    [InlineData("allowed here is one of space 'mobile' at 16 pixels", "search", "--space", "mobile", "--resolution", "16", "--classes", "9", "--max-latency", "1", "--latency-profile", SmallProfile.Name)]
    [InlineData("takes", "search", "--space", "residual", "--resolution", "16", "--classes", "9", "--max-latency", "0.001us", "--latency-profile", SmallProfile.Name)]
    [InlineData("--precision is bf16", "latency", "measure", "resnet-18", "--precision", "bf16")]
    [InlineData("--waiting is sleep with torch", "latency", "measure", "resnet-18", "--runtime", "torch", "--waiting", "sleep")]
    [InlineData("--waiting is 'doze'", "latency", "measure", "resnet-18", "--waiting", "doze")]
    [InlineData("--out is missing", "latency", "profile", "--space", "residual", "--resolution", "16")]
    [InlineData("which exists", "latency", "profile", "--space", "residual", "--resolution", "16", "--out", SmallProfile.Name)]
    [InlineData("--profile is missing", "latency", "predict", "resnet-18")]
    [InlineData("--runtime is 'tpu'", "latency", "measure", "resnet-18", "--runtime", "tpu")]
    public async Task Should_refuse(string sentence, params string[] arguments)
    {
        var outcome = await Run(arguments);

        Assert.Null(outcome.WhyNotRefused());
        Assert.Contains(sentence, outcome.Error, StringComparison.Ordinal);
    }

    private static string[] Search(string profile, string folder) =>
    [
        "search", "--space", "residual", "--resolution", "16", "--classes", "100", "--max-latency", "0.5ms", "--max-layers", "10", "--latency-profile", profile,
        "--iterations", "3000", "--seed", "2", "--verify", "1", "--out", folder, "--json",
    ];

    private static (string?, string?, int, int) Conditions(JsonElement json) => json.GetProperty("conditions") is var c
        ? (c.GetProperty("runtime").GetString(), c.GetProperty("precision").GetString(), c.GetProperty("batch").GetInt32(), c.GetProperty("threads").GetInt32())
        : default;

    private static string[] Networks(string text) => [.. JsonDocument.Parse(text).RootElement.GetProperty("content").GetProperty("networks").EnumerateArray().Select(n => $"{n.GetProperty("macs")} in {n.GetProperty("kernels").GetArrayLength()}")];

    private static string Foreign(string text)
    {
        var content = JsonDocument.Parse(text).RootElement.GetProperty("content").GetRawText();
        var processor = JsonDocument.Parse(text).RootElement.GetProperty("content").GetProperty("machine").GetProperty("processor").GetRawText();
        var foreign = content.Replace(processor, "\"Abacus\"", StringComparison.Ordinal);
        return text.Replace(content, foreign, StringComparison.Ordinal).Replace(Checksum(content), Checksum(foreign), StringComparison.Ordinal);
    }

    private static string Checksum(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private Task<Outcome> Run(params string[] arguments) => ZenNasProgram.Run(_folder, arguments);

    /// <summary>A profile of a few seconds that was killed once while it was made.</summary>
    public sealed class SmallProfile : IAsyncLifetime
    {
        public const string Name = "profile.json";
        private readonly TempFolder _temp = new();

        public string Folder => _temp.Path;

        public string Text { get; private set; } = "";

        internal Outcome Resumed { get; private set; } = null!;

        /// <summary>MACs and kernels of the networks that were measured before the kill; times are brought to the yardsticks' typical ones later.</summary>
        public string[] Before { get; private set; } = [];

        public async ValueTask InitializeAsync()
        {
            var journal = _temp[Name + ".partial"];
            using (var process = ZenNasProgram.Start(Folder, ProfileArguments))
            {
                // The writer holds the file for itself; its length can be seen. A network takes about 4 KB.
                while (!process.HasExited && (!File.Exists(journal) || new FileInfo(journal).Length < 16_000))
                {
                    await Task.Delay(20);
                }

                process.Kill();
                await process.WaitForExitAsync();
            }

            Before = [.. File.ReadAllText(journal).Split('\n')[1..^1].Select(line => JsonDocument.Parse(line).RootElement).Select(n => $"{n.GetProperty("macs")} in {n.GetProperty("kernels").GetArrayLength()}")];
            Resumed = await ZenNasProgram.Run(Folder, ProfileArguments);
            Text = await File.ReadAllTextAsync(_temp[Name]);
        }

        public ValueTask DisposeAsync()
        {
            _temp.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
