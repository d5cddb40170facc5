using ZenNas.Architectures;
using ZenNas.Complexity;
using ZenNas.Latency;
using ZenNas.Scores;
using ZenNas.Search;
using ZenNas.Search.Optimal;
using ZenNas.Spaces;
using ZenNas.Tests.Latency;

namespace ZenNas.Tests.Search.Optimal;

public sealed class OptimumFinderTests
{
    private static readonly ClosedFormZenScore Score = new();
    private static readonly int[] NoExpansion = [1];
    private static readonly LatencyProfile Profile = SyntheticDevice.Profile(networks: 40);

    /// <summary>Spaces of at least 50,000 networks, every one of which is scored.</summary>
    public static TheoryData<int> Seeds => [1, 2, 3, 4, 5, 6];

    [Theory, MemberData(nameof(Seeds))]
    public void Should_equal_brute_force(int seed)
    {
        var random = new Random(seed);
        var space = seed % 3 == 0 ? MixedSpace(random) : RandomSpace(random);
        var predictor = space.Blocks.Contains(BlockKind.InvertedBottleneck) ? null : Profile.Predictor();
        var networks = AllOf(space, 16, 10).Select(a => Costed(a, predictor)).ToArray();
        Assert.True(networks.Length >= 50_000, $"{networks.Length} networks");
        for (var draw = 0; draw < 4; draw++)
        {
            // A budget that some network just meets.
            var typical = networks[random.Next(networks.Length)];
            var budget = new Budget(
                random.Next(3) > 0 ? typical.Cost.Parameters : null, random.Next(3) > 0 ? typical.Cost.Macs : null, random.Next(3) > 0 ? typical.Cost.Layers : null,
                predictor is not null && random.Next(2) > 0 ? new LatencyLimit(typical.Ms * 1.0001, predictor) : null);

            var best = networks.Where(n => Fits(budget, n.Cost) && !(n.Ms > budget.MaxLatency?.MaxMs)).Max(n => n.Score);
            var found = OptimumFinder.For(budget, space, 16, 10, Score, 1, TestContext.Current.CancellationToken).Find(budget, null, TestContext.Current.CancellationToken);

            Assert.Equal(best, found.Score, 1e-9);
            Assert.InRange(found.UpperBound, best - 1e-9, double.PositiveInfinity);
            Assert.Equal(found.Score, Score.Score(Network.Lower(found.Best).Vanilla));
            Assert.True(budget.Fits(Network.Lower(found.Best)));
            Assert.Null(SpaceMembership.WhyOutside(space, found.Best));
        }
    }

    /// <summary>Constraints of every kind, alone and together, on spaces of at least 50,000 networks before they hold.</summary>
    [Theory, MemberData(nameof(Seeds))]
    public void Should_equal_brute_force_under_constraints(int seed)
    {
        var random = new Random(seed);
        var free = seed % 3 == 0 ? MixedSpace(random) : StagedSpace(random);
        var networks = AllOf(free, 16, 10).Select(a => (Architecture: a, Costed: Costed(a, null), DepthToWidth: DepthToWidth.Of(Network.Lower(a).Vanilla))).ToArray();
        Assert.True(networks.Length >= 50_000, $"{networks.Length} networks");
        var compared = 0;
        for (var draw = 0; draw < 4; draw++)
        {
            var typical = networks[random.Next(networks.Length)];
            var space = free with
            {
                Constraints = new SpaceConstraints
                {
                    NonDecreasingWidths = random.Next(2) == 0,
                    MinWidthRatio = random.Next(2) == 0 ? 0.7 : null,
                    MaxWidthRatio = random.Next(2) == 0 ? 1.4 : null,
                    MaxDepthToWidth = random.Next(2) == 0 ? typical.DepthToWidth : null,
                    MinLayerShare = random.Next(2) == 0 ? 0.25 + 0.05 * random.Next(2) : null,
                },
                Layouts = [free.Layouts[0] with { StageLayers = random.Next(2) == 0 ? [new LayerRange(1 + random.Next(2), 3 + random.Next(2))] : [] }],
            };
            var kept = networks.Where(n => Keeps(space, n.Architecture, n.DepthToWidth)).ToArray();
            var budget = new Budget(
                random.Next(2) > 0 ? typical.Costed.Cost.Parameters : null, random.Next(2) > 0 ? typical.Costed.Cost.Macs : null,
                space.Constraints.MinLayerShare is null ? null : typical.Costed.Cost.Layers);
            var fitting = kept.Where(n => Fits(budget, n.Costed.Cost)).ToArray();
            if (fitting.Length == 0)
            {
                continue;
            }

            Optimum found;
            try
            {
                found = OptimumFinder.For(budget, space, 16, 10, Score, 2, TestContext.Current.CancellationToken).Find(budget, null, TestContext.Current.CancellationToken);
            }
            catch (InvalidInputException e) when (e.Message.Contains("smallest network found", StringComparison.Ordinal) || e.Message.Contains("with all blocks alike", StringComparison.Ordinal))
            {
                // What the search begins with is made of blocks that are alike; few tight budgets hold another network only.
                Assert.InRange(fitting.Length, 1, networks.Length / 200);
                continue;
            }

            Assert.Equal(fitting.Max(n => n.Costed.Score), found.Score, 1e-9);
            Assert.InRange(found.UpperBound, found.Score - 1e-9, double.PositiveInfinity);
            Assert.Null(SpaceMembership.WhyOutside(space, found.Best));
            Assert.True(budget.Fits(Network.Lower(found.Best)));
            compared++;
        }

        Assert.True(compared > 0, "no draw of constraints and budget holds a network");
    }

