using ZenNas.Architectures;
using ZenNas.Complexity;
using ZenNas.Search;
using ZenNas.Spaces;

namespace ZenNas.Bench.Networks;

/// <summary>Random networks of a space: a walk of 0 to 60 variations without selection from a random initial network.</summary>
internal static class RandomNetworks
{
    private const int LongestWalk = 60;

    /// <summary>Draws different networks that fit the budget.</summary>
    public static IReadOnlyList<Architecture> Draw(SearchSpace space, int resolution, int classes, Budget budget, int count, ulong seed)
    {
        var variation = Variation.Create(PairVariation.PresetName, space, space.LayoutFor(resolution));
        var networks = new List<Architecture>();
        var drawn = new HashSet<Architecture>();
        for (ulong i = 0; networks.Count < count; i++)
        {
            var initial = InitialNetwork.Generate(space, resolution, classes, budget, StepRandom.Derive(seed, i));
            var network = Walk(variation, initial, budget, new StepRandom(seed, i));
            if (drawn.Add(network))
            {
                networks.Add(network);
            }
        }

        return networks;
    }

    /// <summary>A variation that doesn't fit the budget is dropped.</summary>
    private static Architecture Walk(Variation variation, Architecture initial, Budget budget, StepRandom random)
    {
        var current = initial;
        for (var left = random.Next(0, LongestWalk); left > 0; left--)
        {
            var proposed = variation.Propose([new Candidate(current, 0, default, 0)], initial, ref random);
            current = budget.Fits(Network.Lower(proposed)) ? proposed : current;
        }

        return current;
    }
}
