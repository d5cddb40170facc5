using ZenNas.Architectures;
using ZenNas.Complexity;
using ZenNas.Latency;
using ZenNas.Scores;
using ZenNas.Search;
using ZenNas.Search.Optimal;
using ZenNas.Spaces;

namespace ZenNas.Tests.Spaces;

public sealed class SpaceConstraintsTests
{
    private static readonly SearchSpace Space = SearchSpaceJson.Builtin("residual")!;

    public static TheoryData<string, string> Refused => new()
    {
        { """{ "widths": "falling" }""", "constraints" },
        { """{ "minWidthRatio": 2 }""", "minWidthRatio is 2; allowed is" },
        { """{ "maxWidthRatio": 0.5 }""", "maxWidthRatio is 0.5; allowed is 1 to" },
        { """{ "maxDepthToWidth": 0 }""", "maxDepthToWidth is 0; allowed is" },
        { """{ "minLayerShare": 0.3 }""", "no network of space 'residual' keeps to" },
        { """{ "unknown": 1 }""", "unknown" },
    };

    [Fact]
    public void Should_read_constraints()
    {
        var space = SearchSpaceJson.Parse(Constrained(
            """{ "widths": "non-decreasing", "minWidthRatio": 0.5, "maxWidthRatio": 2, "maxDepthToWidth": 0.1, "minLayerShare": 0.2 }""",
            """[{ "max": 4 }, { "min": 2 }, { "min": 3, "max": 9 }, {}]"""));

        Assert.Equal(
            new SpaceConstraints { NonDecreasingWidths = true, MinWidthRatio = 0.5, MaxWidthRatio = 2, MaxDepthToWidth = 0.1, MinLayerShare = 0.2 }, space.Constraints);
        Assert.Equal(
            [new LayerRange(1, 4), new LayerRange(2, Limits.Layers), new LayerRange(3, 9), new LayerRange(1, Limits.Layers)], space.Layouts[0].StageLayers);
        Assert.NotEqual(Space, space);
        Assert.Equal(SpaceConstraints.None, Space.Constraints);
    }

