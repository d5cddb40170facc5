using System.Collections.Immutable;
using System.Diagnostics;
using NATS.Client.JetStream;

namespace ZenNas.Cluster.Working;

/// <summary>
/// Where a slot gets its jobs: one at a time, from whichever of its queues has one. So a slow worker takes few jobs, and nothing waits at a busy one. A queue
/// exists as soon as a coordinator has used it. For one slot.
/// </summary>
internal sealed class JobSource(ClusterConnection connection, ImmutableArray<string> queues)
{
    private const int NotFound = 404;

    // A stop is noticed so much later at most.
    private static readonly NatsJSNextOpts WaitAlone = new() { Expires = TimeSpan.FromSeconds(3) };

    // With several queues the others are looked at again soon; the server's shortest time is a second.
    private static readonly NatsJSNextOpts WaitAmongOthers = new() { Expires = TimeSpan.FromSeconds(1) };
    private static readonly NatsJSFetchOpts OneNow = new() { MaxMsgs = 1 };
    private static readonly TimeSpan UntilNextLook = TimeSpan.FromSeconds(1);

    private readonly Dictionary<string, INatsJSConsumer> _consumers = [];
    private long _looked;
    private int _turn;

    /// <summary>The next job, or null where there is none yet.</summary>
    public async Task<INatsJSMsg<byte[]>?> NextAsync(CancellationToken cancellation)
    {
        await FindConsumersAsync(cancellation).ConfigureAwait(false);
        if (_consumers.Count == 0)
        {
            await Task.Delay(UntilNextLook, cancellation).ConfigureAwait(false);
            return null;
        }

        // Each queue is the first one to be asked in turn, so that none starves.
        var waiting = queues.Skip(_turn).Concat(queues.Take(_turn)).Where(_consumers.ContainsKey).ToArray();
        _turn = (_turn + 1) % queues.Length;
        if (waiting.Length > 1)
        {
            foreach (var queue in waiting)
            {
                await foreach (var message in _consumers[queue].FetchNoWaitAsync<byte[]>(OneNow, cancellationToken: cancellation).ConfigureAwait(false))
                {
                    return message;
                }
            }
        }

        var consumer = _consumers[waiting[0]];
        var asked = Stopwatch.GetTimestamp();
        var next = await consumer.NextAsync<byte[]>(opts: queues.Length == 1 ? WaitAlone : WaitAmongOthers, cancellationToken: cancellation).ConfigureAwait(false);
        if (next is null && Stopwatch.GetElapsedTime(asked) < UntilNextLook / 2)
        {
            // The server refuses to wait; what it lost may come again.
            Reset();
            await Task.Delay(UntilNextLook, cancellation).ConfigureAwait(false);
        }

        return next;
    }

    /// <summary>Forgets what it knows of the server, which may have lost it.</summary>
    public void Reset() => _consumers.Clear();

    private async Task FindConsumersAsync(CancellationToken cancellation)
    {
        if (_consumers.Count == queues.Length || _consumers.Count > 0 && Stopwatch.GetElapsedTime(_looked) < UntilNextLook)
        {
            return;
        }

        _looked = Stopwatch.GetTimestamp();
        foreach (var queue in queues.Where(queue => !_consumers.ContainsKey(queue)))
        {
            try
            {
                _consumers[queue] = await connection.JetStream.GetConsumerAsync(Streams.Jobs, queue, cancellation).ConfigureAwait(false);
            }
            catch (NatsJSApiException e) when (e.Error.Code == NotFound)
            {
                // No coordinator has used this queue yet.
            }
        }
    }
}
