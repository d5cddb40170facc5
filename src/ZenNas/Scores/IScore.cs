using ZenNas.Architectures;
using ZenNas.Search;

namespace ZenNas.Scores;

/// <summary>Ranks networks without training them; larger is better. Implementations are safe for concurrent use.</summary>
public interface IScore
{
    /// <summary>What the score is and needs.</summary>
    ScoreInfo Info { get; }

    /// <summary>Scores a network; the same network and seed give the same value on one machine.</summary>
    /// <param name="network">What to score.</param>
    /// <param name="seed">Seed of all random draws.</param>
    /// <returns>The value, or <see cref="ScoreValue.Failed"/> where this network has none here; that is no exception.</returns>
    ScoreValue Evaluate(Network network, ulong seed);

    /// <summary>Scores several networks; the values don't depend on how many are scored at the same time.</summary>
    /// <param name="networks">What to score, each with its seed.</param>
    /// <param name="threads">Networks scored at the same time.</param>
    ScoreValue[] EvaluateAll(IReadOnlyList<(Network Network, ulong Seed)> networks, int threads)
    {
        var values = new ScoreValue[networks.Count];
        Workers.Run(values.Length, threads, i => values[i] = Evaluate(networks[i].Network, networks[i].Seed));
        return values;
    }
}
