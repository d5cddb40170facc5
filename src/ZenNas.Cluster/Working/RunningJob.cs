namespace ZenNas.Cluster.Working;

/// <summary>A job that is being done, for lists.</summary>
/// <param name="Run">Name of the run that wants it.</param>
/// <param name="Job">Its name.</param>
/// <param name="Queue">The queue it comes from.</param>
/// <param name="Seconds">Seconds since it was taken.</param>
public sealed record RunningJob(string Run, string Job, string Queue, double Seconds);
