namespace ZenNas.Bench.Cluster;

/// <summary>What a job costs besides the work itself.</summary>
/// <param name="CoordinatorMs">Milliseconds of the coordinator's processor: making and publishing it, taking in its result.</param>
/// <param name="ServerMs">Milliseconds of the server's processor: storing it, giving it out, storing and passing on the result.</param>
/// <param name="WorkerMs">Milliseconds that pass for a slot between two jobs besides the server's part.</param>
internal sealed record ClusterTimes(double CoordinatorMs, double ServerMs, double WorkerMs);

/// <summary>What a simulation comes to.</summary>
/// <param name="JobsPerSecond">Jobs that end in a second.</param>
/// <param name="CoordinatorBusy">Share of the time in which the coordinator is busy.</param>
/// <param name="ServerBusy">Share of the time in which the server is busy.</param>
/// <param name="WorkersBusy">Mean share of the time in which workers do jobs.</param>
/// <param name="WorkersOccupied">The same with what a job costs besides: from when it is given out to when its worker is free again.</param>
internal readonly record struct SimulatedLoad(double JobsPerSecond, double CoordinatorBusy, double ServerBusy, double WorkersBusy, double WorkersOccupied)
{
    private const double Saturated = 0.9;

    /// <summary>What keeps more jobs from ending.</summary>
    public string Limit => ServerBusy > Saturated ? "server"
        : CoordinatorBusy > Saturated ? "coordinator"
        : WorkersBusy > Saturated ? "workers"
        : WorkersOccupied > Saturated ? "cost of a job"
        : "ends of batches";
}
