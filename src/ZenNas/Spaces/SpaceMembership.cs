using ZenNas.Architectures;

namespace ZenNas.Spaces;

/// <summary>Whether an architecture lies in a space, and if not, why.</summary>
public static class SpaceMembership
{
    /// <summary>Returns null where the architecture lies in the space, otherwise one sentence that says what doesn't fit.</summary>
    public static string? WhyOutside(SearchSpace space, Architecture architecture)
    {
        ArgumentNullException.ThrowIfNull(space);
        ArgumentNullException.ThrowIfNull(architecture);
        var layout = space.LayoutFor(architecture.Resolution);
        var blocks = architecture.Blocks;
        var residuals = blocks.Length - 1 - (layout.Head is null ? 0 : 1);
        if (architecture.InputChannels != space.InputChannels)
        {
            return $"input channels are {architecture.InputChannels}; allowed is {space.InputChannels}";
        }

        if (residuals < layout.StageStrides.Length)
        {
            return $"it has {blocks.Length} blocks; allowed are a stem, at least one block for each of {layout.StageStrides.Length} stages and the head";
        }

        var reason = WhyOutside(layout.Stem, blocks[0]);
        for (var i = 1; i <= residuals && reason is null; i++)
        {
            reason = WhyOutside(space, layout, blocks[i]) is { } why ? $"block {i + 1}: {why}" : null;
        }

        return reason
            ?? (layout.Head is { } head ? WhyOutside(head, blocks[^1]) : null)
            ?? WhyRunsDiffer(space, layout, blocks.AsSpan(1, residuals))
            ?? new ConstraintCheck(space, layout).WhyNot(architecture);
    }

    private static string? WhyOutside(SpaceConvolution allowed, Block block) =>
        block is ConvolutionBlock { Repeats: 1 } && block.Kernel == allowed.Kernel && block.Stride == allowed.Stride && allowed.Width.Contains(block.Width)
            ? null
            : $"its stem or head differs; allowed is one {allowed.Kernel}×{allowed.Kernel} convolution of stride {allowed.Stride} and width {Shown(allowed.Width)}";

    private static string? WhyOutside(SearchSpace space, SpaceLayout layout, Block block)
    {
        if (block is not ResidualBlock residual || !space.Blocks.Contains(BlockKinds.Of(residual)))
        {
            return $"type {ArchitectureJson.TypeName(block)} isn't among the space's blocks";
        }

        if (residual.Projection != Projection.FirstUnit || residual.SqueezeExcitation != SqueezeExcitation.None
            || residual is BottleneckBlock { UnitsPerRepeat: not 2 } or BottleneckBlock { GroupWidth: not null })
        {
            return "it isn't one of the released blocks (projection, squeeze-and-excitation, units or groups differ)";
        }

        if (!space.Kernels.Contains(block.Kernel) || (residual is InvertedBottleneckBlock inverted && !space.Expansions.Contains(inverted.Expansion)))
        {
            return $"kernel {block.Kernel} or its expansion isn't among the space's";
        }

        return !layout.Width.Contains(block.Width) ? $"width is {block.Width}; allowed is {Shown(layout.Width)}"
            : !layout.BottleneckWidth.Contains(residual.BottleneckWidth) ? $"bottleneck width is {residual.BottleneckWidth}; allowed is {Shown(layout.BottleneckWidth)}"
            : !space.Repeats.Contains(block.Repeats) ? $"repeats are {block.Repeats}; allowed is {Shown(space.Repeats)}"
            : null;
    }

    private static string? WhyRunsDiffer(SearchSpace space, SpaceLayout layout, ReadOnlySpan<Block> blocks)
    {
        var next = 0;
        foreach (var (stride, stages) in StageRuns.Of(layout))
        {
            if (next == blocks.Length || blocks[next].Stride != stride)
            {
                return $"its strides differ from the space's stages ({string.Join(", ", layout.StageStrides)})";
            }

            var start = next++;
            while (next < blocks.Length && blocks[next].Stride == 1)
            {
                next++;
            }

            if (next - start < stages || next - start > stages * space.MaxBlocksPerStage)
            {
                return $"a stage has {next - start} blocks; allowed are {stages} to {stages * space.MaxBlocksPerStage}";
            }
        }

        return next == blocks.Length ? null : $"its strides differ from the space's stages ({string.Join(", ", layout.StageStrides)})";
    }

    private static string Shown(IntRange range) =>
        range.Count == 1 ? $"{range.First}" : range.Step == 1 ? $"{range.First} to {range.Last}" : $"{range.First} to {range.Last} in steps of {range.Step}";
}
