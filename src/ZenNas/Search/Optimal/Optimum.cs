using System.Collections.Immutable;
using ZenNas.Architectures;

namespace ZenNas.Search.Optimal;

/// <summary>What was found.</summary>
/// <param name="best">The network of the highest closed-form score within the budget that was found.</param>
/// <param name="score">Its score in nats.</param>
/// <param name="upperBound">No network of the space within the budget has a higher score.</param>
/// <param name="visited">All networks within the budget that were met on the way, the best included, each once.</param>
public sealed class Optimum(Architecture best, double score, double upperBound, ImmutableArray<Architecture> visited)
{
    /// <summary>The network of the highest closed-form score within the budget that was found.</summary>
    public Architecture Best { get; } = best;

    /// <summary>Its score in nats.</summary>
    public double Score { get; } = score;

    /// <summary>No network of the space within the budget has a higher score, in nats.</summary>
    public double UpperBound { get; } = upperBound;

    /// <summary>The same bound with another network, which fits too and has a higher score.</summary>
    internal Optimum With(Optimum better) => new(better.Best, better.Score, Math.Max(UpperBound, better.Score), Visited);

    /// <summary>How far the best may be from the optimum, in percent of its score.</summary>
    public double GapPercent => 100 * (UpperBound - Score) / Math.Abs(Score);

    /// <summary>All networks within the budget that were met on the way, the best included, each once.</summary>
    public ImmutableArray<Architecture> Visited { get; } = visited;
}

/// <summary>How far the search for the optimum is.</summary>
/// <param name="Networks">Networks looked at.</param>
/// <param name="Best">Highest score within the budget so far.</param>
/// <param name="UpperBound">What no network can exceed, as far as is known.</param>
public readonly record struct OptimumProgress(long Networks, double Best, double UpperBound);
