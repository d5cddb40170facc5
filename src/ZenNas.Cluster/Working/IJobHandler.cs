using System.Collections.Immutable;
using System.Text.Json.Nodes;
using ZenNas.Cluster.Messages;

namespace ZenNas.Cluster.Working;

/// <summary>A job that a worker has taken, and what it may use for it.</summary>
/// <param name="Request">What to do.</param>
/// <param name="Name">Name of the job; the same job always has the same.</param>
/// <param name="Run">Name of the run that wants it.</param>
/// <param name="Artefacts">For what is too large for a message.</param>
public sealed record TakenJob(JobRequest Request, string Name, string Run, Artefacts Artefacts);

/// <summary>Does jobs of one kind. Safe for concurrent use.</summary>
public interface IJobHandler
{
    /// <summary>Queues whose jobs it can do.</summary>
    ImmutableArray<string> Queues { get; }

    /// <summary>Does a job, on its slot's thread.</summary>
    /// <param name="job">The job.</param>
    /// <param name="cancellation">The worker is about to stop; the job will go to another one.</param>
    /// <returns>What the job asked for.</returns>
    /// <exception cref="Exception">The attempt failed; the message tells the coordinator why.</exception>
    JsonObject Perform(TakenJob job, CancellationToken cancellation);
}
