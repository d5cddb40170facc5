using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics;
using NATS.Client.Core;
using ZenNas.Cluster.Messages;
using ZenNas.Cluster.Working;

namespace ZenNas.Cluster.Coordinating;

/// <summary>How many jobs a coordinator has seen end, and how.</summary>
/// <param name="Published">Attempts published in this session.</param>
/// <param name="Finished">Jobs that ended with a result.</param>
/// <param name="Failed">Jobs given up after <see cref="JobBoard.MostAttempts"/> failed attempts.</param>
/// <param name="FailedAttempts">Attempts that failed.</param>
/// <param name="Found">Jobs of this session whose end was in the stream already.</param>
/// <param name="Results">Messages of workers, whatever they say.</param>
public readonly record struct JobCounts(long Published, long Finished, long Failed, long FailedAttempts, long Found, long Results);

/// <summary>
/// Gives jobs to workers and collects what comes of them. A job's name is a hash of what it says, so a coordinator that was killed finds the
/// results of its last session under the same names, and publishes no job twice. Safe for concurrent use.
/// </summary>
public sealed class JobBoard : IAsyncDisposable
{
    /// <summary>Attempts after which a job has failed.</summary>
    public const int MostAttempts = 3;

    // Of a job's message: who failed at it.
    internal const string FailedByHeader = "Zennas-Failed-By";

    // So often a job goes from one slot that leaves it to the next at once, which reaches everybody who is free; then it waits, ever longer, for somebody to become so.
    private const int QuickHandOvers = 16;
    private const int MostDoublings = 5;
    private static readonly TimeSpan AfterHandOver = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LeftToOthersFor = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan RollLasts = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan PatienceWithWorkers = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan UntilPublishedAgain = TimeSpan.FromMinutes(2);

    // More at the same time only fill the client's and the server's buffers.
    private const int MostPublishing = 256;

    private readonly ClusterConnection _connection;
    private readonly string _run;
    private readonly string _programVersion;
    private readonly ConcurrentDictionary<string, JobState> _jobs = new();
    private readonly ConcurrentDictionary<string, bool> _queues = new();
    private readonly SemaphoreSlim _publishing = new(MostPublishing);
    private readonly CancellationTokenSource _end = new();
    private readonly SemaphoreSlim _asking = new(1);
    private ResultFeed? _feed;
    private ImmutableArray<WorkerStatus> _roll = [];
    private long _asked;
    private long _ensured = Stopwatch.GetTimestamp();
    private long _published;
    private long _found;

    private JobBoard(ClusterConnection connection, string run, string programVersion) => (_connection, _run, _programVersion) = (connection, run, programVersion);

    /// <summary>What became of the jobs so far.</summary>
    public JobCounts Counts => new(
        Interlocked.Read(ref _published), _jobs.Values.LongCount(j => j.HasResult), _jobs.Values.LongCount(j => j.IsGivenUp),
        _jobs.Values.Sum(j => (long)j.FailedAttempts), Interlocked.Read(ref _found), _jobs.Values.Sum(j => (long)j.Attempts));

    /// <summary>Raised when a worker of another program version answers.</summary>
    public event Action<JobOutcome>? OtherVersion;

