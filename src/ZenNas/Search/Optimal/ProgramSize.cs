using System.Collections.Immutable;
using ZenNas.Spaces;

namespace ZenNas.Search.Optimal;

/// <summary>What the dynamic program of a space tells apart: widths, layers, and how many values that makes.</summary>
internal sealed class ProgramSize
{
    // Tables of a hundred megabytes, and seconds of reading, for each size of the map and stride; a gigabyte of values of states.
    private const int MostWidths = 1024;
    private const int MostBlocks = 1_000_000;
    private const long MostStates = 128_000_000;

    /// <param name="space">The space.</param>
    /// <param name="layout">Its layout.</param>
    /// <param name="maxLayers">Most layers of the network; null for any number.</param>
    /// <exception cref="InvalidInputException">It is more than memory should be asked for.</exception>
    public ProgramSize(SearchSpace space, SpaceLayout layout, int? maxLayers)
    {
        Widths = [.. Values(layout.Width).Union(Values(layout.Stem.Width)).Order()];
        MostBlockLayers = layout.StageStrides.Length * space.MaxBlocksPerStage * space.Repeats.Last;
        var blockLayers = Math.Min(maxLayers - (layout.Head is null ? 1 : 2) ?? MostBlockLayers, MostBlockLayers);

        // Shares are of a number of layers, which has to be known; a limit that can't bind needn't.
        BlockLayers = blockLayers < MostBlockLayers || space.Constraints.MinLayerShare is not null ? blockLayers : null;
        Plans = LayerPlan.Of(space, layout, BlockLayers);
        CheckBlocks(space, BlockOption.Of(space, layout).Length);
        CheckStates(space, layout);
    }

    /// <summary>Widths of stems and blocks, ascending.</summary>
    public int[] Widths { get; }

    /// <summary>Most layers that residual blocks of the space can have.</summary>
    public int MostBlockLayers { get; }

    /// <summary>Most layers of residual blocks, where they are counted; null where they aren't.</summary>
    public int? BlockLayers { get; }

    /// <summary>Numbers of layers that are told apart.</summary>
    public int Levels => Math.Max(0, BlockLayers ?? 0) + 1;

    /// <summary>Plans of layers.</summary>
    public ImmutableArray<LayerPlan> Plans { get; }

    private void CheckBlocks(SearchSpace space, int options)
    {
        if (Widths.Length > MostWidths || (long)Widths.Length * options > MostBlocks)
        {
            throw new InvalidInputException(
                $"space '{space.Name}' has {Widths.Length:N0} widths and {options:N0} kinds, kernels, expansions and bottleneck widths of blocks; allowed for the optimum are {MostWidths:N0} widths "
                + $"and {MostBlocks:N0} of both together, so take larger steps");
        }
    }

    private void CheckStates(SearchSpace space, SpaceLayout layout)
    {
        var states = Plans.Sum(plan => StageRuns.Of(layout).Select((run, i) => RunLimits.Of(run.Stages, space, plan.Runs[i], BlockLayers))
            .Sum(limits => (limits.MostBlocks + 1L) * (limits.Told + 1) * Levels * Widths.Length));
        if (states > MostStates)
        {
            throw new InvalidInputException(
                $"space '{space.Name}' makes {states:N0} states of widths and layers within the limit on layers; allowed for the optimum are {MostStates:N0}, so take a smaller --max-layers or larger steps");
        }
    }

    private static IEnumerable<int> Values(IntRange range) => Enumerable.Range(0, range.Count).Select(range.At);
}
