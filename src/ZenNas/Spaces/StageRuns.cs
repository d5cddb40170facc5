using ZenNas.Architectures;

namespace ZenNas.Spaces;

/// <summary>
/// Which residual blocks stand between two changes of resolution. A stage of stride 1 can't be told from further blocks of the stage
/// before it, so blocks are counted by run: a strided block and the stride-1 blocks that follow it.
/// </summary>
internal static class StageRuns
{
    /// <summary>Runs of a layout: the stride each begins with and how many stages it holds.</summary>
    public static IEnumerable<(int Stride, int Stages)> Of(SpaceLayout layout)
    {
        var strides = layout.StageStrides;
        for (var i = 0; i < strides.Length;)
        {
            var next = i + 1;
            while (next < strides.Length && strides[next] == 1)
            {
                next++;
            }

            yield return (strides[i], next - i);
            i = next;
        }
    }

    /// <summary>Runs of a network: number, position of the first residual block, and how many.</summary>
    /// <param name="blocks">Stem, residual blocks, and last convolutions.</param>
    /// <param name="head">How many blocks at the end are no residual ones.</param>
    public static IEnumerable<(int Run, int First, int Count)> Of(IReadOnlyList<Block> blocks, int head)
    {
        var first = 1;
        for (var run = 0; first < blocks.Count - head; run++)
        {
            var end = first + 1;
            while (end < blocks.Count - head && blocks[end].Stride == 1)
            {
                end++;
            }

            yield return (run, first, end - first);
            first = end;
        }
    }

    /// <summary>The run that the residual block at a position belongs to, and how many blocks that run has.</summary>
    public static (int Run, int Blocks) Around(IReadOnlyList<Block> blocks, int index)
    {
        var start = index;
        while (start > 1 && blocks[start].Stride == 1)
        {
            start--;
        }

        var end = index + 1;
        while (end < blocks.Count && blocks[end] is ResidualBlock { Stride: 1 })
        {
            end++;
        }

        var run = 0;
        for (var i = 2; i <= start; i++)
        {
            run += blocks[i].Stride > 1 ? 1 : 0;
        }

        return (run, end - start);
    }
}
