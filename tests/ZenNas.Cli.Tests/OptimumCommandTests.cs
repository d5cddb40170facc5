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

    /// <summary>Without any limit the given network's own costs are the budget, and what changed is said.</summary>
    [Theory, InlineData("optimal"), InlineData("evolution")]
    public async Task Should_improve_a_given_network_within_its_own_costs(string strategy)
    {
        const string given = "SuperConvK3BNRELU(3,16,1,1)SuperResK3K3(16,32,1,32,1)SuperResK3K3(32,48,2,48,2)SuperResK3K3(48,64,2,64,1)SuperResK3K3(64,96,2,64,1)SuperConvK1BNRELU(96,128,1,1)";
        var described = (await Run("describe", [given, "--resolution", "28", "--classes", "10", "--json"])).Json;
        string[] steps = strategy == "evolution" ? ["--iterations", "3000"] : [];

        var json = (await Run(
            "search", ["--space", "residual", "--resolution", "28", "--classes", "10", "--init", given, "--strategy", strategy, .. steps, "--verify", "0", "--out", "run", "--json"])).Json;

        var before = json.GetProperty("given");
        Assert.Equal(given, before.GetProperty("structure").GetString());
        Assert.True(json.GetProperty("zenScore").GetProperty("closedForm").GetDouble() > 1.1 * before.GetProperty("closedForm").GetDouble());
        foreach (var cost in new[] { "parameters", "macs" })
        {
            Assert.InRange(json.GetProperty(cost).GetInt64(), 1, described.GetProperty(cost).GetInt64());
        }

        Assert.Contains(before.GetProperty("changes").EnumerateArray(), change => change.GetProperty("change").GetString()!.Contains("width", StringComparison.Ordinal));
        Assert.Contains("What changed from the given network", File.ReadAllText(Path.Combine(_temp["run"], "report.html")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_rank_the_networks_near_the_optimum_by_finite_widths()
    {
        string[] search = [.. Small, "--max-params", "200K", "--strategy", "optimal", "--verify", "0"];
        var closed = (await Run("search", [.. search, "--out", "closed", "--json"])).Json;
        var finite = (await Run("search", [.. search, "--score", "finite-width", "--out", "finite", "--json"])).Json;

        var other = (await Run("score", [closed.GetProperty("structure").GetString()!, "--resolution", "28", "--classes", "10", "--method", "finite-width", "--json"])).Json;
        Assert.True(finite.GetProperty("searchScore").GetDouble() >= other.GetProperty("finite-width").GetProperty("mean").GetDouble() - 1e-9);
        Assert.Equal(closed.GetProperty("upperBound").GetDouble(), finite.GetProperty("upperBound").GetDouble());
        Assert.True(finite.GetProperty("scored").GetInt64() > 50);
    }

    [Fact]
    public async Task Should_keep_the_constraints_of_a_space_file()
    {
        var file = Path.Combine(AppContext.BaseDirectory, "residual-practical.json");

        var json = (await Run(
            "search", ["--space", file, "--resolution", "28", "--classes", "10", "--max-layers", "10", "--max-params", "200K", "--strategy", "optimal", "--verify", "0", "--out", "run", "--json"])).Json;

        int[] widths = [.. json.GetProperty("architecture").GetProperty("blocks").EnumerateArray().Skip(1).SkipLast(1).Select(block => block.GetProperty("width").GetInt32())];
        Assert.All(widths.Zip(widths.Skip(1)), pair => Assert.InRange(pair.Second, pair.First, 2 * pair.First));
    }

    [Fact]
    public async Task Should_scale_a_network_to_a_family()
    {
        var json = (await Run("scale", ["zennet_cifar_model_size05M_res32", "--vary", "max-params=0.25M:4M:3", "--json"])).Json;

        JsonElement[] family = [.. json.GetProperty("family").EnumerateArray()];
        Assert.Equal([250_000, 1_000_000, 4_000_000], family.Select(member => member.GetProperty("limit").GetInt64()));
        Assert.All(family, member => Assert.InRange(member.GetProperty("parameters").GetInt64(), member.GetProperty("limit").GetInt64() * 8 / 10, member.GetProperty("limit").GetInt64()));
        Assert.True(family[0].GetProperty("zenScore").GetDouble() < family[^1].GetProperty("zenScore").GetDouble());
    }

    [Theory]
    [InlineData("--vary is missing")]
    [InlineData("--vary varies max-layers; allowed is max-params or max-flops", "--vary", "max-layers=3:9:2")]
    [InlineData("no form of the network fits with a depth-to-width ratio of at most", "--vary", "max-params=100:200:2")]
    public async Task Should_refuse_a_family_that_is_none(string sentence, params string[] extra)
    {
        var outcome = await Run("scale", ["resnet-18", .. extra]);

        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains(sentence, outcome.Error, StringComparison.Ordinal);
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
