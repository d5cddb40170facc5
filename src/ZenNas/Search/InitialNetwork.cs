using System.Collections.Immutable;
using System.Globalization;
using ZenNas.Architectures;
using ZenNas.Complexity;
using ZenNas.Latency;
using ZenNas.Spaces;

namespace ZenNas.Search;

/// <summary>Makes the small random network within the budget that Algorithm 2 starts from.</summary>
public static class InitialNetwork
{
    private const int LargestWidth = 64;

    /// <summary>
    /// Draws widths up to 64 channels, halving that bound until the network fits; at last the smallest network of the space.
    /// </summary>
    /// <exception cref="InvalidInputException">Not even the smallest network of the space fits the budget.</exception>
    public static Architecture Generate(SearchSpace space, int resolution, int classes, Budget budget, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(space);
        ArgumentNullException.ThrowIfNull(budget);
        var layout = space.LayoutFor(resolution);
        var constraints = new ConstraintCheck(space, layout);
        for (var bound = LargestWidth; bound > 0; bound /= 2)
        {
            var random = new StepRandom(seed, (ulong)bound << 40);
            var drawn = Build(space, layout, resolution, classes, bound, ref random);
            if (constraints.Allows(drawn) && Fits(drawn, budget))
            {
                return drawn;
            }
        }

        return Smallest(space, layout, resolution, classes)
            .Select(Network.Lower)
            .OrderBy(n => NetworkCost.Of(n).Parameters)
            .FirstOrDefault(budget.Fits)?.Architecture
            ?? throw TooSmall(space, layout, resolution, classes, budget);
    }

    /// <summary>The fewest MACs that a network of the space can have, by its narrowest and shallowest networks.</summary>
    internal static long SmallestMacs(SearchSpace space, int resolution, int classes) =>
        Smallest(space, space.LayoutFor(resolution), resolution, classes).Min(a => NetworkCost.Of(Network.Lower(a)).Macs);

    /// <summary>The fewest layers that a network of the space can have, stem and last convolution included.</summary>
    internal static int FewestLayers(SearchSpace space, int resolution) =>
        space.LayoutFor(resolution) is var layout ? Shallowest(space, layout).Sum(block => block.Repeats) + (layout.Head is null ? 1 : 2) : 0;

    /// <summary>The shortest latency among those networks.</summary>
    internal static double SmallestMs(SearchSpace space, int resolution, int classes, ILatencySource source) =>
        Smallest(space, space.LayoutFor(resolution), resolution, classes).Min(a => source.Ms(Network.Lower(a)));

    private static Architecture Build(SearchSpace space, SpaceLayout layout, int resolution, int classes, int bound, ref StepRandom random)
    {
        var blocks = ImmutableArray.CreateBuilder<Block>();
        blocks.Add(Convolution(layout.Stem, Draw(layout.Stem.Width, bound, ref random)));
        foreach (var (stride, repeats) in Shallowest(space, layout))
        {
            blocks.Add(space.Blocks[random.Next(space.Blocks.Length)].Create(
                space.Kernels[random.Next(space.Kernels.Length)],
                space.Expansions[random.Next(space.Expansions.Length)],
                DrawWidth(space, layout, blocks[^1], bound, ref random), stride, Draw(layout.BottleneckWidth, bound, ref random), repeats));
        }

        if (layout.Head is { } head)
        {
            blocks.Add(Convolution(head, Draw(head.Width, 4 * bound, ref random)));
        }

        return new Architecture(blocks.ToImmutable(), resolution, classes, space.InputChannels);
    }

