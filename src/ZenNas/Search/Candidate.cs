using ZenNas.Architectures;
using ZenNas.Complexity;

namespace ZenNas.Search;

/// <summary>A scored network of the population.</summary>
/// <param name="Architecture">The network.</param>
/// <param name="Score">Its score, as the search saw it.</param>
/// <param name="Cost">Its cost by true counting.</param>
/// <param name="Step">The step that proposed it; 0 for the initial network.</param>
public sealed record Candidate(Architecture Architecture, double Score, NetworkCost Cost, long Step);

/// <summary>A network that waits for its score.</summary>
/// <param name="Step">The step that proposed it; 0 for the initial network.</param>
/// <param name="Network">The lowered network.</param>
/// <param name="Cost">Its cost by true counting.</param>
/// <param name="Fingerprint">Its fingerprint.</param>
public sealed record Proposal(long Step, Network Network, NetworkCost Cost, UInt128 Fingerprint);

/// <summary>What became of the steps so far.</summary>
/// <param name="Scored">Networks that were scored.</param>
/// <param name="OverBudget">Proposals that exceeded the budget.</param>
/// <param name="Duplicates">Proposals that had been scored before.</param>
/// <param name="Failed">Networks without a finite score.</param>
public readonly record struct StepCounts(long Scored, long OverBudget, long Duplicates, long Failed);
