using NATS.Client.Core;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;
using ZenNas.Cluster.Working;

namespace ZenNas.Cluster.Coordinating;

/// <summary>
/// Reads all results of a run, those of earlier sessions first. Its consumer lives in the server's memory: after the server was away it is made
/// again and goes on after the last result that was read.
/// </summary>
internal sealed class ResultFeed : IAsyncDisposable
{
    private const int MessagesAhead = 500;
    private const int NotFound = 404;
    private static readonly TimeSpan Unused = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Retry = TimeSpan.FromMilliseconds(200);
    private static readonly NatsJSConsumeOpts Options = new()
    {
        MaxMsgs = MessagesAhead,
        Expires = TimeSpan.FromSeconds(10),
        IdleHeartbeat = TimeSpan.FromSeconds(2),
    };

    private readonly ClusterConnection _connection;
    private readonly string _run;
    private readonly Action<string, int, byte[]> _receive;
    private readonly CancellationTokenSource _end = new();
    private readonly TaskCompletionSource _caughtUp = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _reading;
    private readonly Lock _lock = new();
    private CancellationTokenSource? _session;
    private ulong _next = 1;

    /// <param name="connection">To the server.</param>
    /// <param name="run">Whose results.</param>
    /// <param name="receive">Told job, attempt and message, one after the other.</param>
    public ResultFeed(ClusterConnection connection, string run, Action<string, int, byte[]> receive)
    {
        (_connection, _run, _receive) = (connection, run, receive);
        connection.Nats.ConnectionOpened += BeginAgain;
        _reading = Task.Run(ReadAsync);
    }

    /// <summary>Ends when all results have been read that there were at the beginning.</summary>
    public Task CaughtUp => _caughtUp.Task;

    /// <summary>Ends when no more results are read: with the feed, or with what keeps it from reading.</summary>
    public Task End => _reading;

    private ulong Next
    {
        get
        {
            lock (_lock)
            {
                return _next;
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        _connection.Nats.ConnectionOpened -= BeginAgain;
        await _end.CancelAsync().ConfigureAwait(false);

        // How it ended was told to whoever waited for results.
        await _reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _end.Dispose();
    }

    private ValueTask BeginAgain(object? sender, NatsEventArgs e)
    {
        BeginAgain();
        return ValueTask.CompletedTask;
    }

    /// <summary>From the beginning: a server that lost its last minutes gives numbers a second time.</summary>
    private void BeginAgain()
    {
        lock (_lock)
        {
            _next = 1;
            _session?.Cancel();
        }
    }

    private void Begin(CancellationTokenSource? session)
    {
        lock (_lock)
        {
            _session = session;
        }
    }

    private void Advance(ulong next, CancellationTokenSource session)
    {
        lock (_lock)
        {
            // What a session that has been cancelled read last says nothing of the next one.
            if (!session.IsCancellationRequested)
            {
                _next = next;
            }
        }
    }

    private async Task ReadAsync()
    {
        var isStoreLost = false;
        while (!_end.IsCancellationRequested)
        {
            using var session = CancellationTokenSource.CreateLinkedTokenSource(_end.Token);
            Begin(session);
            try
            {
                if (isStoreLost)
                {
                    await Streams.EnsureAsync(_connection, session.Token).ConfigureAwait(false);
                    isStoreLost = false;
                }

                await ReadSessionAsync(session).ConfigureAwait(false);
            }
            catch (Exception e) when (ClusterConnection.IsPassing(e, _end.Token))
            {
                _connection.TellWaiting($"no results yet: {e.Message}");
                await Task.Delay(Retry, CancellationToken.None).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                // The end: nobody waits for more.
            }
            catch (NatsJSApiException e) when (e.Error.Code == NotFound)
            {
                // The server has lost its store; jobs will be published and done again.
                _connection.TellWaiting($"the server has no results any more: {e.Message}");
                BeginAgain();
                isStoreLost = true;
            }
            catch (Exception e)
            {
                throw Fail(e);
            }
            finally
            {
                Begin(null);
            }
        }

        _caughtUp.TrySetCanceled();
    }

    private InvalidInputException Fail(Exception e)
    {
        var reason = e as InvalidInputException
            ?? new InvalidInputException($"results can't be read from the server any more ({Excerpt.Of(e.Message, 200)}); allowed is a server that keeps its streams", e);
        _caughtUp.TrySetException(reason);
        return reason;
    }

    private async Task ReadSessionAsync(CancellationTokenSource session)
    {
        var consumer = await _connection.JetStream.CreateOrUpdateConsumerAsync(
            Streams.Results,
            new ConsumerConfig
            {
                Name = $"results-{Guid.NewGuid():N}",
                FilterSubject = $"{Streams.ResultSubjects}{_run}.>",
                AckPolicy = ConsumerConfigAckPolicy.None,
                DeliverPolicy = ConsumerConfigDeliverPolicy.ByStartSequence,
                OptStartSeq = Next,
                MemStorage = true,
                InactiveThreshold = Unused,
            },
            session.Token).ConfigureAwait(false);
        if (consumer.Info.NumPending == 0)
        {
            _caughtUp.TrySetResult();
        }

        // Heartbeats that stay away are a server that forgot the consumer.
        var options = Options with
        {
            NotificationHandler = (notification, _) =>
            {
                if (notification is NatsJSTimeoutNotification)
                {
                    session.Cancel();
                }

                return Task.CompletedTask;
            },
        };
        await foreach (var message in consumer.ConsumeAsync<byte[]>(opts: options, cancellationToken: session.Token).ConfigureAwait(false))
        {
            if (message.Subject.Split('.') is [_, _, _, var job, var attempt] && int.TryParse(attempt, out var number) && number is >= 1 and <= JobSubject.MostAttempt)
            {
                _receive(job, number, message.Data ?? []);
            }

            var metadata = message.Metadata!.Value;
            Advance(metadata.Sequence.Stream + 1, session);
            if (metadata.NumPending == 0)
            {
                _caughtUp.TrySetResult();
            }
        }
    }
}
