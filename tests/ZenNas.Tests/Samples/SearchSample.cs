using ZenNas.Complexity;
using ZenNas.Scores;
using ZenNas.Search;
using ZenNas.Spaces;

namespace ZenNas.Tests.Samples;

/// <summary>The README's example, compiled and run.</summary>
internal static class SearchSample
{
    public static Candidate Run()
    {
        // <sample>
        var space = SearchSpaceJson.Builtin("residual")!;
        var budget = new Budget(MaxParameters: 1_000_000, MaxLayers: 18);
        var search = new EvolutionarySearch(new SearchSettings
        {
            Space = space,
            Budget = budget,
            Initial = InitialNetwork.Generate(space, resolution: 32, classes: 100, budget, seed: 0),
        });
        var score = new ClosedFormZenScore();
        while (search.Ask(lastStep: 96_000) is { } proposal)
        {
            search.Tell(proposal, score.Score(proposal.Network.Vanilla));
        }

        Console.WriteLine(search.Best);
        // </sample>
        return search.Best!;
    }
}
