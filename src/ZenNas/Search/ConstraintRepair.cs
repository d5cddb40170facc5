using System.Collections.Immutable;
using ZenNas.Architectures;
using ZenNas.Spaces;

namespace ZenNas.Search;

/// <summary>
/// Brings a varied network back within the constraints of its space. A change of one block can ask others to follow, which variations of one or two blocks would never do together: widths are
/// passed on along the chain, runs of stages with too few or too many layers are deepened or shortened.
/// </summary>
internal sealed class ConstraintRepair
{
    private const int MostRounds = 8;

    private readonly SearchSpace _space;
    private readonly SpaceLayout _layout;
    private readonly int _head;

    public ConstraintRepair(SearchSpace space, SpaceLayout layout) => (_space, _layout, _head) = (space, layout, layout.Head is null ? 0 : 1);

    /// <summary>The network with other widths and repeats where its own break a constraint; depth to width isn't repaired.</summary>
    /// <param name="drawn">A network of the space but for its constraints.</param>
    /// <param name="forward">Whether widths are passed on from the input to the output, or the other way round.</param>
    public Architecture Repaired(Architecture drawn, bool forward)
    {
        var blocks = drawn.Blocks.ToBuilder();
        if (_space.Constraints.BindNeighbours)
        {
            PassWidths(blocks, forward);
        }

        RepairLayers(blocks);
        return new Architecture(blocks.ToImmutable(), drawn.Resolution, drawn.Classes, drawn.InputChannels);
    }

    private void PassWidths(ImmutableArray<Block>.Builder blocks, bool forward)
    {
        var last = blocks.Count - _head - 1;
        for (var step = 0; step < last - 1; step++)
        {
            var (index, neighbour) = forward ? (2 + step, 1 + step) : (last - 1 - step, last - step);
            var (low, high) = forward ? _space.Constraints.Next(blocks[neighbour].Width) : _space.Constraints.Before(blocks[neighbour].Width);
            if (blocks[index].Width < low || blocks[index].Width > high)
            {
                var allowed = _layout.Width.Within(low, high);
                var block = (ResidualBlock)blocks[index];
                blocks[index] = block.Widened(block.Width < low ? allowed.First : allowed.Last);
            }
        }
    }

    private void RepairLayers(ImmutableArray<Block>.Builder blocks)
    {
        if (_layout.StageLayers.IsEmpty && _space.Constraints.MinLayerShare is null)
        {
            return;
        }

        // Deepening one run raises what a share asks of all.
        for (var (round, changed) = (0, true); changed && round < MostRounds; round++)
        {
            changed = false;
            var total = Enumerable.Range(1, blocks.Count - 1 - _head).Sum(i => blocks[i].Repeats);
            foreach (var (run, first, count) in StageRuns.Of(blocks, _head))
            {
                var limits = _layout.LayersOf(run);
                var layers = Enumerable.Range(first, count).Sum(i => blocks[i].Repeats);
                var wanted = Math.Min(Math.Max(layers, Math.Max(limits.Minimum, _space.Constraints.FewestOf(total))), limits.Maximum);
                changed |= wanted != layers && Deepen(blocks, first, count, wanted - layers);
            }
        }
    }

    /// <summary>Adds layers to the blocks of a run, or takes some away, as far as their repeats may go.</summary>
    private bool Deepen(ImmutableArray<Block>.Builder blocks, int first, int count, int by)
    {
        var left = by;
        for (var i = first; i < first + count && left != 0; i++)
        {
            var block = (ResidualBlock)blocks[i];
            var repeats = Math.Clamp(block.Repeats + left, _space.Repeats.First, _space.Repeats.Last);
            left -= repeats - block.Repeats;
            blocks[i] = block.Resized(block.Stride, repeats);
        }

        return left != by;
    }
}
