using System.Collections.Immutable;
using ZenNas.Spaces;

namespace ZenNas.Search.Optimal;

/// <summary>
/// Limits on the layers of each run of stages, for networks whose residual blocks have some number of layers in all. Where runs must have a share of all layers, the fewest of
/// a run depend on that number, and networks fall into as many plans as there are different fewest.
/// </summary>
/// <param name="Fewest">Fewest layers of all residual blocks.</param>
/// <param name="Most">Most layers of all residual blocks.</param>
/// <param name="Runs">Limits of each run.</param>
internal sealed record LayerPlan(int Fewest, int Most, ImmutableArray<LayerRange> Runs)
{
    /// <summary>The plans of a layout, which together hold all networks, each in one.</summary>
    /// <param name="space">The space.</param>
    /// <param name="layout">Its layout.</param>
    /// <param name="mostLayers">Most layers of residual blocks, given where there are shares; null for any number.</param>
    public static ImmutableArray<LayerPlan> Of(SearchSpace space, SpaceLayout layout, int? mostLayers)
    {
        LayerRange[] runs = [.. StageRuns.Of(layout).Select((_, run) => layout.LayersOf(run))];
        return space.Constraints.MinLayerShare is null || mostLayers is not { } most
            ? [new LayerPlan(0, int.MaxValue, [.. runs])]
            : [
            .. Enumerable.Range(1, Math.Max(1, most)).GroupBy(space.Constraints.FewestOf).Select(layers => new LayerPlan(
                layers.Min(), layers.Max(), [.. runs.Select(run => run with { Minimum = Math.Max(run.Minimum, layers.Key) })])),
        ];
    }
}
