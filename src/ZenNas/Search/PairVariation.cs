using ZenNas.Architectures;
using ZenNas.Spaces;

namespace ZenNas.Search;

/// <summary>
/// The default: Algorithm 3 applied to two blocks at once, each of type, kernel (with expansion), widths and depth redrawn with
/// probability one half, in the paper's ranges.
/// </summary>
/// <remarks>
/// Near a budget a single block can only shrink, so depth and width never move from one block to another and a third of the seeds end in a
/// poor optimum. Two blocks can trade. Measured in docs/decisions.md.
/// </remarks>
public sealed class PairVariation : Variation
{
    /// <summary>Name of the preset.</summary>
    public const string PresetName = "pair";

    /// <summary>Creates the variation for a space.</summary>
    public PairVariation(SearchSpace space, SpaceLayout layout) : base(space, layout) { }

    /// <inheritdoc/>
    public override string Name => PresetName;

    private protected override Architecture Draw(IReadOnlyList<Candidate> population, Architecture initial, ref StepRandom random)
    {
        var parent = population[random.Next(population.Count)].Architecture;
        var blocks = parent.Blocks.ToBuilder();
        for (var draw = 0; draw < 2; draw++)
        {
            var index = ChooseBlock(parent, ref random);
            blocks[index] = blocks[index] is ResidualBlock residual
                ? Vary(residual, ref random)
                : new ConvolutionBlock(blocks[index].Kernel, DrawNear(WidthOf(index), blocks[index].Width, ref random), blocks[index].Stride);
        }

        return new Architecture(blocks.ToImmutable(), parent.Resolution, parent.Classes, parent.InputChannels);
    }

    private ResidualBlock Vary(ResidualBlock block, ref StepRandom random)
    {
        var (newType, newKernel, newWidths, newDepth) = (Coin(ref random), Coin(ref random), Coin(ref random), Coin(ref random));
        var kind = newType ? Space.Blocks[random.Next(Space.Blocks.Length)] : BlockKinds.Of(block);
        var kernel = newKernel ? Space.Kernels[random.Next(Space.Kernels.Length)] : block.Kernel;
        var expansion = !newKernel && block is InvertedBottleneckBlock inverted
            ? inverted.Expansion
            : Space.Expansions[random.Next(Space.Expansions.Length)];
        var width = newWidths ? DrawNear(Layout.Width, block.Width, ref random) : block.Width;
        var bottleneck = newWidths ? DrawNear(Layout.BottleneckWidth, block.BottleneckWidth, ref random) : block.BottleneckWidth;
        var repeats = newDepth ? DrawNear(Space.Repeats, block.Repeats, ref random) : block.Repeats;
        return kind.Create(kernel, expansion, width, block.Stride, bottleneck, repeats);
    }

    private static bool Coin(ref StepRandom random) => random.Next(2) == 1;
}
