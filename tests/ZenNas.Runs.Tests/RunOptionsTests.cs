using System.Text.Json.Nodes;
using ZenNas.Complexity;
using ZenNas.Scores;

namespace ZenNas.Runs.Tests;

public sealed class RunOptionsTests : IDisposable
{
    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Fact]
    public void Should_read_back_what_was_written()
    {
        var options = RunSample.Options(iterations: 123_456_789_012, seed: ulong.MaxValue, ahead: 4, verify: 9, preset: "paper", population: 77);
        options = options with
        {
            Command = "zennas search --out 'a \"b\" <c>'\n",
            Score = options.Score with { Settings = new ScoreSettings { Alpha = 0.1 + 0.2, BatchSize = 3, Precision = Precision.Bf16, Device = "cuda:1", Entropy = new EntropySettings { StageWeights = [0, 1.5, 8], TimesOutputSize = true } } },
            Settings = options.Settings with { Budget = new Budget(null, 5_000_000_000_000, null) },
        };

        var read = RunOptions.Parse(options.Write());

        Assert.Equal(options with { SpaceText = "" }, read with { SpaceText = "" });
        Assert.Equal(options.Write(), read.Write());
    }

    [Fact]
    public void Should_refuse_a_file_that_was_cut_off()
    {
        var text = RunSample.Options().Write();

        for (var length = 0; length < text.Length; length += 17)
        {
            Sentence.Of(() => RunOptions.Parse(text[..length]));
        }
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("1")]
    [InlineData("\"run\"")]
    [InlineData("{}")]
    [InlineData("{\"format\":\"zennas/run\",\"version\":1}")]
    [InlineData("{\"format\":\"zennas/run\",\"version\":2}")]
    [InlineData("{\"format\":\"zennas/space\",\"version\":1}")]
    [InlineData("{\"format\":[1],\"version\":{}}")]
    [InlineData("{\"format\":\"zennas/run\",\"format\":\"zennas/run\"}")]
    [InlineData("{\"format\":\"a\\n\\u001b[2Jb\",\"version\":1}")]
    [InlineData("\0\0\0")]
    public void Should_refuse_a_file_that_holds_something_else(string text) => Sentence.Of(() => RunOptions.Parse(text));

    [Fact]
    public void Should_refuse_a_file_that_is_too_large_or_too_deep()
    {
        Sentence.Of(() => RunOptions.Parse(RunSample.Options().Write().PadRight(70 << 20)));
        Sentence.Of(() => RunOptions.Parse(string.Concat(Enumerable.Repeat("{\"a\":", 5000))));
    }

    public static TheoryData<string> Properties =>
    [
        "format", "version", "iterations", "seed", "population", "preset", "verify", "score", "budget", "initial", "space", "score/name",
        "score/alpha", "score/batch", "score/precision", "score/device", "score/ahead",
    ];

    [Theory, MemberData(nameof(Properties))]
    public void Should_refuse_a_file_that_misses_a_property(string path) => AssertRefused(path, (parent, name) => parent.Remove(name));

    [Theory, MemberData(nameof(Properties))]
    public void Should_refuse_a_property_of_another_type(string path) => AssertRefused(path, (parent, name) => parent[name] = new JsonArray(true));

    [Theory]
    [InlineData("iterations", "-1")]
    [InlineData("iterations", "1.5")]
    [InlineData("iterations", "1e300")]
    [InlineData("seed", "\"-1\"")]
    [InlineData("seed", "\"18446744073709551616\"")]
    [InlineData("seed", "\"\"")]
    [InlineData("population", "0")]
    [InlineData("population", "-5")]
    [InlineData("population", "99999999999")]
    [InlineData("preset", "\"greedy\"")]
    [InlineData("strategy", "\"greedy\"")]
    [InlineData("verify", "-1")]
    [InlineData("score/alpha", "0")]
    [InlineData("score/alpha", "-0.01")]
    [InlineData("score/ahead", "0")]
    [InlineData("score/ahead", "-1")]
    [InlineData("score/ahead", "2147483647")]
    [InlineData("budget", "{\"maxParameters\":1}")]
    [InlineData("budget", "{\"maxParameters\":-1}")]
    [InlineData("budget", "{\"maxLayers\":1}")]
    [InlineData("initial/blocks", "[]")]
    [InlineData("initial/resolution", "0")]
    [InlineData("initial/resolution", "128")]
    [InlineData("initial/inputChannels", "1")]
    [InlineData("space/layouts", "[]")]
    [InlineData("space/blocks", "[\"inverted-bottleneck\"]")]
    public void Should_refuse_a_value_that_makes_no_search(string path, string json) =>
        AssertRefused(path, (parent, name) => parent[name] = JsonNode.Parse(json));

    /// <summary>Edits a run's file, then opens and runs it; somewhere on the way it has to be refused.</summary>
    private void AssertRefused(string path, Action<JsonObject, string> edit)
    {
        using (SearchRun.Create(_temp["run"], RunSample.Options(iterations: 200)))
        {
        }

        var file = Path.Combine(_temp["run"], RunOptions.FileName);
        var root = JsonNode.Parse(File.ReadAllText(file))!.AsObject();
        var names = path.Split('/');
        edit(names[..^1].Aggregate(root, (node, name) => node[name]!.AsObject()), names[^1]);
        File.WriteAllText(file, root.ToJsonString());

        Sentence.Of(() =>
        {
            using var run = SearchRun.Open(_temp["run"]);
            run.Search(new ClosedFormZenScore(run.Options.Score.Settings.Alpha), 1, null, CancellationToken.None);
            run.Finish(run.Verify(null));
        });
    }
}