    /// <summary>Opens the board of a run and reads all results that there are.</summary>
    /// <param name="connection">To the server; stays the caller's.</param>
    /// <param name="run">Name of the run: letters and digits.</param>
    /// <param name="programVersion">Of this program.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="InvalidInputException">The server doesn't let this user.</exception>
    public static async Task<JobBoard> OpenAsync(ClusterConnection connection, string run, string programVersion, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(connection);
        var board = new JobBoard(connection, run, programVersion);
        try
        {
            await Streams.EnsureAsync(connection, cancellation).ConfigureAwait(false);
            board._feed = new ResultFeed(connection, run, board.Receive);
            await board._feed.CaughtUp.WaitAsync(cancellation).ConfigureAwait(false);
            return board;
        }
        catch
        {
            await board.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Has jobs done. What has a result already isn't done again; what was given up gets as many attempts once more.</summary>
    /// <param name="requests">The jobs.</param>
    /// <param name="ended">Told how many have ended, from any thread.</param>
    /// <param name="cancellation">Ends the waiting; jobs that are published go on.</param>
    /// <returns>What came of each, in the same order.</returns>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    /// <exception cref="InvalidInputException">The server doesn't let this user publish jobs, or results can't be read any more.</exception>
    public async Task<ImmutableArray<JobEnd>> RunAsync(IReadOnlyList<JobRequest> requests, Action<int>? ended, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(requests);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellation, _end.Token);
        var done = 0;
        var tasks = requests.Select(async request =>
        {
            var end = await EndOfAsync(request, linked.Token).ConfigureAwait(false);
            ended?.Invoke(Interlocked.Increment(ref done));
            return end;
        }).ToArray();
        try
        {
            var all = Task.WhenAll(tasks);
            await await Task.WhenAny(all, _feed!.End).ConfigureAwait(false);
            return [.. await all.ConfigureAwait(false)];
        }
        catch
        {
            await linked.CancelAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync().ConfigureAwait(false);
        if (_feed is not null)
        {
            await _feed.DisposeAsync().ConfigureAwait(false);
        }

        _publishing.Dispose();
        _asking.Dispose();
        _end.Dispose();
    }

    /// <summary>The name of a job.</summary>
    internal static string NameOf(JobRequest request) => RequestJson.NameOf(request.Kind, request.ToNode());

    private async Task<JobEnd> EndOfAsync(JobRequest request, CancellationToken cancellation)
    {
        var name = NameOf(request);
        var state = _jobs.GetOrAdd(name, _ => new JobState());
        if (state.IsGivenUp)
        {
            state = _jobs[name] = state.Again();
        }

        if (state.HasEnded)
        {
            Interlocked.Increment(ref _found);
            return await state.End.ConfigureAwait(false);
        }

        await EnsureQueueAsync(request.Queue, cancellation).ConfigureAwait(false);
        var message = RequestJson.Write(request, _programVersion);
        var began = Stopwatch.GetTimestamp();
        while (true)
        {
            var (rounds, since) = Math.DivRem(state.HandedOver, QuickHandOvers);
            if (rounds > 0 && since == 0)
            {
                await Task.Delay(AfterHandOver * (1 << Math.Min(rounds - 1, MostDoublings)), cancellation).ConfigureAwait(false);
            }

            var attempt = state.LastAttempt + 1;
            if (!state.HasEnded && await PublishAsync(request.Queue, name, attempt, message, await LeftToOthersAsync(request.Queue, state, began, cancellation).ConfigureAwait(false), cancellation).ConfigureAwait(false))
            {
                Interlocked.Increment(ref _published);
            }

            try
            {
                if (await state.NextAsync(attempt, cancellation).WaitAsync(UntilPublishedAgain, cancellation).ConfigureAwait(false) is { } end)
                {
                    return end;
                }
            }
            catch (TimeoutException)
            {
                // Where the job is still there, the server refuses it; where the server lost it, it is there again.
                await EnsureAgainAsync(cancellation).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Those who failed at a job, where there are others to try it; otherwise none. For ten minutes, since the others may be busy or gone.</summary>
    private async Task<string[]> LeftToOthersAsync(string queue, JobState state, long began, CancellationToken cancellation)
    {
        var failedBy = state.FailedBy;
        if (failedBy.Length == 0 || Stopwatch.GetElapsedTime(began) > LeftToOthersFor)
        {
            return [];
        }

        await _asking.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            if (Stopwatch.GetElapsedTime(_asked) > RollLasts)
            {
                _roll = (await WorkerRoll.AskAsync(_connection, PatienceWithWorkers, cancellation).ConfigureAwait(false)).Workers;
                _asked = Stopwatch.GetTimestamp();
            }
        }
        catch (Exception e) when (ClusterConnection.IsPassing(e, cancellation))
        {
            // The server is away; what was known of workers stands.
            _connection.TellWaiting(e.Message);
        }
        finally
        {
            _asking.Release();
        }

        return _roll.Any(w => w.Queues.Contains(queue) && !w.IsStopping && !failedBy.Contains(w.Worker)) ? failedBy : [];
    }

    /// <summary>Makes streams and queues where the server lost them; once for all jobs that ask at the same time.</summary>
    private async Task EnsureAgainAsync(CancellationToken cancellation)
    {
        var latest = Interlocked.Read(ref _ensured);
        if (Stopwatch.GetElapsedTime(latest) < UntilPublishedAgain / 2 || Interlocked.CompareExchange(ref _ensured, Stopwatch.GetTimestamp(), latest) != latest)
        {
            return;
        }

        await Streams.EnsureAsync(_connection, cancellation).ConfigureAwait(false);
        await new Artefacts(_connection).EnsureAsync(cancellation).ConfigureAwait(false);
        foreach (var queue in _queues.Keys)
        {
            await Streams.EnsureQueueAsync(_connection, queue, cancellation).ConfigureAwait(false);
        }
    }

    private async Task<bool> PublishAsync(string queue, string name, int attempt, byte[] message, string[] failedBy, CancellationToken cancellation)
    {
        string[] names = [.. failedBy.Where(Worker.IsName)];
        Func<NatsHeaders>? headers = names.Length == 0 ? null : () => new NatsHeaders { [FailedByHeader] = names };
        await _publishing.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            return await _connection.PublishAsync(Streams.JobSubject(queue, _run, name, attempt), message, $"{_run}.{name}.{attempt}", cancellation, headers).ConfigureAwait(false);
        }
        finally
        {
            _publishing.Release();
        }
    }

    private async Task EnsureQueueAsync(string queue, CancellationToken cancellation)
    {
        if (_queues.ContainsKey(queue))
        {
            return;
        }

        await Streams.EnsureQueueAsync(_connection, queue, cancellation).ConfigureAwait(false);
        _queues.TryAdd(queue, true);
    }

    private void Receive(string job, int attempt, byte[] message)
    {
        var outcome = Read(message);
        if (outcome.ProgramVersion != _programVersion)
        {
            OtherVersion?.Invoke(outcome);
        }

        _jobs.GetOrAdd(job, _ => new JobState()).Add(attempt, outcome);
    }

    /// <summary>What a worker wrote and nobody can read is a failed attempt like any other.</summary>
    private JobOutcome Read(byte[] message)
    {
        try
        {
            return JobOutcome.Parse(message);
        }
        catch (InvalidInputException e)
        {
            return new JobOutcome { Worker = "unknown", ProgramVersion = _programVersion, Seconds = 0, Reason = e.Message };
        }
    }
}
