using ZenNas.Complexity;
using ZenNas.Scores;
using ZenNas.Search;

namespace ZenNas.Tests.Search;

/// <summary>Small searches.</summary>
internal static class Searches
{
    private static readonly ClosedFormZenScore ClosedForm = new();

    public static SearchSettings Settings(
        ulong seed, string? preset = null, string space = "residual", int resolution = 32, int population = 32, Budget? budget = null)
    {
        var allowed = Spaces.TestSpaces.Named(space);
        budget ??= new Budget(MaxParameters: 1_000_000, MaxLayers: 18);
        return new SearchSettings
        {
            Space = allowed,
            Budget = budget,
            Initial = InitialNetwork.Generate(allowed, resolution, 10, budget, seed),
            Preset = preset ?? PairVariation.PresetName,
            Seed = seed,
            PopulationSize = population,
        };
    }

    public static double Score(Proposal proposal) => ClosedForm.Score(proposal.Network.Vanilla);

    /// <summary>Asks up to <paramref name="ahead"/> proposals before the first of them is told.</summary>
    public static void Run(EvolutionarySearch search, long lastStep, Func<Proposal, double>? score = null, int ahead = 1)
    {
        score ??= Score;
        var waiting = new Queue<Proposal>();
        while (true)
        {
            while (waiting.Count < ahead && search.Ask(lastStep) is { } asked)
            {
                waiting.Enqueue(asked);
            }

            if (!waiting.TryDequeue(out var next))
            {
                return;
            }

            search.Tell(next, score(next));
        }
    }

    public static EvolutionarySearch Finished(SearchSettings settings, long lastStep, Func<Proposal, double>? score = null, int ahead = 1)
    {
        var search = new EvolutionarySearch(settings);
        Run(search, lastStep, score, ahead);
        return search;
    }

    public static void AssertSame(EvolutionarySearch expected, EvolutionarySearch actual)
    {
        Assert.Equal(expected.Step, actual.Step);
        Assert.Equal(expected.Counts, actual.Counts);
        Assert.Equal(expected.Best, actual.Best);
        Assert.Equal(expected.Population, actual.Population);
        Assert.True(expected.Seen.SetEquals(actual.Seen));
    }

}