    /// <summary>The paper's main job: the bound is above whatever evolution finds, the found network too.</summary>
    [Theory]
    [InlineData("residual", 32, 100, 1_000_000, null, 18, 197.5, 0.5)]
    [InlineData("residual", 32, 100, 1_000_000, 150_000_000, 18, 0, 0.5)]
    [InlineData("mobile", 224, 1000, null, 400_000_000, 14, 0, 1)]
    [InlineData("mobile", 224, 1000, 5_000_000, 400_000_000, 14, 0, 1)]
    public void Should_beat_evolution_and_bound_it(
        string name, int resolution, int classes, int? maxParameters, int? maxMacs, int maxLayers, double least, double gap)
    {
        var space = SearchSpaceJson.Builtin(name)!;
        var budget = new Budget(maxParameters, maxMacs, maxLayers);

        var found = OptimumFinder.For(budget, space, resolution, classes, Score, 2, TestContext.Current.CancellationToken).Find(budget, null, TestContext.Current.CancellationToken);

        var evolved = Evolved(space, resolution, classes, budget);
        Assert.InRange(found.Score, Math.Max(least, evolved), found.UpperBound);
        Assert.InRange(found.GapPercent, 0, gap);
        Assert.True(budget.Fits(Network.Lower(found.Best)));
        Assert.Null(SpaceMembership.WhyOutside(space, found.Best));
    }

    /// <summary>A front's points: each at least as good as evolution within the same budget.</summary>
    [Fact]
    public void Should_dominate_evolution_along_a_front()
    {
        var space = SearchSpaceJson.Builtin("residual")!;
        var finder = new OptimumFinder(space, 32, 100, 18, null, Score, 2, TestContext.Current.CancellationToken);
        foreach (var parameters in new[] { 250_000, 500_000, 2_000_000 })
        {
            var budget = new Budget(parameters, MaxLayers: 18);
            var found = finder.Find(budget, null, TestContext.Current.CancellationToken);

            Assert.InRange(found.Score, Evolved(space, 32, 100, budget), found.UpperBound);
        }
    }

    [Fact]
    public void Should_improve_the_network_it_is_given()
    {
        var space = SearchSpaceJson.Builtin("residual")!;
        var budget = new Budget(200_000, MaxLayers: 10);
        var finder = OptimumFinder.For(budget, space, 28, 10, Score, 2, TestContext.Current.CancellationToken);
        var given = InitialNetwork.Generate(space, 28, 10, budget, 4);

        var found = finder.Find(budget, null, TestContext.Current.CancellationToken, given);

        Assert.Contains(given, found.Visited);
        Assert.True(found.Score > Score.Score(Network.Lower(given).Vanilla));
        Assert.True(found.Visited.Length > 100, $"{found.Visited.Length} networks to rank");
    }

