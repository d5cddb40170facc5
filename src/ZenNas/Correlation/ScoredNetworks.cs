using System.Collections.Immutable;

namespace ZenNas.Correlation;

/// <summary>Networks of known quality with what several scores say about them, row by row.</summary>
public sealed class ScoredNetworks
{
    /// <summary>Name of the group of all networks; no group of its own may have it.</summary>
    public const string EveryGroup = "all";

    /// <summary>Puts columns together.</summary>
    /// <param name="scores">What the scores say; names differ.</param>
    /// <param name="targets">What they should rank, for example accuracy; finite.</param>
    /// <param name="costs">Cost per network, for example MACs; finite and above 0.</param>
    /// <param name="lowerTargetIsBetter">Whether the target is an error: its sign is then turned, so that a positive correlation always means that
    /// better networks rank higher.</param>
    /// <param name="groups">Group per network, or null for no groups.</param>
    /// <exception cref="ArgumentException">Lengths differ, a value is out of range, two scores have one name, or a group is named "all" or not at all.</exception>
    public ScoredNetworks(
        ImmutableArray<ScoreColumn> scores, ImmutableArray<double> targets, ImmutableArray<double> costs,
        bool lowerTargetIsBetter = false, ImmutableArray<string>? groups = null)
    {
        RankCorrelation.RequirePaired(costs.AsSpan(), targets.AsSpan());
        IsoBudgetBins.RequirePositive(costs.AsSpan());
        if (scores.FirstOrDefault(s => s.Values.Length != targets.Length) is { } other)
        {
            throw new ArgumentException($"score {other.Name} has {other.Values.Length} rows, the target {targets.Length}; they must be the same", nameof(scores));
        }

        if (scores.GroupBy(s => s.Name).FirstOrDefault(g => g.Count() > 1) is { } twice)
        {
            throw new ArgumentException($"score {twice.Key} is there {twice.Count()} times; allowed is once", nameof(scores));
        }

        if (groups is { } labels && (labels.Length != targets.Length || labels.Any(g => g is null or EveryGroup)))
        {
            throw new ArgumentException($"groups must name one group for each of {targets.Length} rows, and none may be \"{EveryGroup}\"", nameof(groups));
        }

        (Scores, Costs, Groups) = (scores, costs, groups);
        Targets = lowerTargetIsBetter ? [.. targets.Select(t => -t)] : targets;
    }

    /// <summary>What the scores say.</summary>
    public ImmutableArray<ScoreColumn> Scores { get; }

    /// <summary>What they should rank, larger is better: errors have their sign turned.</summary>
    public ImmutableArray<double> Targets { get; }

    /// <summary>Cost per network.</summary>
    public ImmutableArray<double> Costs { get; }

    /// <summary>Group per network, or null.</summary>
    public ImmutableArray<string>? Groups { get; }

    /// <summary>All rows, then those of each group in the order of appearance.</summary>
    internal IEnumerable<(string Group, ImmutableArray<int> Rows)> RowsByGroup()
    {
        var every = RankCorrelation.EveryRow(Targets.Length);
        yield return (EveryGroup, every);
        if (Groups is { } groups)
        {
            foreach (var group in every.GroupBy(row => groups[row]))
            {
                yield return (group.Key, [.. group]);
            }
        }
    }
}
