using System.Collections.Immutable;
using ZenNas.Architectures;
using ZenNas.Complexity;
using ZenNas.Search;
using ZenNas.Spaces;
using ZenNas.Tests.Spaces;

namespace ZenNas.Tests.Search;

public sealed class VariationTests
{
    private static readonly double[] ReleasedFactors = [0.4, 0.5, 1 / 1.5, 0.8, 1, 1.25, 1.5, 2, 2.5];

    public static TheoryData<string, string> PresetsAndSpaces
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var preset in Variation.Presets)
            {
                foreach (var space in new[] { "residual", "mobile", "flat", "narrow" })
                {
                    data.Add(preset, space);
                }
            }

            return data;
        }
    }

    [Theory, MemberData(nameof(PresetsAndSpaces))]
    public void Should_stay_in_the_space_and_keep_its_strides(string preset, string name)
    {
        var space = TestSpaces.Named(name);
        var layout = space.LayoutFor(64);
        var variation = Variation.Create(preset, space, layout);
        Assert.Equal(preset, variation.Name);
        var initial = InitialNetwork.Generate(space, 64, 10, new Budget(), 1);
        var strides = Strides(initial);
        var population = new List<Candidate> { Candidate(initial) };
        var seen = new HashSet<Architecture>();
        for (ulong step = 0; step < 10_000; step++)
        {
            var random = new StepRandom(3, step);
            var child = variation.Propose(population, initial, ref random);
            Assert.Null(SpaceMembership.WhyOutside(space, child));
            Assert.Equal(strides, Strides(child));
            Assert.Equal((initial.Resolution, initial.Classes, initial.InputChannels), (child.Resolution, child.Classes, child.InputChannels));
            seen.Add(child);

            // From one member, through the released program's small population, to one that forgets where it came from.
            if (population.Count < 20 && step % 100 == 0)
            {
                population.Add(Candidate(child));
            }
            else if (population.Count == 20)
            {
                population[random.Next(20)] = Candidate(child);
            }
        }

        Assert.True(seen.Count > 5_000);
    }

    [Theory]
    [InlineData(PaperVariation.PresetName, 1, "residual")]
    [InlineData(PaperVariation.PresetName, 1, "flat")]
    [InlineData(PairVariation.PresetName, 2, "residual")]
    [InlineData(PairVariation.PresetName, 2, "flat")]
    public void Should_change_few_blocks_within_half_and_twice_their_size(string preset, int mostBlocks, string name)
    {
        var space = TestSpaces.Named(name);
        var variation = Variation.Create(preset, space, space.LayoutFor(64));
        var parent = InitialNetwork.Generate(space, 64, 10, new Budget(), 1);
        var most = 0;
        for (ulong step = 0; step < 5_000; step++)
        {
            var random = new StepRandom(4, step);
            var child = variation.Propose([Candidate(parent)], parent, ref random);
            Assert.Equal(parent.Blocks.Length, child.Blocks.Length);
            var changed = parent.Blocks.Zip(child.Blocks).Where(p => p.First != p.Second).ToArray();
            most = Math.Max(most, changed.Length);
            foreach (var (before, after) in changed)
            {
                // The second draw may hit the same block again: a quarter to four times.
                var factor = mostBlocks == 2 && changed.Length == 1 ? 4.0 : 2.0;
                AssertNear(before.Width, after.Width, factor);
                AssertNear(before.Repeats, after.Repeats, factor);
                Assert.Equal(before.Stride, after.Stride);
                if (before is ResidualBlock residual)
                {
                    AssertNear(residual.BottleneckWidth, Assert.IsAssignableFrom<ResidualBlock>(after).BottleneckWidth, factor);
                }
            }

            parent = child;
        }

        Assert.Equal(mostBlocks, most);

        static void AssertNear(int before, int after, double factor) => Assert.InRange(after, before / factor, before * factor);
    }

    [Fact]
    public void Should_reach_every_value_of_the_papers_range_and_no_other()
    {
        var space = TestSpaces.Named("residual");
        var variation = new PaperVariation(space, space.LayoutFor(32));
        var parent = Parent(new BasicBlock(5, 64, 1, 32, 4));
        var blocks = Children(variation, parent, 20_000).Select(c => (ResidualBlock)c.Blocks[1]).Where(b => b != parent.Blocks[1]).ToArray();
        Assert.Equal(Enumerable.Range(4, 13).Select(i => 8 * i), blocks.Select(b => b.Width).Distinct().Order());
        Assert.Equal(Enumerable.Range(2, 7).Select(i => 8 * i), blocks.Select(b => b.BottleneckWidth).Distinct().Order());
        Assert.Equal(Enumerable.Range(2, 7), blocks.Select(b => b.Repeats).Distinct().Order());
        Assert.Equal([3, 5, 7], blocks.Select(b => b.Kernel).Distinct().Order());
        Assert.Equal([typeof(BasicBlock), typeof(BottleneckBlock)], blocks.Select(b => b.GetType()).Distinct().OrderBy(t => t.Name));
    }

    [Fact]
    public void Should_resize_by_the_released_programs_factors()
    {
        var space = TestSpaces.Named("residual");
        var layout = space.LayoutFor(32);
        var variation = new ReleasedCodeVariation(space, layout);
        var parent = Parent(new BasicBlock(5, 200, 1, 104, 3));
        int[] widths = [.. ReleasedFactors.Select(f => Rounded(200 * f))];
        int[] bottlenecks = [.. ReleasedFactors.Select(f => Math.Min(256, Rounded(104 * f)))];
        var blocks = Children(variation, parent, 20_000).Select(c => (ResidualBlock)c.Blocks[1]).Where(b => b != parent.Blocks[1]).ToArray();
        Assert.Equal(widths.Distinct().Order(), blocks.Select(b => b.Width).Distinct().Order());
        Assert.Equal(bottlenecks.Distinct().Order(), blocks.Select(b => b.BottleneckWidth).Distinct().Order());
        Assert.Equal([1, 2, 3, 4, 5], blocks.Select(b => b.Repeats).Distinct().Order());

        static int Rounded(double width) => 8 * (int)Math.Round(width / 8, MidpointRounding.ToEven);
    }

    [Fact]
    public void Should_change_one_block_of_the_first_network_while_the_population_is_small_and_two_later()
    {
        var space = TestSpaces.Named("residual");
        var variation = new ReleasedCodeVariation(space, space.LayoutFor(32));
        var initial = Parent(new BasicBlock(5, 200, 1, 104, 2));
        var other = Parent(new BottleneckBlock(7, 160, 1, 64, 2));
        Assert.Equal([0, 1], Changed(initial, population: 10));
        Assert.Equal([0, 1, 2], Changed(other, population: 11));

        int[] Changed(Architecture parent, int population)
        {
            var members = Enumerable.Repeat(Candidate(other), population).ToList();
            return [.. Enumerable.Range(0, 3_000).Select(step =>
            {
                var random = new StepRandom(5, (ulong)step);
                var child = variation.Propose(members, initial, ref random);
                return parent.Blocks.Zip(child.Blocks).Count(p => p.First != p.Second);
            }).Distinct().Order()];
        }
    }

    [Fact]
    public void Should_split_blocks_of_six_repeats_or_more_into_three_and_the_rest()
    {
        var space = TestSpaces.Named("residual");
        var variation = new ReleasedCodeVariation(space, space.LayoutFor(32));
        var parent = Parent(new BottleneckBlock(7, 64, 1, 32, 5));
        var split = 0;
        foreach (var child in Children(variation, parent, 5_000))
        {
            Assert.All(child.Blocks.OfType<ResidualBlock>(), b => Assert.InRange(b.Repeats, 1, 5));
            Assert.InRange(child.Layers, parent.Layers - 2, parent.Layers + 2);
            if (child.Blocks.Length == parent.Blocks.Length)
            {
                continue;
            }

            split++;
            var (head, tail) = (Assert.IsAssignableFrom<ResidualBlock>(child.Blocks[1]), Assert.IsAssignableFrom<ResidualBlock>(child.Blocks[2]));
            Assert.Equal((3, head.Stride), (head.Repeats, parent.Blocks[1].Stride));
            Assert.InRange(tail.Repeats, 3, 4);
            Assert.Equal(
                (head.GetType(), head.Kernel, head.Width, head.BottleneckWidth, 1),
                (tail.GetType(), tail.Kernel, tail.Width, tail.BottleneckWidth, tail.Stride));
            Assert.Equal(parent.Blocks[2..], child.Blocks[3..].AsEnumerable());
        }

        // Two of five depths reach 6, one of five blocks that can vary is drawn.
        Assert.InRange(split, 100, 1_000);
    }

    [Fact]
    public void Should_not_split_where_a_stage_is_full()
    {
        var space = TestSpaces.Named("residual") with { MaxBlocksPerStage = 1 };
        var variation = new ReleasedCodeVariation(space, space.LayoutFor(32));
        var parent = Parent(new BottleneckBlock(7, 64, 1, 32, 8));
        Assert.All(Children(variation, parent, 1_000), c => Assert.Equal(parent.Blocks.Length, c.Blocks.Length));
    }

    [Fact]
    public void Should_offer_the_pair_first_and_refuse_unknown_presets()
    {
        Assert.Equal(["pair", "paper", "released-code"], Variation.Presets);
        var space = TestSpaces.Named("residual");
        var error = Assert.Throws<InvalidInputException>(() => Variation.Create("best", space, space.Layouts[0]));
        Assert.Equal("preset is 'best'; allowed is one of pair, paper, released-code", error.Message);
    }

    /// <summary>A network of space <c>residual</c> at 32×32 with the block first.</summary>
    private static Architecture Parent(Block first)
    {
        var rest = new BasicBlock(3, 64, 2, 32, 1);
        return new Architecture([new ConvolutionBlock(3, 32), first, rest, rest, rest, new ConvolutionBlock(1, 128)], 32, 10);
    }

    private static IEnumerable<Architecture> Children(Variation variation, Architecture parent, int count)
    {
        for (var step = 0; step < count; step++)
        {
            var random = new StepRandom(6, (ulong)step);
            yield return variation.Propose([Candidate(parent)], parent, ref random);
        }
    }

    private static Candidate Candidate(Architecture architecture) => new(architecture, 0, default, 0);

    /// <summary>The strides that reduce resolution, in order.</summary>
    private static ImmutableArray<int> Strides(Architecture architecture) => [.. architecture.Blocks.Select(b => b.Stride).Where(s => s > 1)];
}
