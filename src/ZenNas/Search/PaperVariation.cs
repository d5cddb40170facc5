using ZenNas.Architectures;
using ZenNas.Spaces;

namespace ZenNas.Search;

/// <summary>
/// Algorithm 3 of the paper: a uniformly chosen block of a uniformly chosen parent gets a new block type, kernel, width and depth, widths
/// and depth within [0.5, 2] times the current value.
/// </summary>
public sealed class PaperVariation : Variation
{
    /// <summary>Name of the preset.</summary>
    public const string PresetName = "paper";

    /// <summary>Creates the variation for a space.</summary>
    public PaperVariation(SearchSpace space, SpaceLayout layout) : base(space, layout) { }

    /// <inheritdoc/>
    public override string Name => PresetName;

    private protected override Architecture Draw(IReadOnlyList<Candidate> population, Architecture initial, ref StepRandom random)
    {
        var parent = population[random.Next(population.Count)].Architecture;
        var index = ChooseBlock(parent, ref random);
        Block block = parent.Blocks[index] switch
        {
            ResidualBlock residual => Vary(residual, ref random),
            var convolution => new ConvolutionBlock(
                convolution.Kernel, DrawNear(WidthOf(index), convolution.Width, ref random), convolution.Stride),
        };
        return new Architecture(parent.Blocks.SetItem(index, block), parent.Resolution, parent.Classes, parent.InputChannels);
    }

    private ResidualBlock Vary(ResidualBlock block, ref StepRandom random) => Space.Blocks[random.Next(Space.Blocks.Length)].Create(
        Space.Kernels[random.Next(Space.Kernels.Length)],
        Space.Expansions[random.Next(Space.Expansions.Length)],
        DrawNear(Layout.Width, block.Width, ref random),
        block.Stride,
        DrawNear(Layout.BottleneckWidth, block.BottleneckWidth, ref random),
        DrawNear(Space.Repeats, block.Repeats, ref random));
}
