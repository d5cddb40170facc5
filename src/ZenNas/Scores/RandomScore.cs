using ZenNas.Architectures;
using ZenNas.Search;

namespace ZenNas.Scores;

/// <summary>Random search (Table 1): uniform in [0, 1), a function of network and seed, blind to what the network is.</summary>
public sealed class RandomScore : IScore
{
    /// <summary>What the score is.</summary>
    public static ScoreInfo Description { get; } = new()
    {
        Name = "random",
        Summary = "a random number in [0, 1)",
        Source = "Zen-NAS, Table 1",
        IsRandom = true,
        DependsOnClasses = true,
    };

    /// <inheritdoc/>
    public ScoreInfo Info => Description;

    /// <inheritdoc/>
    public ScoreValue Evaluate(Network network, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(network);
        var fingerprint = Fingerprint.Of(network.Architecture);
        var bits = StepRandom.Derive(seed, (ulong)fingerprint ^ (ulong)(fingerprint >> 64));
        return ScoreValue.Once((bits >> 11) * (1.0 / (1L << 53)));
    }
}
