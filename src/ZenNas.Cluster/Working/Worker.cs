using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics;
using Microsoft.Extensions.Logging;
using NATS.Client.Core;
using NATS.Client.JetStream;
using ZenNas.Cluster.Messages;
using ZenNas.Latency;

namespace ZenNas.Cluster.Working;

/// <summary>
/// Takes jobs and publishes results until it is told to stop. A job is acknowledged after its result is stored; where the worker dies before, the
/// server gives the job to another one, and where the result is there already, the server refuses the second.
/// </summary>
public sealed partial class Worker : IDisposable
{
    /// <summary>Deliveries after which a job that never came to an end is given up: it stops every worker that takes it.</summary>
    public const int MostDeliveries = 5;

    internal const string WhoSubject = "zennas.who";
    private static readonly TimeSpan ProgressInterval = Streams.AckWait / 3;
    private static readonly TimeSpan Retry = TimeSpan.FromMilliseconds(300);

    private readonly ClusterConnection _connection;
    private readonly WorkerOptions _options;
    private readonly Artefacts _artefacts;
    private readonly ILogger _log;
    private readonly ImmutableDictionary<string, IJobHandler> _handlers;
    private readonly ConcurrentDictionary<Guid, (INatsJSMsg<byte[]> Message, JobSubject Subject, long Since)> _running = new();
    private readonly long _began = Stopwatch.GetTimestamp();
    private readonly CancellationTokenSource _abandon = new();
    private long _done;
    private long _failed;
    private volatile bool _isStopping;

    /// <param name="connection">To the server; stays the caller's.</param>
    /// <param name="options">How to work.</param>
    /// <param name="handlers">What does the jobs; no two share a queue.</param>
    /// <param name="log">Told what happens.</param>
    public Worker(ClusterConnection connection, WorkerOptions options, IEnumerable<IJobHandler> handlers, ILogger log)
    {
        ArgumentNullException.ThrowIfNull(connection);
        (_connection, _options, _log) = (connection, options, log);
        _artefacts = new Artefacts(connection);
        _handlers = handlers.SelectMany(handler => handler.Queues.Select(queue => (queue, handler))).ToImmutableDictionary(p => p.queue, p => p.handler);
        connection.Waiting += reason => LogWaiting(log, reason);
    }

    /// <summary>What the worker does at the moment.</summary>
    public WorkerStatus Status => new()
    {
        Worker = _options.Name,
        Machine = Machine.Current.ToString(),
        ProgramVersion = _options.ProgramVersion,
        Queues = [.. _handlers.Keys.Order(StringComparer.Ordinal)],
        Slots = _options.Slots,
        Running = [.. _running.Values.Select(r => new RunningJob(r.Subject.Run, r.Subject.Job, r.Subject.Queue, Stopwatch.GetElapsedTime(r.Since).TotalSeconds))],
        Done = Interlocked.Read(ref _done),
        Failed = Interlocked.Read(ref _failed),
        UpSeconds = Stopwatch.GetElapsedTime(_began).TotalSeconds,
        IsStopping = _isStopping,
    };

