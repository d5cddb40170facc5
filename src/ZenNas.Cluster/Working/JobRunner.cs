using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using NATS.Client.JetStream;
using ZenNas.Cluster.Messages;

namespace ZenNas.Cluster.Working;

/// <summary>Does jobs and stores what comes of them; gives back what doesn't end in time. Safe for concurrent use.</summary>
internal sealed partial class JobRunner : IDisposable
{
    // Of a score that never came to an end: it stops every worker that takes it.
    private const ulong MostDeliveries = 5;

    // What takes hours sees servers come and go.
    private const ulong MostDeliveriesOfLongJobs = 50;
    private static readonly TimeSpan ProgressInterval = Streams.AckWait / 3;
    private static readonly TimeSpan HandOverTime = TimeSpan.FromSeconds(1);

    private readonly ClusterConnection _connection;
    private readonly WorkerOptions _options;
    private readonly ImmutableDictionary<string, IJobHandler> _handlers;
    private readonly ILogger _log;
    private readonly Artefacts _artefacts;
    private readonly ConcurrentDictionary<Delivery, bool> _running = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _abandon = new();
    private long _done;
    private long _failed;

    /// <param name="connection">To the server; stays the caller's.</param>
    /// <param name="options">How to work.</param>
    /// <param name="handlers">What does the jobs of each queue.</param>
    /// <param name="log">Told what happens.</param>
    public JobRunner(ClusterConnection connection, WorkerOptions options, ImmutableDictionary<string, IJobHandler> handlers, ILogger log)
    {
        (_connection, _options, _handlers, _log) = (connection, options, handlers, log);
        _artefacts = new Artefacts(connection);
    }

    /// <summary>Jobs whose results aren't stored yet.</summary>
    public ICollection<Delivery> Running => _running.Keys;

    /// <summary>Jobs that are done.</summary>
    public long Done => Interlocked.Read(ref _done);

    /// <summary>Attempts that failed.</summary>
    public long Failed => Interlocked.Read(ref _failed);

    /// <summary>Does a job on a thread.</summary>
    /// <returns>What came of it, and what ends when that is stored and the job acknowledged.</returns>
    public async Task<(JobOutcome Outcome, Task Storing)> RunAsync(INatsJSMsg<byte[]> message, JobSubject subject, JobThread thread)
    {
        var delivery = new Delivery(message, subject);
        _running[delivery] = true;
        var deliveries = message.Metadata?.NumDelivered ?? 1;
        var most = IsShort(delivery) ? MostDeliveries : MostDeliveriesOfLongJobs;
        var outcome = deliveries > most
            ? Failure($"no worker came to an end with it in {most} deliveries; it may be what stops them", 0, isFinal: true)
            : Fitting(await AttemptAsync(delivery, thread).ConfigureAwait(false));
        delivery.Outcome = outcome;
        return (outcome, StoreAsync(delivery, outcome));
    }

    /// <summary>Leaves a job to other workers, without having begun it.</summary>
    public Task LeaveAsync(INatsJSMsg<byte[]> message, JobSubject subject) => StoreAsync(new Delivery(message, subject), HandedOver(0));

    /// <summary>Ends what takes long and can go on elsewhere; scores may end.</summary>
    public Task StopAsync() => _stopping.CancelAsync();

    /// <summary>Gives jobs back that don't end; within a second, since a server that is away gives them to others by itself.</summary>
    public async Task HandOverAsync()
    {
        await _abandon.CancelAsync().ConfigureAwait(false);
        using var limit = new CancellationTokenSource(HandOverTime);
        await Task.WhenAll(Running.Select(delivery => HandOverAsync(delivery, limit.Token))).ConfigureAwait(false);
    }

    /// <summary>Sees that the server has got all there was to say; within a second.</summary>
    public async Task FlushAsync()
    {
        using var limit = new CancellationTokenSource(HandOverTime);
        Task flushed = _connection.Nats.PingAsync(limit.Token).AsTask();
        await flushed.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stopping.Dispose();
        _abandon.Dispose();
    }

    private static bool IsShort(Delivery delivery) => delivery.Subject.Queue == ScoreRequest.QueueName;

    /// <summary>Does the job while telling the server that it is being done.</summary>
    private async Task<JobOutcome> AttemptAsync(Delivery delivery, JobThread thread)
    {
        try
        {
            var work = thread.Run(() => Do(delivery));
            while (!work.IsCompleted)
            {
                Task interval = work.WaitAsync(ProgressInterval);
                await interval.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (!work.IsCompleted)
                {
                    await TellProgressAsync(delivery.Message).ConfigureAwait(false);
                }
            }

            var body = await work.ConfigureAwait(false);
            return new JobOutcome { Worker = _options.Name, ProgramVersion = _options.ProgramVersion, Seconds = delivery.Seconds, Body = body };
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            return HandedOver(delivery.Seconds);
        }
        catch (Exception e)
        {
            return Failure(e is InvalidInputException ? e.Message : $"{e.GetType().Name}: {e.Message}", delivery.Seconds, isFinal: false);
        }
    }

