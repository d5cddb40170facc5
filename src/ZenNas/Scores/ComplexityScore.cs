using ZenNas.Architectures;
using ZenNas.Complexity;

namespace ZenNas.Scores;

/// <summary>The naive proxies: a network is as good as it is large.</summary>
public sealed class ComplexityScore : IScore
{
    private readonly Func<NetworkCost, long> _cost;

    internal ComplexityScore(ScoreInfo info, Func<NetworkCost, long> cost) => (Info, _cost) = (info, cost);

    /// <summary>Multiply–adds per image: the FLOPs of Table 1.</summary>
    public static ScoreInfo Macs { get; } = new()
    {
        Name = "flops",
        Summary = "multiply–adds per image",
        Source = "Zen-NAS, Table 1",
        DependsOnClasses = true,
    };

    /// <summary>Trainable parameters.</summary>
    public static ScoreInfo Parameters { get; } = new()
    {
        Name = "params",
        Summary = "trainable parameters",
        Source = "counting of docs/formats.md",
        DependsOnClasses = true,
    };

    /// <inheritdoc/>
    public ScoreInfo Info { get; }

    /// <inheritdoc/>
    public ScoreValue Evaluate(Network network, ulong seed) => ScoreValue.Exact(_cost(NetworkCost.Of(network)));
}