    [Fact]
    public void Should_not_depend_on_threads()
    {
        var budget = new Budget(200_000, MaxLayers: 10);
        var space = SearchSpaceJson.Builtin("residual")!;

        var alone = OptimumFinder.For(budget, space, 28, 10, Score, 1, TestContext.Current.CancellationToken).Find(budget, null, TestContext.Current.CancellationToken);
        var together = OptimumFinder.For(budget, space, 28, 10, Score, 2, TestContext.Current.CancellationToken).Find(budget, null, TestContext.Current.CancellationToken);

        Assert.Equal(alone.Best, together.Best);
        Assert.Equal(alone.UpperBound, together.UpperBound);
    }

    [Fact]
    public void Should_say_that_nothing_fits()
    {
        var budget = new Budget(10, MaxLayers: 18);
        var thrown = Assert.Throws<InvalidInputException>(() =>
            OptimumFinder.For(budget, SearchSpaceJson.Builtin("residual")!, 32, 10, Score, 1, TestContext.Current.CancellationToken));

        Assert.Contains("10 parameters", thrown.Message, StringComparison.Ordinal);
    }

    /// <summary>The blocks of a stage: one of its stride, then further ones.</summary>
    private static IEnumerable<Block[]> Sequences(Block[] choices, int most)
    {
        IEnumerable<Block[]> sequences = choices.Select(choice => new[] { choice });
        return most == 1
            ? sequences
            : sequences.Concat(choices.SelectMany(first => choices.Select(second => new[] { first, ((ResidualBlock)second).Resized(1, second.Repeats) })));
    }

    private static double Evolved(SearchSpace space, int resolution, int classes, Budget budget)
    {
        var search = new EvolutionarySearch(new SearchSettings
        {
            Space = space,
            Initial = InitialNetwork.Generate(space, resolution, classes, budget, 1),
            Budget = budget,
            Seed = 1,
        });
        while (search.Ask(10_000) is { } proposal)
        {
            search.Tell(proposal, Score.Score(proposal.Network.Vanilla));
        }

        return search.Best!.Score;
    }

    private static (double Score, NetworkCost Cost, double Ms) Costed(Architecture architecture, LatencyPredictor? predictor)
    {
        var network = Network.Lower(architecture);
        return (Score.Score(network.Vanilla), NetworkCost.Of(network), predictor?.Ms(network) ?? 0);
    }

    private static bool Fits(Budget budget, in NetworkCost cost) =>
        !(cost.Parameters > budget.MaxParameters) && !(cost.Macs > budget.MaxMacs) && !(cost.Layers > budget.MaxLayers);

    /// <summary>Two or three stages, few widths, one or two kinds of blocks.</summary>
    private static SearchSpace RandomSpace(Random random)
    {
        var isMobile = random.Next(2) == 0;
        int Multiple(int most) => 8 * (1 + random.Next(most));
        IntRange Few(int count)
        {
            var first = Multiple(3);
            return new IntRange(first, first + 8 * (count - 1), 8);
        }

        return new SearchSpace
        {
            Name = "small",
            Blocks = isMobile ? [BlockKind.InvertedBottleneck] : [BlockKind.Basic, BlockKind.Bottleneck],
            Kernels = random.Next(2) == 0 ? [3, 5] : [5, 7],
            Expansions = isMobile ? [1, 4] : [1],
            Repeats = new IntRange(1, 2),
            MaxBlocksPerStage = 1,
            Layouts =
            [
                new SpaceLayout
                {
                    Stem = new SpaceConvolution(3, 1, Few(2)),
                    StageStrides = [2, random.Next(1, 3), 2],
                    Head = random.Next(3) == 0 ? null : new SpaceConvolution(1, 1, Few(2)),
                    Width = Few(2),
                    BottleneckWidth = Few(2),
                },
            ],
        };
    }

