using Microsoft.Extensions.Logging;
using NATS.Client.JetStream;
using ZenNas.Cluster.Coordinating;

namespace ZenNas.Cluster.Working;

/// <summary>Does one job after the other until the worker is told to stop.</summary>
internal sealed partial class Slot(ClusterConnection connection, JobSource source, JobRunner runner, FailuresInARow failures, string worker, ILogger log)
{
    private static readonly TimeSpan Retry = TimeSpan.FromMilliseconds(300);

    /// <exception cref="InvalidInputException">The server doesn't let this user do what a worker has to.</exception>
    public async Task ServeAsync(CancellationToken stop)
    {
        using var thread = new JobThread();
        var storing = Task.CompletedTask;
        try
        {
            while (!stop.IsCancellationRequested && !storing.IsFaulted)
            {
                connection.ThrowIfRefused();
                try
                {
                    // Not cancelled by a stop: a job that is on its way would be lost until the server misses it.
                    if (await source.NextAsync(CancellationToken.None).ConfigureAwait(false) is not { } message)
                    {
                        continue;
                    }

                    // The last result is stored while the next job runs, and not later.
                    var earlier = storing;
                    (storing, var pause) = await TakeAsync(message, thread, stop).ConfigureAwait(false);
                    await earlier.ConfigureAwait(false);
                    await Task.Delay(pause, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                }
                catch (Exception e) when (ClusterConnection.IsPassing(e, CancellationToken.None) || e is NatsJSException)
                {
                    LogTrouble(log, e.Message);
                    source.Reset();
                    await Task.Delay(Retry, CancellationToken.None).ConfigureAwait(false);
                }
            }
        }
        finally
        {
            await storing.ConfigureAwait(false);
        }
    }

    /// <returns>What ends when the result is stored, and how long to take no job after this one.</returns>
    private async Task<(Task Storing, TimeSpan Pause)> TakeAsync(INatsJSMsg<byte[]> message, JobThread thread, CancellationToken stop)
    {
        if (JobSubject.Parse(message.Subject) is not { } subject)
        {
            LogForeign(log, Excerpt.Of(message.Subject, 200));
            await message.AckTerminateAsync(cancellationToken: CancellationToken.None).ConfigureAwait(false);
            return (Task.CompletedTask, TimeSpan.Zero);
        }

        if (runner.Running.Any(running => running.Subject == subject))
        {
            // The server missed signs of life while it was away; it gets them again.
            return (Task.CompletedTask, TimeSpan.Zero);
        }

        if (stop.IsCancellationRequested || IsForOthers(message, subject))
        {
            return (runner.LeaveAsync(message, subject), TimeSpan.Zero);
        }

        var (outcome, storing) = await runner.RunAsync(message, subject, thread).ConfigureAwait(false);
        return (storing, failures.PauseAfter(outcome));
    }

    /// <summary>Whether another attempt at the job runs here, or this worker has failed at it and there are others.</summary>
    private bool IsForOthers(INatsJSMsg<byte[]> message, JobSubject subject) =>
        runner.Running.Any(r => r.Outcome is null && (r.Subject.Run, r.Subject.Job) == (subject.Run, subject.Job))
        || message.Headers is { } headers && headers.TryGetValue(JobBoard.FailedByHeader, out var names) && names.Contains(worker);

    [LoggerMessage(LogLevel.Warning, "message with subject '{Subject}' is no job; removed")]
    private static partial void LogForeign(ILogger log, string subject);

    [LoggerMessage(LogLevel.Warning, "server trouble, going on: {Reason}")]
    private static partial void LogTrouble(ILogger log, string reason);
}
