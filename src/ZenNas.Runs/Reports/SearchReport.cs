using System.Collections.Immutable;
using ZenNas.Architectures;
using ZenNas.Complexity;
using ZenNas.Latency;
using ZenNas.Scores;
using ZenNas.Search;

namespace ZenNas.Runs.Reports;

/// <summary>What a report shows of a finished search.</summary>
public sealed record SearchReport
{
    /// <summary>Name of the space.</summary>
    public required string SpaceName { get; init; }

    /// <summary>Limits the search kept.</summary>
    public required Budget Budget { get; init; }

    /// <summary>Name of the score that was maximised.</summary>
    public required string ScoreName { get; init; }

    /// <summary>How the best network was looked for.</summary>
    public required SearchStrategy Strategy { get; init; }

    /// <summary>What no network of the space within the budget can exceed in closed form, in nats; null where the strategy doesn't say.</summary>
    public double? UpperBound { get; init; }

    /// <summary>How far the best network may be from the optimum, in percent of its score.</summary>
    public double? GapPercent => 100 * (UpperBound - Best[0].ClosedForm) / Math.Abs(Best[0].ClosedForm);

    /// <summary>Name of the variation preset; evolution only.</summary>
    public required string Preset { get; init; }

    /// <summary>Seed of the run.</summary>
    public required ulong Seed { get; init; }

    /// <summary>Steps taken.</summary>
    public required long Iterations { get; init; }

    /// <summary>What became of the steps.</summary>
    public required StepCounts Counts { get; init; }

    /// <summary>Seconds spent in search steps, over all sessions of the run.</summary>
    public required double SearchSeconds { get; init; }

    /// <summary>Seconds in all, over all sessions of the run.</summary>
    public required double ElapsedSeconds { get; init; }

    /// <summary>Command line that makes the same run again.</summary>
    public required string Command { get; init; }

    /// <summary>Version of the program.</summary>
    public required string Version { get; init; }

    /// <summary>The best networks, best first; at least one.</summary>
    public required ImmutableArray<VerifiedNetwork> Best { get; init; }

    /// <summary>The network that a user gave to improve; null for none.</summary>
    public VerifiedNetwork? Given { get; init; }

    /// <summary>Networks without a score, by reason, the most frequent first.</summary>
    public required ImmutableArray<FailureCount> Failures { get; init; }

    /// <summary>Best and worst score of the population over the steps, ascending steps.</summary>
    public required ImmutableArray<ConvergencePoint> Convergence { get; init; }

    /// <summary>Final population, any order.</summary>
    public required ImmutableArray<Candidate> Population { get; init; }
}

/// <summary>One of the best networks with its scores.</summary>
/// <param name="Candidate">Network, score that the search saw, cost.</param>
/// <param name="ClosedForm">Closed-form Zen-Score.</param>
/// <param name="Measured">Zen-Score measured by Algorithm 1, or null where nothing was measured.</param>
/// <param name="Latency">Its latency, where the search had a limit on it.</param>
public sealed record VerifiedNetwork(Candidate Candidate, double ClosedForm, ScoreValue? Measured, NetworkLatency? Latency = null)
{
    /// <summary>Whether the search maximised something else than the closed form.</summary>
    public bool IsSearchScoreApart => !Candidate.Score.Equals(ClosedForm);
}

/// <summary>Latency of a network, for a batch.</summary>
/// <param name="Conditions">Under which conditions.</param>
/// <param name="Predicted">What the profile predicts; null where the search measured every network.</param>
/// <param name="Measured">What was measured for the finished network; null where that wasn't possible or wanted.</param>
public sealed record NetworkLatency(LatencyConditions Conditions, LatencyPrediction? Predicted, LatencyMeasurement? Measured);

/// <summary>Population at a step.</summary>
/// <param name="Step">Steps taken.</param>
/// <param name="Best">Highest score so far.</param>
/// <param name="Worst">Lowest score of the population.</param>
public readonly record struct ConvergencePoint(long Step, double Best, double Worst);

/// <summary>A network that the score failed on; it was rejected.</summary>
/// <param name="Step">The step that proposed it.</param>
/// <param name="Architecture">The network.</param>
/// <param name="Failure">Why it has no score.</param>
public sealed record FailedNetwork(long Step, Architecture Architecture, ScoreFailure Failure);

/// <summary>How often the score failed for one reason.</summary>
/// <param name="Reason">The reason.</param>
/// <param name="Count">Networks.</param>
/// <param name="First">The first of them.</param>
public sealed record FailureCount(string Reason, long Count, FailedNetwork First);
