using System.Collections.Immutable;
using System.Diagnostics;
using System.Security.Cryptography;
using ZenNas.Cli.Rendering;
using ZenNas.Cluster;
using ZenNas.Cluster.Coordinating;
using ZenNas.Cluster.Messages;
using ZenNas.Cluster.Working;
using ZenNas.Scores;

namespace ZenNas.Cli.Clustered;

/// <summary>A coordinator's session: connection, board of jobs and artefacts of one run, with what its user is told while workers work.</summary>
internal sealed class ClusterSession : IDisposable
{
    private static readonly TimeSpan SilenceBeforeAsking = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan PatienceWithWorkers = TimeSpan.FromSeconds(1);

    private readonly ClusterConnection _connection;
    private readonly CancellationToken _cancellation;
    private readonly ProgressLine _progress;
    private readonly CancellationTokenSource _end = new();
    private Task _watching = Task.CompletedTask;
    private long _latestEnd;
    private volatile bool _isWaiting;
    private bool _hasWarnedOfVersion;

    private ClusterSession(ClusterConnection connection, JobBoard board, Artefacts artefacts, ProgressLine progress, CancellationToken cancellation)
    {
        (_connection, Board, Artefacts, _progress, _cancellation) = (connection, board, artefacts, progress, cancellation);
        connection.Waiting += reason => progress.Report($"waiting for the server: {reason}", null);
        board.OtherVersion += WarnOfVersion;
    }

    /// <summary>Where jobs go.</summary>
    public JobBoard Board { get; }

    /// <summary>For what is too large for a message.</summary>
    public Artefacts Artefacts { get; }

    /// <summary>Finds out whether a server can be used, before anything is written.</summary>
    /// <param name="server">The server; null where this process does all the work.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="InvalidInputException">The server can't be used.</exception>
    public static void Check(ServerOptions? server, CancellationToken cancellation)
    {
        if (server is not null)
        {
            CheckAsync(server, cancellation).GetAwaiter().GetResult();
        }
    }

    /// <summary>Connects, and reads what results there are of a run.</summary>
    /// <exception cref="InvalidInputException">The server can't be used.</exception>
    public static ClusterSession Open(ServerOptions server, string run, ProgressLine progress, CancellationToken cancellation) =>
        OpenAsync(server, run, progress, cancellation).GetAwaiter().GetResult();

    /// <summary>A score that workers evaluate.</summary>
    /// <param name="info">What the score is.</param>
    /// <param name="settings">What determines it.</param>
    /// <param name="line">What to show before the number of jobs.</param>
    public RemoteScore Score(ScoreInfo info, ScoreSettings settings, Func<string> line)
    {
        _watching = WatchScoresAsync(_end.Token);
        return new RemoteScore(
            info, settings, Board,
            (done, count) =>
            {
                _isWaiting = done < count;
                Interlocked.Exchange(ref _latestEnd, Stopwatch.GetTimestamp());
                _progress.Report($"{line()}; {done} of {count} jobs of this batch done", null);
            },
            _cancellation);
    }

