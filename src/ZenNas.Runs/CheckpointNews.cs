using ZenNas.Runs.Reports;

namespace ZenNas.Runs;

/// <summary>What has been added to a run since its last checkpoint.</summary>
/// <param name="Fingerprints">Networks proposed for scoring.</param>
/// <param name="Convergence">Points of the convergence curve.</param>
/// <param name="Failures">Networks without a score.</param>
internal sealed record CheckpointNews(
    IReadOnlyList<UInt128> Fingerprints, IReadOnlyList<ConvergencePoint> Convergence, IReadOnlyList<FailedNetwork> Failures);
