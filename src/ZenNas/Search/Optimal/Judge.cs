using ZenNas.Architectures;
using ZenNas.Complexity;
using ZenNas.Scores;
using ZenNas.Spaces;

namespace ZenNas.Search.Optimal;

/// <summary>A network with what decides about it.</summary>
/// <param name="Architecture">The network.</param>
/// <param name="Score">Closed-form score in nats.</param>
/// <param name="Fits">Whether it is within the budget, and keeps to the space's constraints.</param>
/// <param name="Excess">Sum over limits of the share by which each is exceeded; infinite for a shape that constraints forbid.</param>
/// <param name="Use">Cost of each limited kind, as a share of its limit.</param>
/// <param name="Convolutions">Convolutions of the vanilla chain.</param>
/// <param name="LogWidths">Sum of ln fan-in over them; 0 where depth to width isn't limited.</param>
internal sealed record Judged(Architecture Architecture, double Score, bool Fits, double Excess, double[] Use, int Convolutions, double LogWidths)
{
    /// <summary>Whether this one is to be preferred: it fits, or fits better, or fits as well with a higher score.</summary>
    public bool IsBetterThan(Judged other) => Fits == other.Fits ? (Fits ? Score > other.Score : Excess < other.Excess) : Fits;
}

/// <summary>Scores networks and holds them against a budget and a space's constraints. Not safe for concurrent use.</summary>
internal sealed class Judge
{
    private readonly ClosedFormZenScore _score;
    private readonly Budget _budget;
    private readonly ConstraintCheck _constraints;
    private readonly double? _maxDepthToWidth;

    public Judge(SearchSpace space, SpaceLayout layout, ClosedFormZenScore score, Budget budget)
    {
        (_score, _budget, _constraints) = (score, budget, new ConstraintCheck(space, layout));
        _maxDepthToWidth = space.Constraints.MaxDepthToWidth;
    }

    public Judged Of(Architecture architecture)
    {
        var network = Network.Lower(architecture);
        var cost = NetworkCost.Of(network);
        var use = new List<double>(3);
        if (_budget.MaxParameters is { } parameters)
        {
            use.Add((double)cost.Parameters / parameters);
        }

        if (_budget.MaxMacs is { } macs)
        {
            use.Add((double)cost.Macs / macs);
        }

        if (_budget.MaxLatency is { } latency)
        {
            use.Add(latency.Source.Ms(network) / latency.MaxMs);
        }

        var convolutions = DepthToWidth.Convolutions(network.Vanilla);

        // Sums of logarithms, which only the limit on depth to width asks for.
        var logWidths = _maxDepthToWidth is null ? 0 : DepthToWidth.LogWidths(network.Vanilla);
        var tooDeep = _maxDepthToWidth is { } ratio ? Math.Max(0, DepthToWidth.Of(convolutions, logWidths) / ratio - 1) : 0;
        var hasShape = _constraints.AllowsShape(architecture);
        var excess = use.Sum(share => Math.Max(0, share - 1)) + Math.Max(0, cost.Layers - (_budget.MaxLayers ?? int.MaxValue)) + tooDeep;
        return new Judged(
            architecture, _score.Score(network.Vanilla), hasShape && tooDeep == 0 && _budget.Fits(network, cost), hasShape ? excess : double.PositiveInfinity, [.. use],
            convolutions, logWidths);
    }
}