    /// <summary>Works until it is told to stop; then running jobs have some seconds to end, and what doesn't goes back into its queue.</summary>
    /// <exception cref="InvalidInputException">The server doesn't let this user do what a worker has to.</exception>
    public async Task RunAsync(CancellationToken stop)
    {
        LogReady(_log, _options.Name, _options.Slots, string.Join(", ", _handlers.Keys.Order(StringComparer.Ordinal)), _connection.Url);
        using var end = new CancellationTokenSource();
        var answering = AnswerAsync(end.Token);
        var health = TellHealthAsync(end.Token);
        var slots = Enumerable.Range(0, _options.Slots).Select(_ => Task.Run(() => ServeAsync(stop), CancellationToken.None)).ToArray();
        var all = Task.WhenAll(slots);
        try
        {
            await Task.WhenAny(all, Task.Delay(Timeout.Infinite, stop)).ConfigureAwait(false);
            _isStopping = true;
            LogStopping(_log, _running.Count);
            if (await Task.WhenAny(all, Task.Delay(_options.DrainTime, CancellationToken.None)).ConfigureAwait(false) == all)
            {
                await all.ConfigureAwait(false);
            }
            else
            {
                await GiveBackAsync().ConfigureAwait(false);
            }
        }
        finally
        {
            await end.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(answering, health).ConfigureAwait(false);
            LogStopped(_log, Interlocked.Read(ref _done), Interlocked.Read(ref _failed));
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _abandon.Dispose();

    private async Task ServeAsync(CancellationToken stop)
    {
        var source = new JobSource(_connection, [.. _handlers.Keys]);
        while (!stop.IsCancellationRequested)
        {
            _connection.ThrowIfRefused();
            try
            {
                // Not cancelled by a stop: a job that is on its way would be lost until the server misses it.
                if (await source.NextAsync(CancellationToken.None).ConfigureAwait(false) is { } message)
                {
                    await TakeAsync(message).ConfigureAwait(false);
                }
            }
            catch (Exception e) when (ClusterConnection.IsPassing(e, CancellationToken.None) || e is NatsJSException)
            {
                LogTrouble(_log, e.Message);
                source.Reset();
                await Task.Delay(Retry, CancellationToken.None).ConfigureAwait(false);
            }
        }
    }

    private async Task TakeAsync(INatsJSMsg<byte[]> message)
    {
        if (JobSubject.Parse(message.Subject) is not { } subject)
        {
            LogForeign(_log, Excerpt.Of(message.Subject, 200));
            await message.AckTerminateAsync().ConfigureAwait(false);
            return;
        }

        var key = Guid.NewGuid();
        var began = Stopwatch.GetTimestamp();
        _running[key] = (message, subject, began);
        try
        {
            var deliveries = message.Metadata?.NumDelivered ?? 1;
            var outcome = deliveries > MostDeliveries
                ? Failure($"no worker came to an end with it in {MostDeliveries} deliveries; it may be what stops them", 0, isFinal: true)
                : await AttemptAsync(message, subject, began).ConfigureAwait(false);
            if (outcome is null)
            {
                return;
            }

            await PublishAsync(subject, outcome).ConfigureAwait(false);
            await message.AckAsync().ConfigureAwait(false);
        }
        finally
        {
            _running.TryRemove(key, out _);
        }
    }

    /// <summary>Does the job while telling the server that it is being done; null where the worker stopped meanwhile.</summary>
    private async Task<JobOutcome?> AttemptAsync(INatsJSMsg<byte[]> message, JobSubject subject, long began)
    {
        var work = Task.Factory.StartNew(() => Do(message.Data ?? [], subject), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        while (await Task.WhenAny(work, Task.Delay(ProgressInterval, CancellationToken.None)).ConfigureAwait(false) != work)
        {
            await TellProgressAsync(message).ConfigureAwait(false);
        }

        double Seconds() => Stopwatch.GetElapsedTime(began).TotalSeconds;
        try
        {
            var body = await work.ConfigureAwait(false);
            return new JobOutcome { Worker = _options.Name, ProgramVersion = _options.ProgramVersion, Seconds = Seconds(), Body = body };
        }
        catch (OperationCanceledException) when (_abandon.IsCancellationRequested)
        {
            return null;
        }
        catch (Exception e)
        {
            return Failure(e is InvalidInputException ? e.Message : $"{e.GetType().Name}: {e.Message}", Seconds(), isFinal: false);
        }
    }

    private string Do(byte[] data, JobSubject subject)
    {
        var request = RequestJson.Parse(data);
        return request.Queue == subject.Queue && _handlers.TryGetValue(subject.Queue, out var handler)
            ? handler.Perform(new TakenJob(request, subject.Job, subject.Run, _artefacts), _abandon.Token).ToJsonString()
            : throw new InvalidInputException($"the job lies in queue '{subject.Queue}' and asks for '{Excerpt.Of(request.Queue, 100)}'; allowed is a job in its own queue");
    }

    private JobOutcome Failure(string reason, double seconds, bool isFinal) =>
        new() { Worker = _options.Name, ProgramVersion = _options.ProgramVersion, Seconds = seconds, Reason = reason, IsFinal = isFinal };

    private async Task PublishAsync(JobSubject subject, JobOutcome outcome)
    {
        if (outcome.Reason is { } reason)
        {
            Interlocked.Increment(ref _failed);
            LogFailed(_log, subject.Job, subject.Attempt, reason);
        }
        else
        {
            Interlocked.Increment(ref _done);
        }

        var bytes = outcome.Write();
        if (bytes.Length > Streams.MostBytes)
        {
            bytes = Failure($"the result has {bytes.Length} bytes; allowed are at most {Streams.MostBytes}", outcome.Seconds, isFinal: true).Write();
        }

        var isNew = await _connection.PublishAsync(
            Streams.ResultSubject(subject.Run, subject.Job, subject.Attempt), bytes, $"{subject.Run}.{subject.Job}.{subject.Attempt}", CancellationToken.None).ConfigureAwait(false);
        if (!isNew)
        {
            LogLate(_log, subject.Job);
        }
    }

    private async Task TellProgressAsync(INatsJSMsg<byte[]> message)
    {
        try
        {
            await message.AckProgressAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (ClusterConnection.IsPassing(e, CancellationToken.None))
        {
            // The server is away; the result will be stored when it is back, and is worth as much then.
            LogTrouble(_log, e.Message);
        }
    }

    private async Task GiveBackAsync()
    {
        await _abandon.CancelAsync().ConfigureAwait(false);
        foreach (var (message, subject, _) in _running.Values)
        {
            LogGivenBack(_log, subject.Job);
            try
            {
                await message.NakAsync().ConfigureAwait(false);
            }
            catch (Exception e) when (ClusterConnection.IsPassing(e, CancellationToken.None))
            {
                LogTrouble(_log, e.Message);
            }
        }

        await _connection.Nats.PingAsync().ConfigureAwait(false);
    }

    /// <summary>Answers whoever asks who is there.</summary>
    private async Task AnswerAsync(CancellationToken end)
    {
        try
        {
            await foreach (var question in _connection.Nats.SubscribeAsync<byte[]>(WhoSubject, cancellationToken: end).ConfigureAwait(false))
            {
                if (question.ReplyTo is { Length: > 0 })
                {
                    await question.ReplyAsync(Status.Write(), cancellationToken: end).ConfigureAwait(false);
                }
            }
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // The end.
        }
    }

    private async Task TellHealthAsync(CancellationToken end)
    {
        using var timer = new PeriodicTimer(_options.HealthInterval);
        try
        {
            while (await timer.WaitForNextTickAsync(end).ConfigureAwait(false))
            {
                LogHealth(_log, _running.Count, _options.Slots, Interlocked.Read(ref _done), Interlocked.Read(ref _failed), _connection.Nats.ConnectionState);
            }
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // The end.
        }
    }

    [LoggerMessage(LogLevel.Information, "worker {Name} ready: {Slots} slots for {Queues} at {Url}")]
    private static partial void LogReady(ILogger log, string name, int slots, string queues, string url);

    [LoggerMessage(LogLevel.Information, "healthy: {Busy} of {Slots} slots busy, {Done} jobs done, {Failed} attempts failed, connection {State}")]
    private static partial void LogHealth(ILogger log, int busy, int slots, long done, long failed, NatsConnectionState state);

    [LoggerMessage(LogLevel.Information, "stopping: {Running} jobs running")]
    private static partial void LogStopping(ILogger log, int running);

    [LoggerMessage(LogLevel.Information, "stopped: {Done} jobs done, {Failed} attempts failed")]
    private static partial void LogStopped(ILogger log, long done, long failed);

    [LoggerMessage(LogLevel.Information, "job {Job} given back to its queue")]
    private static partial void LogGivenBack(ILogger log, string job);

    [LoggerMessage(LogLevel.Information, "result of job {Job} was there already")]
    private static partial void LogLate(ILogger log, string job);

    [LoggerMessage(LogLevel.Warning, "attempt {Attempt} at job {Job} failed: {Reason}")]
    private static partial void LogFailed(ILogger log, string job, int attempt, string reason);

    [LoggerMessage(LogLevel.Warning, "message with subject '{Subject}' is no job; removed")]
    private static partial void LogForeign(ILogger log, string subject);

    [LoggerMessage(LogLevel.Warning, "server trouble, going on: {Reason}")]
    private static partial void LogTrouble(ILogger log, string reason);

    [LoggerMessage(LogLevel.Warning, "waiting for the server: {Reason}")]
    private static partial void LogWaiting(ILogger log, string reason);
}