    [Theory, MemberData(nameof(Refused))]
    public void Should_refuse(string constraints, string message)
    {
        var thrown = Assert.Throws<InvalidInputException>(() => SearchSpaceJson.Parse(Constrained(constraints)));
        Assert.Contains(message, thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_refuse_entries_that_are_not_one_for_each_run()
    {
        var thrown = Assert.Throws<InvalidInputException>(() => SearchSpaceJson.Parse(Constrained("{}", """[{ "max": 4 }, { "max": 4 }]""")));
        Assert.Contains("stageLayers has 2 entries; allowed is one for all, or one for each of the 4", thrown.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "widths": "non-decreasing" }""", null, "block 3: width is 16 behind 24; allowed is at least 24")]
    [InlineData("""{ "minWidthRatio": 0.75 }""", null, "block 3: width is 16 behind 24; allowed is at least 18")]
    [InlineData("""{ "maxWidthRatio": 2 }""", null, "block 4: width is 64 behind 16; allowed is at most 32")]
    [InlineData("""{ "minLayerShare": 0.2 }""", null, "resolution 1 of its stages has 1 of 10 layers; allowed are at least 2")]
    [InlineData("{}", """[{ "max": 3 }]""", "resolution 2 of its stages has 4 of 10 layers; allowed are 1 to 3")]
    [InlineData("""{ "maxDepthToWidth": 0.05 }""", null, "its depth-to-width ratio is 0.")]
    public void Should_say_which_constraint_a_network_breaks(string constraints, string? stageLayers, string reason)
    {
        const string text = "SuperConvK3BNRELU(3,16,1,1)SuperResK3K3(16,24,1,16,1)SuperResK3K3(24,16,2,16,4)SuperResK3K3(16,64,2,16,3)SuperResK3K3(64,64,2,16,2)SuperConvK1BNRELU(64,64,1,1)";
        var network = StructureString.Parse(text, 32, 10);
        Assert.Null(SpaceMembership.WhyOutside(Space, network));

        var why = SpaceMembership.WhyOutside(SearchSpaceJson.Parse(Constrained(constraints, stageLayers)), network);

        Assert.StartsWith(reason, why, StringComparison.Ordinal);
    }

    /// <summary>Seven convolutions with 3·9, 16·9, 16·9, 16·9, 24·9, 24·9 and 24 weights for each channel.</summary>
    [Fact]
    public void Should_divide_depth_by_the_geometric_mean_of_widths()
    {
        var network = StructureString.Parse("SuperConvK3BNRELU(3,16,1,1)SuperResK3K3(16,24,1,16,2)SuperConvK1BNRELU(24,64,1,1)", 32, 10);
        var vanilla = Network.Lower(network).Vanilla;
        double[] widths = [.. vanilla.Layers.Select(l => (double)l.InChannels / l.Groups * l.Kernel * l.Kernel)];
        var product = widths.Aggregate(1.0, (all, width) => all * width);

        Assert.Equal(widths.Length / Math.Pow(product, 1.0 / widths.Length), DepthToWidth.Of(vanilla), 1e-12);
        Assert.Equal(27, widths[0]);
        Assert.Equal(24, widths[^1]);
    }

    public static TheoryData<string, string?> Kept => new()
    {
        { """{ "widths": "non-decreasing", "maxWidthRatio": 2 }""", null },
        { """{ "minLayerShare": 0.15, "minWidthRatio": 0.5 }""", """[{ "max": 6 }]""" },
        { """{ "maxDepthToWidth": 0.15 }""", """[{ "min": 2, "max": 5 }, { "min": 12 }, {}, { "max": 3 }]""" },
    };

    /// <summary>All presets stay within constraints, from an initial network that does, and find something better.</summary>
    [Theory, MemberData(nameof(Kept))]
    public void Should_be_kept_by_evolution(string constraints, string? stageLayers)
    {
        var space = SearchSpaceJson.Parse(Constrained(constraints, stageLayers));
        var budget = new Budget(2_000_000);
        foreach (var preset in Variation.Presets)
        {
            var initial = InitialNetwork.Generate(space, 32, 10, budget, 3);
            Assert.Null(SpaceMembership.WhyOutside(space, initial));
            var search = new EvolutionarySearch(new SearchSettings { Space = space, Initial = initial, Budget = budget, Preset = preset, Seed = 5 });
            while (search.Ask(2_000) is { } proposal)
            {
                Assert.Null(SpaceMembership.WhyOutside(space, proposal.Network.Architecture));
                search.Tell(proposal, proposal.Cost.Macs);
            }

            Assert.True(search.Best!.Score > 2 * NetworkCost.Of(Network.Lower(initial)).Macs, $"{preset}: {search.Counts}");
        }
    }

    public static TheoryData<string, string?> Kinds => new()
    {
        { """{ "minLayerShare": 0.2 }""", null },
        { """{ "widths": "non-decreasing", "maxWidthRatio": 1.25 }""", null },
        { """{ "minWidthRatio": 0.8, "maxWidthRatio": 1.25 }""", null },
        { "{}", """[{ "min": 3, "max": 5 }]""" },
    };

    /// <summary>Constraints don't trap it: what a step can't change alone is repaired with it.</summary>
    [Theory, MemberData(nameof(Kinds))]
    public void Should_let_evolution_come_near_the_optimum(string constraints, string? stageLayers)
    {
        var space = SearchSpaceJson.Parse(Constrained(constraints, stageLayers));
        var (budget, score) = (new Budget(1_000_000, MaxLayers: 18), new ClosedFormZenScore());
        var search = new EvolutionarySearch(new SearchSettings { Space = space, Initial = InitialNetwork.Generate(space, 32, 100, budget, 1), Budget = budget, Seed = 1 });
        while (search.Ask(20_000) is { } proposal)
        {
            Assert.Null(SpaceMembership.WhyOutside(space, proposal.Network.Architecture));
            search.Tell(proposal, score.Score(proposal.Network.Vanilla));
        }

        var optimum = OptimumFinder.For(budget, space, 32, 100, score, 2, TestContext.Current.CancellationToken).Find(budget, null, TestContext.Current.CancellationToken);
        Assert.InRange(search.Best!.Score, 0.94 * optimum.Score, optimum.UpperBound);
    }

    /// <summary>Products that aren't exact in doubles.</summary>
    [Theory]
    [InlineData(1.4, 360, 504)]
    [InlineData(1.16, 200, 232)]
    public void Should_allow_what_a_ratio_says(double ratio, int before, int width)
    {
        Assert.True(new SpaceConstraints { MaxWidthRatio = ratio }.AllowsNext(before, width));
        Assert.False(new SpaceConstraints { MaxWidthRatio = ratio }.AllowsNext(before, width + 1));
    }

    [Fact]
    public void Should_refuse_more_states_than_memory_should_hold()
    {
        var text = Constrained("""{ "minLayerShare": 0.1 }""").Replace("\"maxBlocksPerStage\": 4", "\"maxBlocksPerStage\": 15", StringComparison.Ordinal);

        var thrown = Assert.Throws<InvalidInputException>(() => OptimumFinder.CheckSize(SearchSpaceJson.Parse(text), 32, 300));

        Assert.Contains("states of widths and layers", thrown.Message, StringComparison.Ordinal);
        OptimumFinder.CheckSize(SearchSpaceJson.Parse(text), 32, 18);
    }

    /// <summary>A space whose shallowest networks are deeper than the profile's usual ones.</summary>
    [Fact]
    public void Should_be_kept_by_networks_that_a_latency_profile_measures()
    {
        var space = SearchSpaceJson.Parse(Constrained("{}", """[{ "min": 9 }]"""));
        var sampler = new NetworkSampler(space, 32, 10, 1_300_000_000, 1);

        Assert.All(Enumerable.Range(0, 5), i => Assert.Null(SpaceMembership.WhyOutside(space, sampler.Random(i))));
        Assert.Null(SpaceMembership.WhyOutside(space, sampler.Best(1)));
    }

    private static string Constrained(string constraints, string? stageLayers = null)
    {
        var text = SearchSpaceJson.BuiltinText("residual")!;
        text = text.Replace("\"layouts\":", $"\"constraints\": {constraints}, \"layouts\":", StringComparison.Ordinal);
        return stageLayers is null ? text : text.Replace("\"stages\":", $"\"stageLayers\": {stageLayers}, \"stages\":", StringComparison.Ordinal);
    }
}
