using System.Collections.Immutable;
using ZenNas.Architectures;
using ZenNas.Spaces;

namespace ZenNas.Search;

/// <summary>
/// The mutation of the paper's released program: widths times or divided by 1, 1.25, 1.5, 2 or 2.5, depth plus or minus up to 2, any block
/// type and kernel; one block of the initial network while the population is small, then two blocks of a random member. Blocks of 6 or
/// more repeats are split into 3 and the rest as long as the stage may hold more blocks.
/// </summary>
public sealed class ReleasedCodeVariation : Variation
{
    /// <summary>Name of the preset.</summary>
    public const string PresetName = "released-code";

    private const int SmallPopulation = 10;
    private const int SplitFrom = 6;
    private const int SplitHead = 3;
    private static readonly double[] Factors = [1 / 2.5, 1 / 2.0, 1 / 1.5, 1 / 1.25, 1, 1.25, 1.5, 2, 2.5];
    private readonly int[] _stagesPerRun;

    /// <summary>Creates the variation for a space.</summary>
    public ReleasedCodeVariation(SearchSpace space, SpaceLayout layout) : base(space, layout) =>
        _stagesPerRun = [.. StageRuns.Of(layout).Select(r => r.Stages)];

    /// <inheritdoc/>
    public override string Name => PresetName;

    private protected override Architecture Draw(IReadOnlyList<Candidate> population, Architecture initial, ref StepRandom random)
    {
        var small = population.Count <= SmallPopulation;
        var parent = small ? initial : population[random.Next(population.Count)].Architecture;
        var blocks = parent.Blocks.ToBuilder();
        var first = ChooseBlock(parent, ref random);
        blocks[first] = Vary(blocks[first], first, ref random);
        if (!small && ChooseBlock(parent, ref random) is var second && second != first)
        {
            blocks[second] = Vary(blocks[second], second, ref random);
        }

        return new Architecture(Split(blocks), parent.Resolution, parent.Classes, parent.InputChannels);
    }

    private Block Vary(Block block, int index, ref StepRandom random) => block is ResidualBlock residual
        ? Space.Blocks[random.Next(Space.Blocks.Length)].Create(
            Space.Kernels[random.Next(Space.Kernels.Length)],
            Space.Expansions[random.Next(Space.Expansions.Length)],
            DrawByFactor(Layout.Width, residual.Width, ref random),
            residual.Stride,
            DrawByFactor(Layout.BottleneckWidth, residual.BottleneckWidth, ref random),
            Math.Clamp(residual.Repeats + random.Next(-2, 2), Space.Repeats.First, Space.Repeats.Last))
        : new ConvolutionBlock(block.Kernel, DrawByFactor(WidthOf(index), block.Width, ref random), block.Stride);

    private static int DrawByFactor(IntRange range, int current, ref StepRandom random) =>
        range.Nearest(current * Factors[random.Next(Factors.Length)]);

    private ImmutableArray<Block> Split(ImmutableArray<Block>.Builder blocks)
    {
        for (var i = 0; i < blocks.Count; i++)
        {
            if (blocks[i] is not ResidualBlock { Repeats: >= SplitFrom } block
                || !Space.Repeats.Contains(SplitHead) || !Space.Repeats.Contains(block.Repeats - SplitHead)
                || IsStageFull(blocks, i))
            {
                continue;
            }

            blocks[i] = block.Resized(block.Stride, SplitHead);
            blocks.Insert(i + 1, block.Resized(1, block.Repeats - SplitHead));
        }

        return blocks.ToImmutable();
    }

    private bool IsStageFull(ImmutableArray<Block>.Builder blocks, int index)
    {
        var (run, count) = StageRuns.Around(blocks, index);
        return count >= _stagesPerRun[run] * Space.MaxBlocksPerStage;
    }
}
