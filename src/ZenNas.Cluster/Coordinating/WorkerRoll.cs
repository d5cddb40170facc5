using System.Collections.Immutable;
using NATS.Client.Core;
using ZenNas.Cluster.Working;

namespace ZenNas.Cluster.Coordinating;

/// <summary>A queue as the server sees it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Waiting">Jobs that no worker has.</param>
/// <param name="Running">Jobs that a worker has.</param>
/// <param name="GivenOut">How often it gave a job to a worker, as far as the server remembers.</param>
public sealed record QueueStatus(string Name, long Waiting, long Running, long GivenOut);

/// <summary>Asks who is there, and what waits.</summary>
public static class WorkerRoll
{
    private const int MostWorkers = 100_000;
    private const int NotFound = 404;

    /// <summary>Asks all workers what they are doing.</summary>
    /// <param name="connection">To the server.</param>
    /// <param name="patience">How long to wait for answers; ends earlier when none has come for half of it.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>The workers by name, and how many answers couldn't be read.</returns>
    public static async Task<(ImmutableArray<WorkerStatus> Workers, int Unreadable)> AskAsync(ClusterConnection connection, TimeSpan patience, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(connection);
        var workers = new List<WorkerStatus>();
        var unreadable = 0;
        var options = new NatsSubOpts { StartUpTimeout = patience, IdleTimeout = patience / 2, Timeout = patience, MaxMsgs = MostWorkers, StopOnEmptyMsg = false, ThrowIfNoResponders = false };
        await foreach (var answer in connection.Nats.RequestManyAsync<byte[], byte[]>(Worker.WhoSubject, [], replyOpts: options, cancellationToken: cancellation).ConfigureAwait(false))
        {
            // Nobody there: the server says so in a message without content.
            if (answer.HasNoResponders)
            {
                break;
            }

            try
            {
                workers.Add(WorkerStatus.Parse(answer.Data ?? []));
            }
            catch (InvalidInputException)
            {
                // Of another version, or hostile; the caller says that there was one.
                unreadable++;
            }
        }

        return ([.. workers.OrderBy(w => w.Worker, StringComparer.Ordinal)], unreadable);
    }

    /// <summary>The queues that a coordinator has used.</summary>
    public static async Task<ImmutableArray<QueueStatus>> QueuesAsync(ClusterConnection connection, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(connection);
        var queues = new List<QueueStatus>();
        try
        {
            await foreach (var consumer in connection.JetStream.ListConsumersAsync(Streams.Jobs, cancellation).ConfigureAwait(false))
            {
                queues.Add(new QueueStatus(consumer.Info.Name, (long)consumer.Info.NumPending, consumer.Info.NumAckPending, (long)consumer.Info.Delivered.ConsumerSeq));
            }
        }
        catch (NATS.Client.JetStream.NatsJSApiException e) when (e.Error.Code == NotFound)
        {
            return [];
        }

        return [.. queues.OrderBy(q => q.Name, StringComparer.Ordinal)];
    }
}