    /// <summary>For each allowed block type and kernel, the network of the smallest expansion, fewest layers, and smallest widths that constraints allow.</summary>
    private static Architecture[] Smallest(SearchSpace space, SpaceLayout layout, int resolution, int classes)
    {
        var constraints = new ConstraintCheck(space, layout);
        (int, int)[] stages = [.. Shallowest(space, layout)];
        Architecture[] networks =
        [
            .. space.Blocks.SelectMany(kind => space.Kernels.Select(kernel => (Kind: kind, Kernel: kernel)))
                .Select(choice => Enumerable.Range(0, Math.Max(layout.Width.Count, layout.BottleneckWidth.Count))
                    .Select(step => Uniform(space, layout, choice.Kind, choice.Kernel, stages, step, resolution, classes))
                    .FirstOrDefault(constraints.Allows))
                .OfType<Architecture>(),
        ];
        return networks.Length > 0
            ? networks
            : throw new InvalidInputException(
                $"no network of space '{space.Name}' with all blocks alike keeps to its maxDepthToWidth of {space.Constraints.MaxDepthToWidth}; allowed is a larger ratio, or wider blocks");
    }

    /// <summary>All blocks of one kind, and of the widths at a position or the last.</summary>
    private static Architecture Uniform(
        SearchSpace space, SpaceLayout layout, BlockKind kind, int kernel, (int Stride, int Repeats)[] stages, int step, int resolution, int classes)
    {
        int At(IntRange range) => range.At(Math.Min(step, range.Count - 1));
        var body = stages.Select(stage => (Block)kind.Create(
            kernel, space.Expansions[0], At(layout.Width), stage.Stride, At(layout.BottleneckWidth), stage.Repeats));
        var head = layout.Head is { } h ? new[] { Convolution(h, h.Width.First) } : [];
        return new Architecture([Convolution(layout.Stem, layout.Stem.Width.First), .. body, .. head], resolution, classes, space.InputChannels);
    }

    /// <summary>Strides and repeats of the residual blocks of the shallowest network.</summary>
    private static IEnumerable<(int Stride, int Repeats)> Shallowest(SearchSpace space, SpaceLayout layout) =>
        StageRuns.Of(layout).Zip(ShallowestStages.Of(space, layout), (run, blocks) => blocks.Select((repeats, i) => (i == 0 ? run.Stride : 1, repeats))).SelectMany(run => run);

    /// <summary>A width up to a bound that may stand behind the block before; where none is both, the nearest to it.</summary>
    private static int DrawWidth(SearchSpace space, SpaceLayout layout, Block before, int bound, ref StepRandom random)
    {
        if (before is not ResidualBlock)
        {
            return Draw(layout.Width, bound, ref random);
        }

        var (low, high) = space.Constraints.Next(before.Width);
        var allowed = layout.Width.Within(low, Math.Max(low, Math.Min(bound, high)));
        return allowed.At(random.Next(allowed.Count));
    }

    private static InvalidInputException TooSmall(SearchSpace space, SpaceLayout layout, int resolution, int classes, Budget budget)
    {
        var networks = Smallest(space, layout, resolution, classes).Select(Network.Lower).ToArray();
        var costs = networks.Select(n => NetworkCost.Of(n)).ToArray();
        var cheapest = costs.MinBy(c => c.Parameters);
        var latency = budget.MaxLatency is { } limit
            ? string.Create(CultureInfo.InvariantCulture, $" and takes {networks.Min(limit.Source.Ms):G3} ms")
            : "";
        return new InvalidInputException(
            $"budget is {budget}; the smallest network found in space '{space.Name}' at {resolution}×{resolution} and {classes} classes has "
            + $"{cheapest.Parameters:N0} parameters, {costs.Min(c => c.Macs):N0} MACs and {cheapest.Layers} layer{(cheapest.Layers == 1 ? "" : "s")}{latency}");
    }

    private static bool Fits(Architecture architecture, Budget budget) => budget.Fits(Network.Lower(architecture));

    private static ConvolutionBlock Convolution(SpaceConvolution allowed, int width) => new(allowed.Kernel, width, allowed.Stride);

    private static int Draw(IntRange range, int bound, ref StepRandom random)
    {
        var small = range.Within(range.First, bound);
        return small.At(random.Next(small.Count));
    }
}
