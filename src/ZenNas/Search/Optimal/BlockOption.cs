using ZenNas.Architectures;
using ZenNas.Spaces;

namespace ZenNas.Search.Optimal;

/// <summary>All that is chosen about a residual block but for width, stride and repeats.</summary>
/// <param name="Kind">Kind.</param>
/// <param name="Kernel">Kernel size.</param>
/// <param name="Expansion">Expansion; 1 but for inverted bottlenecks.</param>
/// <param name="BottleneckWidth">Inner channels.</param>
internal readonly record struct BlockOption(BlockKind Kind, int Kernel, int Expansion, int BottleneckWidth)
{
    private static readonly int[] NoExpansion = [1];

    /// <summary>The options of a layout.</summary>
    public static BlockOption[] Of(SearchSpace space, SpaceLayout layout) =>
    [
        .. from kind in space.Blocks
           from kernel in space.Kernels
           from expansion in kind == BlockKind.InvertedBottleneck ? [.. space.Expansions] : NoExpansion
           from bottleneck in Enumerable.Range(0, layout.BottleneckWidth.Count)
           select new BlockOption(kind, kernel, expansion, layout.BottleneckWidth.At(bottleneck)),
    ];

    /// <summary>A block.</summary>
    public ResidualBlock Block(int width, int stride, int repeats) => Kind.Create(Kernel, Expansion, width, stride, BottleneckWidth, repeats);
}
