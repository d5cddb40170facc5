using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics;
using Microsoft.Extensions.Logging;
using NATS.Client.Core;
using NATS.Client.JetStream;
using ZenNas.Cluster.Coordinating;
using ZenNas.Cluster.Messages;
using ZenNas.Latency;
using ZenNas.Scores;

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
    private const int LongestName = 64;

    private const ulong MostDeliveriesOfLongJobs = 50;
    private const int MostDoublings = 3;
    private static readonly TimeSpan ProgressInterval = Streams.AckWait / 3;
    private static readonly TimeSpan Retry = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan ShortJob = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ForOthers = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LeftToOthersFor = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan HandOverTime = TimeSpan.FromSeconds(1);

    private readonly ClusterConnection _connection;
    private readonly WorkerOptions _options;
    private readonly Artefacts _artefacts;
    private readonly ILogger _log;
    private readonly ImmutableDictionary<string, IJobHandler> _handlers;
    private readonly ConcurrentDictionary<Guid, (INatsJSMsg<byte[]> Message, JobSubject Subject, long Since)> _running = new();
    private readonly long _began = Stopwatch.GetTimestamp();
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _abandon = new();
    private long _done;
    private long _failed;
    private volatile int _failuresInARow;
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
            await _stopping.CancelAsync().ConfigureAwait(false);
            LogStopping(_log, _running.Count);
            if (await Task.WhenAny(all, Task.Delay(_options.DrainTime, CancellationToken.None)).ConfigureAwait(false) == all)
            {
                await all.ConfigureAwait(false);
            }
            else
            {
                await HandOverAsync().ConfigureAwait(false);
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
    public void Dispose()
    {
        _stopping.Dispose();
        _abandon.Dispose();
    }

    /// <summary>Whether a text can name a worker: 1 to 64 letters, digits, hyphens, dots and underscores.</summary>
    public static bool IsName(string name) => name is { Length: > 0 and <= LongestName } && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');

    private async Task ServeAsync(CancellationToken stop)
    {
        var source = new JobSource(_connection, [.. _handlers.Keys]);
        var finishing = Task.CompletedTask;
        Task<INatsJSMsg<byte[]>?>? ahead = null;
        var latest = TimeSpan.MaxValue;
        while (!stop.IsCancellationRequested)
        {
            _connection.ThrowIfRefused();
            try
            {
                // Not cancelled by a stop: a job that is on its way would be lost until the server misses it. While it is on its way, the last one's result is stored.
                var next = ahead ?? source.NextAsync(CancellationToken.None);
                ahead = null;
                await finishing.ConfigureAwait(false);
                if (await next.ConfigureAwait(false) is not { } message)
                {
                    continue;
                }

                if (_isStopping)
                {
                    await message.NakAsync(cancellationToken: CancellationToken.None).ConfigureAwait(false);
                    break;
                }

                // A worker that can do nothing is always free, and would get more jobs than those that can.
                if (JobSubject.Parse(message.Subject) is { } subject && IsForOthers(message, subject))
                {
                    // Without a request that waits meanwhile, or the job would come back here.
                    await message.NakAsync(new AckOpts { NakDelay = ForOthers }, CancellationToken.None).ConfigureAwait(false);
                    await Task.Delay(1.5 * ForOthers, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                    continue;
                }

                // Where jobs are short, waiting for the next one would cost a good part of them.
                ahead = latest < ShortJob ? source.NextAsync(CancellationToken.None) : null;
                var began = Stopwatch.GetTimestamp();
                (var pause, finishing) = await TakeAsync(message, ahead).ConfigureAwait(false);
                latest = Stopwatch.GetElapsedTime(began);
                if (pause > TimeSpan.Zero)
                {
                    await GiveBackAsync(ahead).ConfigureAwait(false);
                    ahead = null;
                    await Task.Delay(pause, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                }
            }
            catch (Exception e) when (ClusterConnection.IsPassing(e, CancellationToken.None) || e is NatsJSException)
            {
                LogTrouble(_log, e.Message);
                source.Reset();
                await Task.Delay(Retry, CancellationToken.None).ConfigureAwait(false);
            }
        }

        await finishing.ConfigureAwait(false);
        await GiveBackAsync(ahead).ConfigureAwait(false);
    }

    /// <summary>Gives back a job that was fetched ahead.</summary>
    private async Task GiveBackAsync(Task<INatsJSMsg<byte[]>?>? ahead)
    {
        try
        {
            if (ahead is not null && await ahead.ConfigureAwait(false) is { } message)
            {
                await message.NakAsync().ConfigureAwait(false);
            }
        }
        catch (Exception e) when (ClusterConnection.IsPassing(e, CancellationToken.None) || e is NatsJSException)
        {
            LogTrouble(_log, e.Message);
        }
    }

    /// <returns>How long to leave jobs to others, and what ends when the result is stored.</returns>
    private async Task<(TimeSpan Pause, Task Finishing)> TakeAsync(INatsJSMsg<byte[]> message, Task<INatsJSMsg<byte[]>?>? ahead)
    {
        if (JobSubject.Parse(message.Subject) is not { } subject)
        {
            LogForeign(_log, Excerpt.Of(message.Subject, 200));
            await message.AckTerminateAsync().ConfigureAwait(false);
            return (TimeSpan.Zero, Task.CompletedTask);
        }

        var key = Guid.NewGuid();
        var began = Stopwatch.GetTimestamp();
        _running[key] = (message, subject, began);
        var deliveries = message.Metadata?.NumDelivered ?? 1;
        var most = MostDeliveriesOf(message, subject);
        var outcome = deliveries > most
            ? Failure($"no worker came to an end with it in {most} deliveries; it may be what stops them", 0, isFinal: true)
            : await AttemptAsync(message, ahead, subject, began).ConfigureAwait(false);
        return (PauseAfter(outcome), FinishAsync(key, message, subject, outcome));
    }

    private async Task FinishAsync(Guid key, INatsJSMsg<byte[]> message, JobSubject subject, JobOutcome outcome)
    {
        try
        {
            await PublishAsync(subject, outcome).ConfigureAwait(false);
            await message.AckAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (ClusterConnection.IsPassing(e, CancellationToken.None) || e is NatsJSException or InvalidInputException)
        {
            // What isn't acknowledged comes again, and a result that is there already is refused. Whether the server refuses this user the next round finds out.
            LogTrouble(_log, e.Message);
        }
        finally
        {
            _running.TryRemove(key, out _);
        }
    }

    /// <summary>Longer after each failure in a row.</summary>
    private TimeSpan PauseAfter(JobOutcome outcome)
    {
        if (outcome.Reason is null || outcome.IsHandedOver)
        {
            _failuresInARow = 0;
            return TimeSpan.Zero;
        }

        // That is the network's fault; the next one may be smaller.
        if (outcome.Reason.StartsWith(ScoreFailure.TooLittleMemory, StringComparison.Ordinal))
        {
            return TimeSpan.Zero;
        }

        return Retry * (1 << Math.Min(Interlocked.Increment(ref _failuresInARow) - 1, MostDoublings));
    }

    /// <summary>Whether the job runs here already, or is for those who haven't failed at it; for ten minutes, since they may be busy or gone.</summary>
    private bool IsForOthers(INatsJSMsg<byte[]> message, JobSubject subject) =>
        _running.Values.Any(r => (r.Subject.Run, r.Subject.Job) == (subject.Run, subject.Job))
        || message.Headers is { } headers && headers.TryGetValue(JobBoard.FailedByHeader, out var names) && names.Contains(_options.Name)
        && message.Metadata is { } metadata && TimeProvider.System.GetUtcNow() - metadata.Timestamp < LeftToOthersFor;

    /// <summary>What takes hours sees servers come and go; what is left to others is delivered to those who leave it, too.</summary>
    private static ulong MostDeliveriesOf(INatsJSMsg<byte[]> message, JobSubject subject) =>
        message.Headers?.ContainsKey(JobBoard.FailedByHeader) == true ? ulong.MaxValue
        : subject.Queue == ScoreRequest.QueueName ? MostDeliveries
        : MostDeliveriesOfLongJobs;

    /// <summary>Does the job while telling the server that it is being done.</summary>
    private async Task<JobOutcome> AttemptAsync(INatsJSMsg<byte[]> message, Task<INatsJSMsg<byte[]>?>? ahead, JobSubject subject, long began)
    {
        var work = Task.Factory.StartNew(() => Do(message.Data ?? [], subject), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        while (await Task.WhenAny(work, Task.Delay(ProgressInterval, CancellationToken.None)).ConfigureAwait(false) != work)
        {
            await TellProgressAsync(message).ConfigureAwait(false);
            if (ahead is { IsCompletedSuccessfully: true } && await ahead.ConfigureAwait(false) is { } waiting)
            {
                await TellProgressAsync(waiting).ConfigureAwait(false);
            }
        }

        double Seconds() => Stopwatch.GetElapsedTime(began).TotalSeconds;
        try
        {
            var body = await work.ConfigureAwait(false);
            return new JobOutcome { Worker = _options.Name, ProgramVersion = _options.ProgramVersion, Seconds = Seconds(), Body = body };
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            return HandedOver(Seconds());
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
            ? handler.Perform(new TakenJob(request, subject.Job, subject.Run, _artefacts), EndOf(request)).ToJsonString()
            : throw new InvalidInputException($"the job lies in queue '{subject.Queue}' and asks for '{Excerpt.Of(request.Queue, 100)}'; allowed is a job in its own queue");
    }

    /// <summary>A score may end while the worker drains; what takes longer and can go on elsewhere ends at once.</summary>
    private CancellationToken EndOf(JobRequest request) => request is ProfileRequest or TrainRequest ? _stopping.Token : _abandon.Token;

    private JobOutcome HandedOver(double seconds) =>
        new() { Worker = _options.Name, ProgramVersion = _options.ProgramVersion, Seconds = seconds, Reason = "the worker was told to stop", IsHandedOver = true };

    private JobOutcome Failure(string reason, double seconds, bool isFinal) =>
        new() { Worker = _options.Name, ProgramVersion = _options.ProgramVersion, Seconds = seconds, Reason = reason, IsFinal = isFinal };

    private async Task PublishAsync(JobSubject subject, JobOutcome outcome)
    {
        if (outcome.IsHandedOver)
        {
            LogHandedOver(_log, subject.Job);
        }
        else if (outcome.Reason is { } reason)
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

    /// <summary>Gives jobs back that don't end; within a second, since a server that is away gives them to others by itself.</summary>
    private async Task HandOverAsync()
    {
        await _abandon.CancelAsync().ConfigureAwait(false);
        using var limit = new CancellationTokenSource(HandOverTime);
        await Task.WhenAll(_running.Values.Select(r => HandOverAsync(r.Message, r.Subject, r.Since, limit.Token))).ConfigureAwait(false);
        Task flushed = _connection.Nats.PingAsync(limit.Token).AsTask();
        await flushed.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task HandOverAsync(INatsJSMsg<byte[]> message, JobSubject subject, long since, CancellationToken limit)
    {
        try
        {
            LogHandedOver(_log, subject.Job);
            await _connection.PublishAsync(
                Streams.ResultSubject(subject.Run, subject.Job, subject.Attempt), HandedOver(Stopwatch.GetElapsedTime(since).TotalSeconds).Write(),
                $"{subject.Run}.{subject.Job}.{subject.Attempt}", limit).ConfigureAwait(false);
            await message.AckAsync(cancellationToken: limit).ConfigureAwait(false);
        }
        catch (Exception e) when (e is NatsException or OperationCanceledException or InvalidInputException)
        {
            LogTrouble(_log, e.Message);
        }
    }

    /// <summary>Answers whoever asks who is there.</summary>
    private async Task AnswerAsync(CancellationToken end)
    {
        try
        {
            await foreach (var question in _connection.Nats.SubscribeAsync<byte[]>(WhoSubject, cancellationToken: end).ConfigureAwait(false))
            {
                try
                {
                    if (question.ReplyTo is { Length: > 0 })
                    {
                        await question.ReplyAsync(Status.Write(), cancellationToken: end).ConfigureAwait(false);
                    }
                }
                catch (Exception e) when (ClusterConnection.IsPassing(e, end))
                {
                    LogTrouble(_log, e.Message);
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

    [LoggerMessage(LogLevel.Information, "job {Job} given back, for another worker")]
    private static partial void LogHandedOver(ILogger log, string job);

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
