namespace ZenNas.Cluster.Working;

/// <summary>How a worker works.</summary>
public sealed record WorkerOptions
{
    /// <summary>Name by which results and lists call it.</summary>
    public required string Name { get; init; }

    /// <summary>Version of the program.</summary>
    public required string ProgramVersion { get; init; }

    /// <summary>Jobs at the same time.</summary>
    public required int Slots { get; init; }

    /// <summary>How long running jobs may take to end after the worker was told to stop; then they go to another worker.</summary>
    public TimeSpan DrainTime { get; init; } = TimeSpan.FromSeconds(7);

    /// <summary>How often a line tells that the worker is well.</summary>
    public TimeSpan HealthInterval { get; init; } = TimeSpan.FromMinutes(1);
}