    /// <summary>Has one job done; where it failed in an earlier session, it is tried again.</summary>
    /// <exception cref="InvalidInputException">It failed on every worker that tried.</exception>
    public JobOutcome Run(JobRequest request)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(_cancellation);
        var watching = WatchAsync(request.Queue, JobBoard.NameOf(request), end.Token);
        try
        {
            var ended = Board.RunAsync([request], ended: null, _cancellation).GetAwaiter().GetResult()[0];
            return ended.HasFailed
                ? throw new InvalidInputException($"the job failed on every worker that tried: {string.Join("; ", ended.Reasons)}")
                : ended.Outcome;
        }
        finally
        {
            end.Cancel();
            watching.GetAwaiter().GetResult();
        }
    }

    /// <summary>Fetches what a worker stored.</summary>
    /// <exception cref="InvalidInputException">It isn't there, or isn't what the worker stored.</exception>
    public byte[] Fetch(StoredResult stored, long most)
    {
        var content = Artefacts.GetAsync(stored.Name, most, _cancellation).GetAwaiter().GetResult();
        return content is not null && Convert.ToHexStringLower(SHA256.HashData(content)) == stored.Sha256
            ? content
            : throw new InvalidInputException($"the worker's file '{Input.Quantity.Shown(stored.Name)}' isn't in the object store, or was changed there; give the command again in a new folder");
    }

    public void Dispose() => CloseAsync().GetAwaiter().GetResult();

    private static async Task<ClusterSession> OpenAsync(ServerOptions server, string run, ProgressLine progress, CancellationToken cancellation)
    {
        var connection = await ClusterConnection.CoordinatorAsync(server, cancellation);
        try
        {
            var artefacts = new Artefacts(connection);
            var board = await JobBoard.OpenAsync(connection, run, ProgramVersion.Current, cancellation);
            await artefacts.EnsureAsync(cancellation);
            return new ClusterSession(connection, board, artefacts, progress, cancellation);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private static async Task CheckAsync(ServerOptions server, CancellationToken cancellation)
    {
        await using var connection = await ClusterConnection.CoordinatorAsync(server, cancellation);
        await Streams.EnsureAsync(connection, cancellation);
    }

    private async Task CloseAsync()
    {
        await _end.CancelAsync();
        try
        {
            await _watching;
        }
        finally
        {
            _end.Dispose();
            await Board.DisposeAsync();
            await _connection.DisposeAsync();
        }
    }

    private void WarnOfVersion(JobOutcome outcome)
    {
        if (!_hasWarnedOfVersion)
        {
            _hasWarnedOfVersion = true;
            _progress.Line($"zennas: worker {Input.Quantity.Shown(outcome.Worker)} is version {Input.Quantity.Shown(outcome.ProgramVersion)}, this is {ProgramVersion.Current}; scores may differ in their last digits");
        }
    }

    /// <summary>Tells from time to time who works on a job, or that nobody can.</summary>
    private async Task WatchAsync(string queue, string job, CancellationToken end)
    {
        try
        {
            while (true)
            {
                await Task.Delay(SilenceBeforeAsking / 5, end);
                if (await WorkersAsync(queue, end) is not { } workers)
                {
                    continue;
                }

                var running = workers.SelectMany(w => w.Running.Where(r => r.Job == job).Select(r => $"worker {Input.Quantity.Shown(w.Worker)} is at it for {Shown.Seconds(r.Seconds)}"));
                _progress.Report(running.FirstOrDefault() ?? (workers.IsEmpty ? NoWorker(queue) : $"waiting for one of {Shown.Count(workers.Length, "worker")}"), null);
            }
        }
        catch (OperationCanceledException)
        {
            // The job's end.
        }
    }

    /// <summary>Says so when no score comes for a while because there is nobody to compute it.</summary>
    private async Task WatchScoresAsync(CancellationToken end)
    {
        using var timer = new PeriodicTimer(SilenceBeforeAsking);
        try
        {
            while (await timer.WaitForNextTickAsync(end))
            {
                var isSilent = _isWaiting && Stopwatch.GetElapsedTime(Interlocked.Read(ref _latestEnd)) > SilenceBeforeAsking;
                if (isSilent && await WorkersAsync(ScoreRequest.QueueName, end) is { IsEmpty: true })
                {
                    _progress.Line($"zennas: {NoWorker(ScoreRequest.QueueName)}");
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The session's end.
        }
    }

    /// <summary>Workers of a queue; null while the server is away, which the board tells of.</summary>
    private async Task<ImmutableArray<WorkerStatus>?> WorkersAsync(string queue, CancellationToken cancellation)
    {
        try
        {
            return [.. (await WorkerRoll.AskAsync(_connection, PatienceWithWorkers, cancellation)).Workers.Where(w => w.Queues.Contains(queue) && !w.IsStopping)];
        }
        catch (Exception e) when (ClusterConnection.IsPassing(e, cancellation))
        {
            return null;
        }
    }

    private static string NoWorker(string queue) => $"no worker takes jobs of queue '{queue}'; start one with: zennas worker --nats URL";
}
