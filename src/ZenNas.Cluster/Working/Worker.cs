using System.Collections.Immutable;
using System.Diagnostics;
using Microsoft.Extensions.Logging;
using NATS.Client.Core;
using ZenNas.Latency;

namespace ZenNas.Cluster.Working;

/// <summary>
/// Takes jobs and publishes results until it is told to stop. A job is acknowledged after its result is stored; where the worker dies before, the
/// server gives the job to another one, and where the result is there already, the server refuses the second.
/// </summary>
public sealed partial class Worker : IDisposable
{
    internal const string WhoSubject = "zennas.who";
    private const int LongestName = 64;

    private readonly ClusterConnection _connection;
    private readonly WorkerOptions _options;
    private readonly ILogger _log;
    private readonly ImmutableArray<string> _queues;
    private readonly JobRunner _runner;
    private readonly long _began = Stopwatch.GetTimestamp();
    private volatile bool _isStopping;

    /// <param name="connection">To the server; stays the caller's.</param>
    /// <param name="options">How to work.</param>
    /// <param name="handlers">What does the jobs; no two share a queue.</param>
    /// <param name="log">Told what happens.</param>
    public Worker(ClusterConnection connection, WorkerOptions options, IEnumerable<IJobHandler> handlers, ILogger log)
    {
        ArgumentNullException.ThrowIfNull(connection);
        (_connection, _options, _log) = (connection, options, log);
        var byQueue = handlers.SelectMany(handler => handler.Queues.Select(queue => (queue, handler))).ToImmutableDictionary(p => p.queue, p => p.handler);
        _queues = [.. byQueue.Keys.Order(StringComparer.Ordinal)];
        _runner = new JobRunner(connection, options, byQueue, log);
        connection.Waiting += reason => LogWaiting(log, reason);
    }

    /// <summary>What the worker does at the moment.</summary>
    public WorkerStatus Status => new()
    {
        Worker = _options.Name,
        Machine = Machine.Current.ToString(),
        ProgramVersion = _options.ProgramVersion,
        Queues = _queues,
        Slots = _options.Slots,
        Running = [.. _runner.Running.Select(r => new RunningJob(r.Subject.Run, r.Subject.Job, r.Subject.Queue, r.Seconds))],
        Done = _runner.Done,
        Failed = _runner.Failed,
        UpSeconds = Stopwatch.GetElapsedTime(_began).TotalSeconds,
        IsStopping = _isStopping,
    };

    /// <summary>Works until it is told to stop; then running jobs have some seconds to end, and what doesn't goes back into its queue.</summary>
    /// <exception cref="InvalidInputException">The server doesn't let this user do what a worker has to.</exception>
    public async Task RunAsync(CancellationToken stop)
    {
        LogReady(_log, _options.Name, _options.Slots, string.Join(", ", _queues), _connection.Url);
        using var end = new CancellationTokenSource();
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var failure = new TaskCompletionSource();
        var answering = StopOnFailureAsync(AnswerAsync(end.Token), stopping, failure);
        var health = TellHealthAsync(end.Token);
        var failures = new FailuresInARow();
        var slots = Task.WhenAll(Enumerable.Range(0, _options.Slots)
            .Select(_ => new Slot(_connection, new JobSource(_connection, _queues), _runner, failures, _options.Name, _log))
            .Select(slot => StopOnFailureAsync(Task.Run(() => slot.ServeAsync(stopping.Token), CancellationToken.None), stopping, failure)));
        try
        {
            await Task.Delay(Timeout.Infinite, stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await DrainAsync(slots).ConfigureAwait(false);
        }
        finally
        {
            await end.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(answering, health).ConfigureAwait(false);
            LogStopped(_log, _runner.Done, _runner.Failed);
        }

        failure.TrySetResult();
        await failure.Task.ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public void Dispose() => _runner.Dispose();

    /// <summary>Whether a text can name a worker: 1 to 64 letters, digits, hyphens, dots and underscores.</summary>
    public static bool IsName(string name) => name is { Length: > 0 and <= LongestName } && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');

    /// <summary>A part of the worker that fails takes the whole with it, or it would seem to be well.</summary>
    private async Task StopOnFailureAsync(Task part, CancellationTokenSource stopping, TaskCompletionSource failure)
    {
        try
        {
            await part.ConfigureAwait(false);
        }
        catch (Exception e)
        {
            LogFailure(_log, e.Message);
            failure.TrySetException(e);
            await stopping.CancelAsync().ConfigureAwait(false);
        }
    }

    private async Task DrainAsync(Task slots)
    {
        _isStopping = true;
        LogStopping(_log, _runner.Running.Count);
        await _runner.StopAsync().ConfigureAwait(false);
        if (await Task.WhenAny(slots, Task.Delay(_options.DrainTime, CancellationToken.None)).ConfigureAwait(false) != slots)
        {
            await _runner.HandOverAsync().ConfigureAwait(false);
        }

        await _runner.FlushAsync().ConfigureAwait(false);
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
                LogHealth(_log, _runner.Running.Count, _options.Slots, _runner.Done, _runner.Failed, _connection.Nats.ConnectionState);
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

    [LoggerMessage(LogLevel.Error, "stopping, since a part of the worker failed: {Reason}")]
    private static partial void LogFailure(ILogger log, string reason);

    [LoggerMessage(LogLevel.Warning, "server trouble, going on: {Reason}")]
    private static partial void LogTrouble(ILogger log, string reason);

    [LoggerMessage(LogLevel.Warning, "waiting for the server: {Reason}")]
    private static partial void LogWaiting(ILogger log, string reason);
}