    private string Do(Delivery delivery)
    {
        var (queue, run, job, _) = delivery.Subject;
        var data = delivery.Message.Data ?? [];
        var request = RequestJson.Parse(data);

        // A copy of a job under another name could only come from somebody who may not make jobs.
        if (RequestJson.NameOf(data) != job)
        {
            throw new InvalidInputException("the job's name isn't the hash of what it says; allowed is a job as its coordinator published it");
        }

        return request.Queue == queue && _handlers.TryGetValue(queue, out var handler)
            ? handler.Perform(new TakenJob(request, job, run, _artefacts), EndOf(request)).ToJsonString()
            : throw new InvalidInputException($"the job lies in queue '{queue}' and asks for '{Excerpt.Of(request.Queue, 100)}'; allowed is a job in its own queue");
    }

    /// <summary>A score may end while the worker drains; what takes longer and can go on elsewhere ends at once.</summary>
    private CancellationToken EndOf(JobRequest request) => request is ProfileRequest or TrainRequest ? _stopping.Token : _abandon.Token;

    private JobOutcome HandedOver(double seconds) =>
        new() { Worker = _options.Name, ProgramVersion = _options.ProgramVersion, Seconds = seconds, Reason = "left to another worker", IsHandedOver = true };

    private JobOutcome Failure(string reason, double seconds, bool isFinal) =>
        new() { Worker = _options.Name, ProgramVersion = _options.ProgramVersion, Seconds = seconds, Reason = reason, IsFinal = isFinal };

    private async Task StoreAsync(Delivery delivery, JobOutcome outcome)
    {
        try
        {
            Tell(delivery.Subject, outcome);
            if (!await PublishFittingAsync(delivery.Subject, outcome).ConfigureAwait(false))
            {
                LogLate(_log, delivery.Subject.Job);
            }

            Count(outcome);

            // Where an acknowledgement is lost the job is done again, which is nothing for a score and hours for a training.
            await delivery.Message.AckAsync(new AckOpts { DoubleAck = !IsShort(delivery) }).ConfigureAwait(false);
        }
        catch (Exception e) when (ClusterConnection.IsPassing(e, CancellationToken.None) || e is NatsJSException or InvalidInputException)
        {
            // What isn't acknowledged comes again, and a result that is there already is refused. Whether the server refuses this user the slot finds out.
            LogTrouble(_log, e.Message);
        }
        finally
        {
            _running.TryRemove(delivery, out _);
        }
    }

    private void Tell(JobSubject subject, JobOutcome outcome)
    {
        if (outcome.IsHandedOver)
        {
            LogHandedOver(_log, subject.Job);
        }
        else if (outcome.Reason is { } reason)
        {
            LogFailed(_log, subject.Job, subject.Attempt, reason);
        }
    }

    private void Count(JobOutcome outcome)
    {
        if (outcome.Reason is null)
        {
            Interlocked.Increment(ref _done);
        }
        else if (!outcome.IsHandedOver)
        {
            Interlocked.Increment(ref _failed);
        }
    }

    /// <summary>Where the server takes less than others do, the coordinator is told that.</summary>
    /// <returns>Whether it was stored now; otherwise it was there already.</returns>
    private async Task<bool> PublishFittingAsync(JobSubject subject, JobOutcome outcome)
    {
        try
        {
            return await PublishAsync(subject, outcome, CancellationToken.None).ConfigureAwait(false);
        }
        catch (InvalidInputException e) when (outcome.Body is not null)
        {
            return await PublishAsync(subject, Failure(e.Message, outcome.Seconds, isFinal: true), CancellationToken.None).ConfigureAwait(false);
        }
    }

    private Task<bool> PublishAsync(JobSubject subject, JobOutcome outcome, CancellationToken cancellation) => _connection.PublishAsync(
        Streams.ResultSubject(subject.Run, subject.Job, subject.Attempt), outcome.Write(), $"{subject.Run}.{subject.Job}.{subject.Attempt}", cancellation);

    private JobOutcome Fitting(JobOutcome outcome) => outcome.Write().Length is var bytes && bytes > Streams.MostContent
        ? Failure($"the result has {bytes} bytes; allowed are at most {Streams.MostContent}", outcome.Seconds, isFinal: true)
        : outcome;

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

    private async Task HandOverAsync(Delivery delivery, CancellationToken limit)
    {
        try
        {
            // What is done and couldn't be stored yet is worth more than to be given back.
            var outcome = delivery.Outcome ?? HandedOver(delivery.Seconds);
            Tell(delivery.Subject, outcome);
            await PublishAsync(delivery.Subject, outcome, limit).ConfigureAwait(false);
            await delivery.Message.AckAsync(cancellationToken: limit).ConfigureAwait(false);
        }
        catch (Exception e) when (ClusterConnection.IsPassing(e, CancellationToken.None) || e is NatsJSException or InvalidInputException)
        {
            LogTrouble(_log, e.Message);
        }
    }

    [LoggerMessage(LogLevel.Information, "job {Job} given back, for another worker")]
    private static partial void LogHandedOver(ILogger log, string job);

    [LoggerMessage(LogLevel.Information, "result of job {Job} was there already")]
    private static partial void LogLate(ILogger log, string job);

    [LoggerMessage(LogLevel.Warning, "attempt {Attempt} at job {Job} failed: {Reason}")]
    private static partial void LogFailed(ILogger log, string job, int attempt, string reason);

    [LoggerMessage(LogLevel.Warning, "server trouble, going on: {Reason}")]
    private static partial void LogTrouble(ILogger log, string reason);
}
