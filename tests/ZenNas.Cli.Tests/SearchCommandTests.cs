using System.Text.Json;

namespace ZenNas.Cli.Tests;

public sealed class SearchCommandTests : IDisposable
{
    private static readonly string[] StepOutcomes = ["scored", "overBudget", "duplicates", "failed"];
    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Theory]
    [InlineData("residual", 16, 0)]
    [InlineData("residual", 16, 1)]
    [InlineData("mobile", 64, 0)]
    [InlineData("mobile", 64, 1)]
    public async Task Should_print_one_json_document(string space, int resolution, int verify)
    {
        var outcome = await ZenNasProgram.Run(
            _temp.Path, "search", "--space", space, "--resolution", $"{resolution}", "--classes", "10", "--max-flops", "20M", "--max-params", "500K",
            "--max-layers", "12", "--iterations", "3000", "--seed", "5", "--verify", $"{verify}", "--out", "run", "--json");

        var json = outcome.Json;
        json.AssertHas(
            ("structure", "string"), ("resolution", "integer"), ("classes", "integer"), ("parameters", "integer"), ("macs", "integer"),
            ("layers", "integer"), ("zenScore", "object"), ("iterations", "integer"), ("scored", "integer"), ("overBudget", "integer"),
            ("duplicates", "integer"), ("failed", "integer"), ("failures", "array"), ("given", "null"), ("searchScore", "number"), ("elapsedSeconds", "number"), ("searchSeconds", "number"), ("space", "string"),
            ("strategy", "string"), ("upperBound", "null"), ("gapPercent", "null"), ("preset", "string"), ("score", "string"), ("seed", "integer"), ("runDirectory", "string"), ("architecture", "object"), ("latencyMs", "null"));
        json.GetProperty("zenScore").AssertHas(("closedForm", "number"), ("measured", verify == 0 ? "null" : "object"));
        Assert.Equal((resolution, 10, 3000, 5), (Integer(json, "resolution"), Integer(json, "classes"), Integer(json, "iterations"), Integer(json, "seed")));
        Assert.InRange(Integer(json, "parameters"), 1, 500_000);
        Assert.InRange(Integer(json, "macs"), 1, 20_000_000);
        Assert.InRange(Integer(json, "layers"), 1, 12);
        Assert.InRange(json.GetProperty("searchSeconds").GetDouble(), 1e-3, json.GetProperty("elapsedSeconds").GetDouble());
        // The initial network is scored without taking a step.
        Assert.Equal(3001, StepOutcomes.Sum(name => Integer(json, name)));
        if (verify > 0)
        {
            var measured = json.GetProperty("zenScore").GetProperty("measured");
            measured.AssertHas(("mean", "number"), ("standardDeviation", "number"), ("standardError", "number"), ("repeats", "integer"));
            Assert.InRange(measured.GetProperty("mean").GetDouble() / json.GetProperty("zenScore").GetProperty("closedForm").GetDouble(), 0.9, 1.1);
        }

        var folder = Path.Combine(_temp.Path, json.GetProperty("runDirectory").GetString()!);
        Assert.True(JsonElement.DeepEquals(json, JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "result.json"))).RootElement));
    }

    /// <summary>Other commands count and score the network that was found as the search did.</summary>
    [Fact]
    public async Task Should_find_a_network_that_other_commands_see_alike()
    {
        var search = await ZenNasProgram.Run(
            _temp.Path, "search", "--space", "residual", "--resolution", "32", "--classes", "7", "--max-params", "300K", "--iterations", "2000",
            "--verify", "0", "--out", "run", "--json");
        var found = search.Json;

        var describe = (await ZenNasProgram.Run(
            _temp.Path, "describe", found.GetProperty("structure").GetString()!, "--resolution", "32", "--classes", "7", "--json")).Json;
        var score = (await ZenNasProgram.Run(_temp.Path, "score", Path.Combine("run", "best.txt"), "--resolution", "32", "--method", "closed-form", "--json")).Json;

        Assert.Equal(
            (Integer(found, "parameters"), Integer(found, "macs"), Integer(found, "layers")),
            (Integer(describe, "parameters"), Integer(describe, "macs"), Integer(describe, "layers")));
        Assert.Equal(found.GetProperty("zenScore").GetProperty("closedForm").GetDouble(), score.GetProperty("closedForm").GetDouble());
    }

    [Fact]
    public async Task Should_end_its_text_with_the_structure_string()
    {
        var outcome = await ZenNasProgram.Run(
            _temp.Path, "search", "--space", "residual", "--resolution", "32", "--classes", "10", "--iterations", "500", "--verify", "0", "--out", "run");

        Assert.Equal(File.ReadAllText(Path.Combine(_temp["run"], "best.txt")), outcome.Output.Split('\n')[^2] + "\n");
        Assert.Empty(outcome.Error);
    }

    /// <summary>The network that the paper's authors release for this budget, after 480,000 steps, has 188.0.</summary>
    [Fact]
    public async Task Should_beat_the_released_network_of_one_million_parameters()
    {
        var json = (await ZenNasProgram.Run(
            _temp.Path, "search", "--space", "residual", "--resolution", "32", "--classes", "100", "--max-params", "1M", "--max-layers", "18",
            "--iterations", "96000", "--seed", "1", "--verify", "0", "--json")).Json;

        Assert.InRange(json.GetProperty("zenScore").GetProperty("closedForm").GetDouble(), 190, 200);
        Assert.InRange(Integer(json, "parameters"), 1, 1_000_000);
        Assert.InRange(Integer(json, "layers"), 1, 18);
    }

    /// <summary>The released network for this budget has 139.1.</summary>
    [Fact]
    public async Task Should_beat_the_released_mobile_network_of_400_million_multiply_adds()
    {
        var json = (await ZenNasProgram.Run(
            _temp.Path, "search", "--space", "mobile", "--resolution", "224", "--classes", "1000", "--max-flops", "400M", "--max-layers", "14",
            "--iterations", "96000", "--seed", "1", "--verify", "0", "--json")).Json;

        Assert.InRange(json.GetProperty("zenScore").GetProperty("closedForm").GetDouble(), 141, 160);
        Assert.InRange(Integer(json, "macs"), 1, 400_000_000);
        Assert.InRange(Integer(json, "layers"), 1, 14);
    }

    [Theory]
    [InlineData("closed-form", "3000")]
    [InlineData("measured", "80")]
    public async Task Should_not_depend_on_the_number_of_threads(string score, string iterations)
    {
        var results = new List<JsonElement>();
        foreach (var threads in new[] { "1", "2", "5" })
        {
            results.Add((await ZenNasProgram.Run(
                _temp.Path, "search", "--space", "residual", "--resolution", "16", "--classes", "10", "--max-params", "50K", "--iterations", iterations,
                "--seed", "3", "--score", score, "--batch", "4", "--verify", "1", "--threads", threads, "--out", $"run{threads}", "--json")).Json);
        }

        Assert.All(results, r => Assert.Equal(RunFolder.ResultWithoutTimes(results[0]), RunFolder.ResultWithoutTimes(r)));
        Assert.Equal(RunFolder.State(_temp["run1"]), RunFolder.State(_temp["run5"]));
        Assert.Equal(JsonValueKind.Object, results[0].GetProperty("zenScore").GetProperty("measured").ValueKind);
    }

    [Fact]
    public async Task Should_differ_between_seeds()
    {
        var structures = new List<string?>();
        foreach (var seed in new[] { "1", "2", "18446744073709551615" })
        {
            structures.Add((await ZenNasProgram.Run(
                _temp.Path, "search", "--space", "mobile", "--resolution", "32", "--classes", "10", "--max-params", "1M", "--iterations", "1000",
                "--seed", seed, "--verify", "0", "--json")).Json.GetProperty("structure").GetString());
        }

        Assert.Equal(3, structures.Distinct().Count());
        Assert.Equal(3, Directory.GetDirectories(_temp["runs"]).Length);
    }

    [Fact]
    public async Task Should_start_from_a_given_network_in_a_given_space()
    {
        var space = (await ZenNasProgram.Run(_temp.Path, "space", "residual")).Output;
        _temp.Write("mine.json", space.Replace("\"residual\"", "\"mine\"", StringComparison.Ordinal));
        const string Init =
            "SuperConvK3BNRELU(3,8,1,1)SuperResK3K3(8,16,1,16,1)SuperResK3K3(16,16,2,16,1)SuperResK3K3(16,16,2,16,1)SuperResK3K3(16,16,2,16,1)SuperConvK1BNRELU(16,32,1,1)";

        var outcome = await ZenNasProgram.Run(
            _temp.Path, "search", "--space", "mine.json", "--init", Init, "--resolution", "32", "--classes", "10", "--iterations", "1", "--verify", "0",
            "--out", "run", "--json");

        Assert.Equal("mine", outcome.Json.GetProperty("space").GetString());
        var run = JsonDocument.Parse(File.ReadAllText(Path.Combine(_temp["run"], "run.json"))).RootElement;
        Assert.Equal(6, run.GetProperty("initial").GetProperty("blocks").GetArrayLength());
        Assert.Equal(32, run.GetProperty("initial").GetProperty("blocks")[5].GetProperty("width").GetInt32());
    }

    private static long Integer(JsonElement element, string name) => element.GetProperty(name).GetInt64();
}
