using ZenNas.Scores;
using ZenNas.Search;

namespace ZenNas.Bench.Networks;

/// <summary>A search by the closed form on one thread.</summary>
internal static class ClosedFormSearch
{
    /// <summary>Takes steps until a search stands at <paramref name="lastStep"/>.</summary>
    /// <param name="search">The search.</param>
    /// <param name="score">The closed form.</param>
    /// <param name="lastStep">Where to stop.</param>
    /// <param name="scored">Told every network that was scored.</param>
    public static void Run(EvolutionarySearch search, ClosedFormZenScore score, long lastStep, Action<Proposal>? scored = null)
    {
        while (search.Ask(lastStep) is { } proposal)
        {
            search.Tell(proposal, score.Score(proposal.Network.Vanilla));
            scored?.Invoke(proposal);
        }
    }
}
