using ZenNas.Architectures;
using ZenNas.Complexity;
using ZenNas.Scores;
using ZenNas.Search;
using ZenNas.Spaces;

namespace ZenNas.Latency;

/// <summary>
/// Networks of a space for measuring latencies. Random ones are walks of up to 60 variations without selection under a random limit on MACs;
/// best ones are what short searches by the closed form find under such limits or limits on latency, since a search will ask for their like.
/// </summary>
public sealed class NetworkSampler
{
    private const int LongestWalk = 60;
    private const int MostLayers = 30;
    private const int LeastLayers = 8;
    private const int SearchSteps = 5000;

    // Longer where it looks for what predictions make of a budget.
    private const int LatencySearchSteps = 15_000;
    private const int SearchPopulation = 64;
    private const double RangeOfLimits = 100;
    private const double RoomAboveSmallest = 1.5;

    // Yardsticks are drawn from networks whose numbers nothing else uses. The largest would take most of the time.
    private const int FirstYardstick = 1_000_000_000;
    private const int YardstickCandidates = 31;
    private static readonly int[] YardstickRanks = [1, 8, 15, 22];

    private readonly SearchSpace _space;
    private readonly int _leastLayers;
    private readonly int _mostLayers;
    private readonly int _resolution;
    private readonly int _classes;
    private readonly long _mostMacs;
    private readonly ulong _seed;

    /// <param name="space">The space.</param>
    /// <param name="resolution">Input resolution in pixels.</param>
    /// <param name="classes">Class count.</param>
    /// <param name="mostMacs">Largest limit on MACs per image; limits are spread evenly over logarithms from a hundredth of it.</param>
    /// <param name="seed">Seed of all draws.</param>
    public NetworkSampler(SearchSpace space, int resolution, int classes, long mostMacs, ulong seed)
    {
        (_space, _resolution, _classes, _mostMacs, _seed) = (space, resolution, classes, mostMacs, seed);
        var shallowest = InitialNetwork.FewestLayers(space, resolution);
        (_leastLayers, _mostLayers) = (Math.Max(LeastLayers, shallowest), Math.Max(MostLayers, 2 * shallowest));
    }

    /// <summary>The random network of a number.</summary>
    /// <exception cref="InvalidInputException">Not even the space's smallest network fits the limits.</exception>
    public Architecture Random(int number)
    {
        var derived = StepRandom.Derive(_seed, (ulong)number);
        var random = new StepRandom(derived, 0);
        var budget = Limits(ref random, _mostLayers);
        var current = InitialNetwork.Generate(_space, _resolution, _classes, budget, derived);
        var initial = current;
        var variation = Variation.Create(PairVariation.PresetName, _space, _space.LayoutFor(_resolution));
        for (var left = random.Next(0, LongestWalk); left > 0; left--)
        {
            var proposed = variation.Propose([new Candidate(current, 0, default, 0)], initial, ref random);
            current = budget.Fits(Network.Lower(proposed)) ? proposed : current;
        }

        return current;
    }

    /// <summary>The best network of a number.</summary>
    /// <exception cref="InvalidInputException">Not even the space's smallest network fits the limits.</exception>
    public Architecture Best(int number)
    {
        var derived = StepRandom.Derive(_seed, (ulong)number);
        var random = new StepRandom(derived, 1);
        return Search(Limits(ref random, random.Next(_leastLayers, _mostLayers)), derived, SearchSteps);
    }

    /// <summary>The best network of a number under a limit on latency.</summary>
    /// <param name="number">The number.</param>
    /// <param name="source">Where latencies come from.</param>
    /// <param name="leastMs">Smallest limit, unless the space's smallest network needs more.</param>
    /// <param name="mostMs">Largest limit; limits are spread evenly over logarithms.</param>
    public Architecture Best(int number, ILatencySource source, double leastMs, double mostMs)
    {
        var derived = StepRandom.Derive(_seed, (ulong)number);
        var random = new StepRandom(derived, 1);
        var least = Math.Max(leastMs, RoomAboveSmallest * InitialNetwork.SmallestMs(_space, _resolution, _classes, source));
        var limit = least * Math.Pow(Math.Max(1, mostMs / least), random.NextUniform());
        var budget = Limits(ref random, random.Next(_leastLayers, _mostLayers));
        return Search(budget with { MaxMacs = null, MaxLatency = new LatencyLimit(limit, source) }, derived, LatencySearchSteps);
    }

    /// <summary>Networks from a small to a larger one, the same for the same seed.</summary>
    /// <exception cref="InvalidInputException">Not even the space's smallest network fits the limits.</exception>
    public IEnumerable<Architecture> Yardsticks()
    {
        Architecture[] candidates =
            [.. Enumerable.Range(FirstYardstick, YardstickCandidates).Select(Random).OrderBy(network => NetworkCost.Of(Network.Lower(network)).Macs)];
        return YardstickRanks.Select(rank => candidates[rank]);
    }

    private Architecture Search(Budget budget, ulong derived, int steps)
    {
        var search = new EvolutionarySearch(new SearchSettings
        {
            Space = _space,
            Initial = InitialNetwork.Generate(_space, _resolution, _classes, budget, derived),
            Budget = budget,
            Seed = derived,
            PopulationSize = SearchPopulation,
        });
        var score = new ClosedFormZenScore();
        while (search.Ask(steps) is { } proposal)
        {
            search.Tell(proposal, score.Score(proposal.Network.Vanilla));
        }

        return search.Best!.Architecture;
    }

    private Budget Limits(ref StepRandom random, int layers)
    {
        var least = Math.Max(_mostMacs / RangeOfLimits, RoomAboveSmallest * InitialNetwork.SmallestMacs(_space, _resolution, _classes));
        return new Budget(MaxMacs: (long)(_mostMacs * Math.Pow(Math.Min(1, least / _mostMacs), random.NextUniform())), MaxLayers: layers);
    }
}
