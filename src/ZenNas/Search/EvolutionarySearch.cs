using ZenNas.Architectures;
using ZenNas.Complexity;

namespace ZenNas.Search;

/// <summary>
/// Algorithm 2 of the paper, steady state, as ask and tell: a step proposes a variation of a random member; it joins the population when it
/// fits the budget, and the smallest score leaves when the population is full. A network is never scored twice.
/// </summary>
/// <remarks>
/// Every random draw derives from (seed, step), so the search is a function of its options and of the scores told. Proposals may be
/// asked ahead and have to be told in the order they were asked. Not safe for concurrent use.
/// </remarks>
public sealed class EvolutionarySearch
{
    private readonly SearchSettings _settings;
    private readonly Variation _variation;
    private readonly Budget _budget;
    private readonly List<Candidate> _population = [];
    private readonly HashSet<UInt128> _seen = [];
    private readonly Queue<Proposal> _waiting = [];
    private IReadOnlyList<Architecture>? _given;
    private int _worst;

    /// <summary>Starts a search from an initial network, which is the first proposal.</summary>
    /// <exception cref="InvalidInputException">The population size isn't positive, there is no such preset, or no layout for the resolution.</exception>
    public EvolutionarySearch(SearchSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        Guard.InRange(settings.PopulationSize, 1, int.MaxValue, "population size");
        _settings = settings;
        _variation = Variation.Create(settings.Preset, settings.Space, settings.Space.LayoutFor(settings.Initial.Resolution));
        _budget = settings.Budget;
    }

    /// <summary>Steps taken so far, rejected ones included; the initial network takes none.</summary>
    public long Step { get; private set; }

    /// <summary>Population in a fixed order, the initial network first until it leaves.</summary>
    public IReadOnlyList<Candidate> Population => _population;

    /// <summary>Fingerprints of all networks proposed for scoring.</summary>
    public IReadOnlySet<UInt128> Seen => _seen;

    /// <summary>What became of the steps so far.</summary>
    public StepCounts Counts { get; private set; }

    /// <summary>The highest score so far; of equal ones the earliest.</summary>
    public Candidate? Best { get; private set; }

    /// <summary>Continues a saved search: exactly the state that <see cref="Step"/>, <see cref="Population"/>, <see cref="Seen"/>,
    /// <see cref="Counts"/> and <see cref="Best"/> showed when no proposal was waiting.</summary>
    public static EvolutionarySearch Restore(
        SearchSettings settings, long step, IEnumerable<Candidate> population, IEnumerable<UInt128> seen, StepCounts counts, Candidate? best)
    {
        var search = new EvolutionarySearch(settings) { Step = step, Counts = counts, Best = best };
        search._population.AddRange(population);
        search._seen.UnionWith(seen);
        search.FindWorst();
        return search;
    }

    /// <summary>From now on a step proposes the network at its number in a list, the first being step 1, in place of a variation; the search ends with the list.</summary>
    public void Follow(IReadOnlyList<Architecture> given) => _given = given;

    /// <summary>Takes steps until one proposes a network to score; null when <paramref name="lastStep"/> is reached first.</summary>
    /// <exception cref="InvalidInputException">The initial network doesn't fit the budget, or has no finite score.</exception>
    public Proposal? Ask(long lastStep)
    {
        if (_seen.Count == 0)
        {
            return Offer(_settings.Initial)
                ?? throw new InvalidInputException($"budget is {_budget}; the initial network exceeds it");
        }

        if (_population.Count == 0 && _waiting.Count > 0)
        {
            return null;
        }

        var last = Math.Min(lastStep, _given?.Count ?? lastStep);
        while (Step < last)
        {
            Step++;
            if (_population.Count == 0)
            {
                throw new InvalidInputException("the initial network has no finite score; start from another one with --init or --seed");
            }

            if (Offer(_given is null ? Vary() : _given[(int)Step - 1]) is { } proposal)
            {
                return proposal;
            }
        }

        return null;
    }

    /// <summary>Takes the score of the oldest proposal that waits for one.</summary>
    /// <exception cref="InvalidOperationException">Another proposal was asked before this one.</exception>
    public void Tell(Proposal proposal, double score)
    {
        if (!_waiting.TryDequeue(out var expected) || !ReferenceEquals(expected, proposal))
        {
            throw new InvalidOperationException("proposals have to be told in the order they were asked");
        }

        if (!double.IsFinite(score))
        {
            Counts = Counts with { Failed = Counts.Failed + 1 };
            return;
        }

        Counts = Counts with { Scored = Counts.Scored + 1 };
        var candidate = new Candidate(proposal.Network.Architecture, score, proposal.Cost, proposal.Step);
        Best = Best is null || score > Best.Score ? candidate : Best;
        Join(candidate);
    }

    private Architecture Vary()
    {
        var random = new StepRandom(_settings.Seed, (ulong)Step);
        return _variation.Propose(_population, _settings.Initial, ref random);
    }

    private Proposal? Offer(Architecture architecture)
    {
        if (!_budget.FitsDepth(architecture.Layers))
        {
            Counts = Counts with { OverBudget = Counts.OverBudget + 1 };
            return null;
        }

        var fingerprint = Fingerprint.Of(architecture);
        if (_seen.Contains(fingerprint))
        {
            Counts = Counts with { Duplicates = Counts.Duplicates + 1 };
            return null;
        }

        var network = Network.Lower(architecture);
        var cost = NetworkCost.Of(network);
        if (!_budget.Fits(network, cost))
        {
            Counts = Counts with { OverBudget = Counts.OverBudget + 1 };
            return null;
        }

        _seen.Add(fingerprint);
        var proposal = new Proposal(Step, network, cost, fingerprint);
        _waiting.Enqueue(proposal);
        return proposal;
    }

    private void Join(Candidate candidate)
    {
        if (_population.Count < _settings.PopulationSize)
        {
            _population.Add(candidate);
            FindWorst();
        }
        else if (candidate.Score > _population[_worst].Score)
        {
            _population[_worst] = candidate;
            FindWorst();
        }
    }

    /// <summary>Of equal scores the one that stands first.</summary>
    private void FindWorst()
    {
        _worst = 0;
        for (var i = 1; i < _population.Count; i++)
        {
            if (_population[i].Score < _population[_worst].Score)
            {
                _worst = i;
            }
        }
    }
}
