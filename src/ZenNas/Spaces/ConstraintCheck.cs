using System.Globalization;
using ZenNas.Architectures;

namespace ZenNas.Spaces;

/// <summary>Whether networks keep to the constraints of a space, where they lie in it otherwise.</summary>
internal sealed class ConstraintCheck
{
    private readonly SpaceConstraints _constraints;
    private readonly SpaceLayout _layout;
    private readonly int _head;

    public ConstraintCheck(SearchSpace space, SpaceLayout layout)
    {
        (_constraints, _layout, _head) = (space.Constraints, layout, layout.Head is null ? 0 : 1);
        IsFree = space.Constraints == SpaceConstraints.None && layout.StageLayers.IsEmpty;
    }

    /// <summary>Whether nothing is constrained.</summary>
    public bool IsFree { get; }

    /// <summary>Whether a network keeps to the constraints.</summary>
    public bool Allows(Architecture architecture) => WhyNot(architecture) is null;

    /// <summary>Null where a network keeps to the constraints, otherwise one sentence that says which it breaks.</summary>
    public string? WhyNot(Architecture architecture) => IsFree
        ? null
        : WhyWidthsDiffer(architecture) ?? WhyLayersDiffer(architecture) ?? WhyTooDeep(architecture);

    /// <summary>The same without the depth-to-width limit.</summary>
    public bool AllowsShape(Architecture architecture) => IsFree || (WhyWidthsDiffer(architecture) ?? WhyLayersDiffer(architecture)) is null;

    private string? WhyWidthsDiffer(Architecture architecture)
    {
        var blocks = architecture.Blocks;
        for (var i = 2; i < blocks.Length - _head && _constraints.BindNeighbours; i++)
        {
            var (before, width) = (blocks[i - 1].Width, blocks[i].Width);
            if (!_constraints.AllowsNext(before, width))
            {
                var (low, high) = _constraints.Next(before);
                string[] limits = [.. low > 0 ? [Invariant($"at least {low:0.#}")] : Array.Empty<string>(), .. double.IsInfinity(high) ? [] : new[] { Invariant($"at most {high:0.#}") }];
                return $"block {i + 1}: width is {width} behind {before}; allowed is {string.Join(" and ", limits)}";
            }
        }

        return null;
    }

    private string? WhyLayersDiffer(Architecture architecture)
    {
        if (_layout.StageLayers.IsEmpty && _constraints.MinLayerShare is null)
        {
            return null;
        }

        var layers = LayersOfRuns(architecture);
        var fewest = _constraints.FewestOf(layers.Sum());
        for (var run = 0; run < layers.Count; run++)
        {
            var limits = _layout.LayersOf(run);
            if (layers[run] < Math.Max(fewest, limits.Minimum) || layers[run] > limits.Maximum)
            {
                return $"resolution {run + 1} of its stages has {layers[run]} of {layers.Sum()} layers; allowed are "
                    + (limits.Maximum == int.MaxValue ? $"at least {Math.Max(fewest, limits.Minimum)}" : $"{Math.Max(fewest, limits.Minimum)} to {limits.Maximum}");
            }
        }

        return null;
    }

    private string? WhyTooDeep(Architecture architecture) =>
        _constraints.MaxDepthToWidth is { } limit && DepthToWidth.Of(Network.Lower(architecture).Vanilla) is var ratio && ratio > limit
            ? Invariant($"its depth-to-width ratio is {ratio:0.####}; allowed is at most {limit}")
            : null;

    private List<int> LayersOfRuns(Architecture architecture)
    {
        var blocks = architecture.Blocks;
        return [.. StageRuns.Of(blocks, _head).Select(run => Enumerable.Range(run.First, run.Count).Sum(i => blocks[i].Repeats))];
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