    /// <summary>What constraints say, written down once more.</summary>
    private static bool Keeps(SearchSpace space, Architecture architecture, double depthToWidth)
    {
        var constraints = space.Constraints;
        var blocks = architecture.Blocks.OfType<ResidualBlock>().ToArray();
        var widths = blocks.Zip(blocks.Skip(1), (a, b) => (double)b.Width / a.Width).All(ratio =>
            ratio >= (constraints.NonDecreasingWidths ? 1 : constraints.MinWidthRatio ?? 0) && ratio <= (constraints.MaxWidthRatio ?? double.MaxValue));
        var runs = new List<int>();
        foreach (var block in blocks)
        {
            if (runs.Count == 0 || block.Stride > 1)
            {
                runs.Add(0);
            }

            runs[^1] += block.Repeats;
        }

        var total = runs.Sum();
        return widths && runs.TrueForAll(layers =>
                space.Layouts[0].StageLayers.All(limits => layers >= limits.Minimum && layers <= limits.Maximum) && layers + 1e-9 >= total * (constraints.MinLayerShare ?? 0))
            && depthToWidth <= (constraints.MaxDepthToWidth ?? double.MaxValue);
    }

    /// <summary>Three stages of up to three layers and three widths.</summary>
    private static SearchSpace StagedSpace(Random random) => new()
    {
        Name = "staged",
        Blocks = [random.Next(2) == 0 ? BlockKind.Bottleneck : BlockKind.InvertedBottleneck],
        Kernels = [3, 5],
        Expansions = [2],
        Repeats = new IntRange(1, 3),
        MaxBlocksPerStage = 1,
        Layouts =
        [
            new SpaceLayout
            {
                Stem = new SpaceConvolution(3, 1, new IntRange(8, 16, 8)),
                StageStrides = [1, 2, 2],
                Head = random.Next(2) == 0 ? null : new SpaceConvolution(1, 1, new IntRange(16, 16, 8)),
                Width = new IntRange(16, 32, 8),
                BottleneckWidth = new IntRange(8, 16, 8),
            },
        ],
    };

    /// <summary>All kinds of blocks in one space, up to two of them a stage, at least two repeats; stem and head of stride 2.</summary>
    private static SearchSpace MixedSpace(Random random) => new()
    {
        Name = "mixed",
        Blocks = random.Next(2) == 0 ? [BlockKind.Basic, BlockKind.InvertedBottleneck, BlockKind.Bottleneck] : [BlockKind.InvertedBottleneck, BlockKind.Bottleneck, BlockKind.Basic],
        Kernels = [random.Next(2) == 0 ? 3 : 5],
        Expansions = [2],
        Repeats = new IntRange(2, 2),
        MaxBlocksPerStage = 2,
        Layouts =
        [
            new SpaceLayout
            {
                Stem = new SpaceConvolution(3, 2, new IntRange(8, 16, 8)),
                StageStrides = [2, 1 + random.Next(2)],
                Head = new SpaceConvolution(3, 2, new IntRange(16, 24, 8)),
                Width = new IntRange(16, 24, 8),
                BottleneckWidth = new IntRange(8, 16, 8),
            },
        ],
    };

    private static IEnumerable<Architecture> AllOf(SearchSpace space, int resolution, int classes)
    {
        var layout = space.Layouts[0];
        IEnumerable<int> Values(IntRange range) => Enumerable.Range(0, range.Count).Select(range.At);
        IEnumerable<Block[]> blocks = [.. Values(layout.Stem.Width).Select(width => new Block[] { new ConvolutionBlock(layout.Stem.Kernel, width, layout.Stem.Stride) })];
        foreach (var stride in layout.StageStrides)
        {
            Block[] choices =
            [
                .. from kind in space.Blocks
                   from kernel in space.Kernels
                   from expansion in kind == BlockKind.InvertedBottleneck ? [.. space.Expansions] : NoExpansion
                   from width in Values(layout.Width)
                   from bottleneck in Values(layout.BottleneckWidth)
                   from repeats in Values(space.Repeats)
                   select kind.Create(kernel, expansion, width, stride, bottleneck, repeats),
            ];
            Block[][] stages = [.. Sequences(choices, space.MaxBlocksPerStage)];
            blocks = blocks.SelectMany(before => stages.Select(stage => before.Concat(stage).ToArray()));
        }

        var ends = layout.Head is { } head
            ? Values(head.Width).Select(width => new Block[] { new ConvolutionBlock(head.Kernel, width, head.Stride) })
            : [[]];
        return blocks.SelectMany(before => ends.Select(end => new Architecture([.. before, .. end], resolution, classes)));
    }
}
