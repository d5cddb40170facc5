using ZenNas.Architectures;

namespace ZenNas.Spaces;

/// <summary>Between block kinds and residual blocks.</summary>
internal static class BlockKinds
{
    /// <summary>Creates a block of a kind; the expansion matters to inverted bottlenecks only.</summary>
    public static ResidualBlock Create(this BlockKind kind, int kernel, int expansion, int width, int stride, int bottleneckWidth, int repeats) => kind switch
    {
        BlockKind.Basic => new BasicBlock(kernel, width, stride, bottleneckWidth, repeats),
        BlockKind.Bottleneck => new BottleneckBlock(kernel, width, stride, bottleneckWidth, repeats),
        _ => new InvertedBottleneckBlock(expansion, kernel, width, stride, bottleneckWidth, repeats),
    };

    /// <summary>The kind of a block.</summary>
    public static BlockKind Of(ResidualBlock block) => block switch
    {
        BasicBlock => BlockKind.Basic,
        BottleneckBlock => BlockKind.Bottleneck,
        _ => BlockKind.InvertedBottleneck,
    };

    /// <summary>The same block with another width.</summary>
    public static ResidualBlock Widened(this ResidualBlock block, int width) => Of(block).Create(
        block.Kernel, block is InvertedBottleneckBlock inverted ? inverted.Expansion : 1, width, block.Stride, block.BottleneckWidth, block.Repeats);

    /// <summary>The same block with another stride and number of repeats.</summary>
    public static ResidualBlock Resized(this ResidualBlock block, int stride, int repeats) => Of(block).Create(
        block.Kernel, block is InvertedBottleneckBlock inverted ? inverted.Expansion : 1, block.Width, stride, block.BottleneckWidth, repeats);
}
