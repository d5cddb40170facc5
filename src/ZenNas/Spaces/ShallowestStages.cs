using System.Collections.Immutable;

namespace ZenNas.Spaces;

/// <summary>The fewest layers that the stages of a layout can have together, whatever constrains them.</summary>
internal static class ShallowestStages
{
    /// <summary>Repeats of the blocks of each run of stages.</summary>
    /// <exception cref="InvalidInputException">No numbers of layers keep to the constraints.</exception>
    public static ImmutableArray<ImmutableArray<int>> Of(SearchSpace space, SpaceLayout layout)
    {
        var runs = StageRuns.Of(layout).ToArray();
        CheckEntries(space, layout, runs.Length);
        var most = layout.StageStrides.Length * space.MaxBlocksPerStage * space.Repeats.Last;
        for (var total = 1; total <= most; total++)
        {
            if (With(total, space, layout, runs) is { } stages)
            {
                return stages;
            }
        }

        throw new InvalidInputException(
            $"no network of space '{space.Name}' keeps to its stageLayers and minLayerShare; allowed are {runs.Length} runs of stages that repeats and blocks of a stage can fill");
    }

    private static void CheckEntries(SearchSpace space, SpaceLayout layout, int runs)
    {
        if (layout.StageLayers.Length > 1 && layout.StageLayers.Length != runs)
        {
            throw new InvalidInputException(
                $"stageLayers has {layout.StageLayers.Length} entries; allowed is one for all, or one for each of the {runs} strided stages of space '{space.Name}' with the stages of stride 1 behind it");
        }
    }

    /// <summary>Stages with so many layers; null where there are none.</summary>
    private static ImmutableArray<ImmutableArray<int>>? With(int total, SearchSpace space, SpaceLayout layout, (int Stride, int Stages)[] runs)
    {
        var fewest = space.Constraints.FewestOf(total);
        var choices = runs.Select((run, i) => Choices(Math.Max(fewest, layout.LayersOf(i).Minimum), layout.LayersOf(i).Maximum, run.Stages, space).ToArray()).ToArray();
        if (choices.Any(run => run.Length == 0))
        {
            return null;
        }

        // What the fewest leave is given to the first runs that can take it.
        var left = total - choices.Sum(run => run[0].Sum());
        var chosen = choices.Select(run => run[0]).ToArray();
        for (var run = 0; run < chosen.Length && left > 0; run++)
        {
            var before = chosen[run].Sum();
            chosen[run] = choices[run].Last(blocks => blocks.Sum() - before <= left);
            left -= chosen[run].Sum() - before;
        }

        return left == 0 ? [.. chosen] : null;
    }

    /// <summary>Blocks of a run for every number of layers that it can have, as few blocks as can be.</summary>
    private static IEnumerable<ImmutableArray<int>> Choices(int fewest, int most, int stages, SearchSpace space)
    {
        var mostBlocks = stages * space.MaxBlocksPerStage;
        for (var layers = Math.Max(fewest, stages * space.Repeats.First); layers <= Math.Min(most, mostBlocks * space.Repeats.Last); layers++)
        {
            var blocks = Math.Max(stages, (layers + space.Repeats.Last - 1) / space.Repeats.Last);
            if (blocks * space.Repeats.First <= layers)
            {
                yield return [.. Enumerable.Range(0, blocks).Select(i => layers / blocks + (i < layers % blocks ? 1 : 0))];
            }
        }
    }
}
