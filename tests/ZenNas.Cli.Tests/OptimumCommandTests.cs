using System.Text.Json;

namespace ZenNas.Cli.Tests;

/// <summary>The real program finds optima and fronts.</summary>
public sealed class OptimumCommandTests : IDisposable
{
    private static readonly string[] Small = ["--space", "residual", "--resolution", "28", "--classes", "10", "--max-layers", "8"];
    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Fact]
    public async Task Should_say_how_far_the_best_network_may_be_from_the_optimum()
    {
        var json = (await Run("search", [.. Small, "--max-params", "200K", "--max-flops", "6M", "--strategy", "optimal", "--verify", "0", "--out", "run", "--json"])).Json;

        var score = json.GetProperty("zenScore").GetProperty("closedForm").GetDouble();
        Assert.Equal("optimal", json.GetProperty("strategy").GetString());
        Assert.InRange(json.GetProperty("upperBound").GetDouble(), score, 1.01 * score);
        Assert.Equal(100 * (json.GetProperty("upperBound").GetDouble() / score - 1), json.GetProperty("gapPercent").GetDouble(), 1e-6);
        Assert.InRange(json.GetProperty("parameters").GetInt64(), 1, 200_000);
        Assert.InRange(json.GetProperty("macs").GetInt64(), 1, 6_000_000);
        Assert.InRange(json.GetProperty("layers").GetInt64(), 1, 8);
        Assert.True(File.Exists(Path.Combine(_temp["run"], "report.html")));
    }

    [Theory]
    [InlineData("--iterations is given with --strategy optimal", "--iterations", "10")]
    [InlineData("--preset is given with --strategy optimal", "--preset", "paper")]
    [InlineData("--score is 'naswot'; allowed with --strategy optimal is closed-form", "--score", "naswot")]
    [InlineData("budget is 10 parameters", "--max-params", "10")]
    public async Task Should_refuse_what_the_optimum_has_no_use_for(string sentence, params string[] extra)
    {
        var outcome = await Run("search", [.. Small, "--strategy", "optimal", "--out", "run", .. extra]);

        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains(sentence, outcome.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_temp["run"]));
    }

    [Fact]
    public async Task Should_find_the_front_of_a_range_of_budgets()
    {
        var json = (await Run("front", [.. Small, "--vary", "max-params=50K:400K:4", "--out", "front", "--json"])).Json;

        JsonElement[] points = [.. json.GetProperty("points").EnumerateArray()];
        Assert.Equal(["50000", "100000", "200000", "400000"], points.Select(point => point.GetProperty("limit").GetDouble().ToString("F0", System.Globalization.CultureInfo.InvariantCulture)));
        Assert.All(points, point =>
        {
            Assert.InRange(point.GetProperty("used").GetDouble(), 1, point.GetProperty("limit").GetDouble());
            Assert.InRange(point.GetProperty("zenScore").GetDouble(), 1, point.GetProperty("upperBound").GetDouble());
        });
        Assert.All(points.Zip(points.Skip(1)), pair => Assert.True(pair.First.GetProperty("zenScore").GetDouble() <= pair.Second.GetProperty("zenScore").GetDouble()));
        foreach (var file in new[] { "front.json", "front.csv", "front.png", "front.svg", "report.html" })
        {
            Assert.True(new FileInfo(Path.Combine(_temp["front"], file)).Length > 300, file);
        }

        Assert.Equal(5, File.ReadAllLines(Path.Combine(_temp["front"], "front.csv")).Length);

        // Another command counts the networks alike.
        var described = (await Run("describe", [points[^1].GetProperty("structure").GetString()!, "--resolution", "28", "--classes", "10", "--json"])).Json;
        Assert.Equal(points[^1].GetProperty("parameters").GetInt64(), described.GetProperty("parameters").GetInt64());
    }

    [Theory]
    [InlineData("--vary is missing")]
    [InlineData("--vary is 'max-params'", "--vary", "max-params")]
    [InlineData("--vary is 'depth=1:2:3'", "--vary", "depth=1:2:3")]
    [InlineData("whose highest value isn't above its lowest", "--vary", "max-params=2M:1M:3")]
    [InlineData("--vary, count is '1'", "--vary", "max-params=1M:2M:1")]
    [InlineData("--max-params is given while --vary varies it", "--vary", "max-params=1M:2M:3", "--max-params", "3M")]
    [InlineData("max-latency is varied without --latency-profile", "--vary", "max-latency=1ms:2ms:3")]
    public async Task Should_refuse_a_range_that_is_none(string sentence, params string[] extra)
    {
        var outcome = await Run("front", [.. Small, "--out", "front", .. extra]);

        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains(sentence, outcome.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_temp["front"]));
    }

    private Task<Outcome> Run(string command, string[] arguments) => ZenNasProgram.Run(_temp.Path, [command, .. arguments]);
}
