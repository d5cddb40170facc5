using Microsoft.Extensions.Logging;
using NATS.Client.JetStream;
using ZenNas.Cluster.Coordinating;

namespace ZenNas.Cluster.Working;

/// <summary>Does one job after the other until the worker is told to stop.</summary>
internal sealed partial class Slot(ClusterConnection connection, JobSource source, JobRunner runner, FailuresInARow failures, string worker, ILogger log)
{
    private static readonly TimeSpan Retry = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan ForOthers = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LeftToOthersFor = TimeSpan.FromMinutes(10);

    /// <exception cref="InvalidInputException">The server doesn't let this user do what a worker has to.</exception>
    public async Task ServeAsync(CancellationToken stop)
    {
        var storing = Task.CompletedTask;
        while (!stop.IsCancellationRequested)
        {
            connection.ThrowIfRefused();
            try
            {
                // Not cancelled by a stop: a job that is on its way would be lost until the server misses it. While it is on its way, the last one's result is stored.
                var next = source.NextAsync(CancellationToken.None);
                await storing.ConfigureAwait(false);
                if (await next.ConfigureAwait(false) is not { } message)
                {
                    continue;
                }

                if (stop.IsCancellationRequested)
                {
                    await message.NakAsync(cancellationToken: CancellationToken.None).ConfigureAwait(false);
                    break;
                }

                (storing, var pause) = await TakeAsync(message).ConfigureAwait(false);
                await Task.Delay(pause, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (Exception e) when (ClusterConnection.IsPassing(e, CancellationToken.None) || e is NatsJSException)
            {
                LogTrouble(log, e.Message);
                source.Reset();
                await Task.Delay(Retry, CancellationToken.None).ConfigureAwait(false);
            }
        }

        await storing.ConfigureAwait(false);
    }

    /// <returns>What ends when the result is stored, and how long to take no job after this one.</returns>
    private async Task<(Task Storing, TimeSpan Pause)> TakeAsync(INatsJSMsg<byte[]> message)
    {
        if (JobSubject.Parse(message.Subject) is not { } subject)
        {
            LogForeign(log, Excerpt.Of(message.Subject, 200));
            await message.AckTerminateAsync().ConfigureAwait(false);
            return (Task.CompletedTask, TimeSpan.Zero);
        }

        if (IsForOthers(message, subject))
        {
            // Without a request that waits meanwhile, or the job would come back here.
            await message.NakAsync(new AckOpts { NakDelay = ForOthers }, CancellationToken.None).ConfigureAwait(false);
            return (Task.CompletedTask, 1.5 * ForOthers);
        }

        var (outcome, storing) = await runner.RunAsync(message, subject).ConfigureAwait(false);
        return (storing, failures.PauseAfter(outcome));
    }

    /// <summary>Whether the job runs here already, or is for those who haven't failed at it; for ten minutes, since they may be busy or gone.</summary>
    private bool IsForOthers(INatsJSMsg<byte[]> message, JobSubject subject) =>
        runner.Running.Any(r => (r.Subject.Run, r.Subject.Job) == (subject.Run, subject.Job))
        || message.Headers is { } headers && headers.TryGetValue(JobBoard.FailedByHeader, out var names) && names.Contains(worker)
        && message.Metadata is { } metadata && TimeProvider.System.GetUtcNow() - metadata.Timestamp < LeftToOthersFor;

    [LoggerMessage(LogLevel.Warning, "message with subject '{Subject}' is no job; removed")]
    private static partial void LogForeign(ILogger log, string subject);

    [LoggerMessage(LogLevel.Warning, "server trouble, going on: {Reason}")]
    private static partial void LogTrouble(ILogger log, string reason);
}
