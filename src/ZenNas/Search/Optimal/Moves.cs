using ZenNas.Architectures;
using ZenNas.Spaces;

namespace ZenNas.Search.Optimal;

/// <summary>Networks that differ a little from one: one block changed in one attribute, or two blocks, or two attributes of one.</summary>
internal sealed class Moves
{
    private const int Steps = 3;
    private readonly SearchSpace _space;
    private readonly SpaceLayout _layout;

    /// <param name="space">Space to stay in.</param>
    /// <param name="layout">Its layout.</param>
    public Moves(SearchSpace space, SpaceLayout layout) => (_space, _layout) = (space, layout);

    /// <summary>All neighbours of a network.</summary>
    public IEnumerable<Architecture> Of(Architecture architecture)
    {
        var blocks = architecture.Blocks;
        Block[][] changed = [.. Enumerable.Range(0, blocks.Length).Select(i => Changed(architecture, i).ToArray())];
        for (var i = 0; i < blocks.Length; i++)
        {
            foreach (var first in changed[i])
            {
                var once = blocks.SetItem(i, first);
                yield return With(architecture, once);
                for (var j = i; j < blocks.Length; j++)
                {
                    foreach (var second in j == i ? Changed(With(architecture, once), i) : changed[j])
                    {
                        yield return With(architecture, once.SetItem(j, second));
                    }
                }
            }
        }
    }

    private static Architecture With(Architecture architecture, System.Collections.Immutable.ImmutableArray<Block> blocks) =>
        new(blocks, architecture.Resolution, architecture.Classes, architecture.InputChannels);

    private IEnumerable<Block> Changed(Architecture architecture, int index)
    {
        if (architecture.Blocks[index] is ResidualBlock block)
        {
            return Changed(block);
        }

        var convolution = architecture.Blocks[index];
        var allowed = index == 0 ? _layout.Stem.Width : _layout.Head!.Width;
        return Near(allowed, convolution.Width).Select(width => new ConvolutionBlock(convolution.Kernel, width, convolution.Stride));
    }

    private IEnumerable<Block> Changed(ResidualBlock block)
    {
        var (kind, expansion) = (BlockKinds.Of(block), block is InvertedBottleneckBlock inverted ? inverted.Expansion : 1);
        var expansions = kind == BlockKind.InvertedBottleneck ? _space.Expansions : [1];
        Block With(BlockKind otherKind, int kernel, int otherExpansion, int width, int bottleneck, int repeats) =>
            otherKind.Create(kernel, otherExpansion, width, block.Stride, bottleneck, repeats);

        return Near(_layout.Width, block.Width).Select(width => With(kind, block.Kernel, expansion, width, block.BottleneckWidth, block.Repeats))
            .Concat(Near(_layout.BottleneckWidth, block.BottleneckWidth).Select(width => With(kind, block.Kernel, expansion, block.Width, width, block.Repeats)))
            .Concat(_space.Kernels.Where(k => k != block.Kernel).Select(k => With(kind, k, expansion, block.Width, block.BottleneckWidth, block.Repeats)))
            .Concat(expansions.Where(e => e != expansion).Select(e => With(kind, block.Kernel, e, block.Width, block.BottleneckWidth, block.Repeats)))
            .Concat(_space.Blocks.Where(k => k != kind).Select(k => With(k, block.Kernel, k == BlockKind.InvertedBottleneck ? _space.Expansions[0] : 1, block.Width, block.BottleneckWidth, block.Repeats)))
            .Concat(new[] { -1, 1 }.Select(by => block.Repeats + by).Where(_space.Repeats.Contains)
                .Select(repeats => With(kind, block.Kernel, expansion, block.Width, block.BottleneckWidth, repeats)));
    }

    private static IEnumerable<int> Near(IntRange range, int current) =>
        Enumerable.Range(-Steps, 2 * Steps + 1).Where(by => by != 0).Select(by => current + by * range.Step).Where(range.Contains);
}
