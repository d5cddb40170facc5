using System.Diagnostics;
using ZenNas.Architectures;
using ZenNas.Bench.Commands;
using ZenNas.Cluster;
using ZenNas.Cluster.Coordinating;
using ZenNas.Cluster.Messages;
using ZenNas.Cluster.Tests;
using ZenNas.Scores;

namespace ZenNas.Bench.Cluster;

/// <summary>What a number of jobs took.</summary>
/// <param name="Jobs">How many.</param>
/// <param name="Seconds">How long, by the clock.</param>
/// <param name="CoordinatorMs">Milliseconds of this process's processor for a job.</param>
/// <param name="ServerMs">Milliseconds of the server's processor for a job.</param>
/// <param name="WorkersMs">Milliseconds of all workers' processors for a job, the work included.</param>
/// <param name="JobMs">Mean milliseconds of a job by its worker's clock.</param>
internal readonly record struct MeasuredLoad(int Jobs, double Seconds, double CoordinatorMs, double ServerMs, double WorkersMs, double JobMs)
{
    public double JobsPerSecond => Jobs / Seconds;

    /// <summary>Milliseconds of all processors for a job.</summary>
    public double ProcessorMs => CoordinatorMs + ServerMs + WorkersMs;
}

/// <summary>The real server and worker processes on this machine; this process is the coordinator.</summary>
internal sealed class LocalCluster : IAsyncDisposable
{
    private static readonly Architecture Network = StructureString.Parse("SuperConvK3BNRELU(3,8,1,1)SuperResK3K3(8,16,2,8,1)", 32, 10);

    private readonly NatsProcess _server;
    private readonly ClusterConnection _connection;
    private readonly JobBoard _board;
    private readonly List<WorkerProcess> _workers;
    private ulong _seed;

    private LocalCluster(NatsProcess server, ClusterConnection connection, JobBoard board, List<WorkerProcess> workers) =>
        (_server, _connection, _board, _workers) = (server, connection, board, workers);

    /// <summary>Starts server and workers, and waits until all workers have done something.</summary>
    public static async Task<LocalCluster> Start(int workers, double waitMs, long steps)
    {
        var server = NatsProcess.Plain();
        var connection = await ClusterConnection.CoordinatorAsync(new ServerOptions { Url = server.Url }, CancellationToken.None);
        var board = await JobBoard.OpenAsync(connection, Guid.NewGuid().ToString("N"), ClusterWorkerCommand.Version, CancellationToken.None);
        var cluster = new LocalCluster(server, connection, board, [.. Enumerable.Range(0, workers).Select(_ => new WorkerProcess(server.Url, waitMs, steps))]);
        while ((await WorkerRoll.AskAsync(connection, TimeSpan.FromSeconds(2), CancellationToken.None)).Workers.Count(w => w.Done > 0) < workers)
        {
            if (cluster._workers.Exists(worker => worker.HasEnded))
            {
                throw new InvalidInputException("a worker ended before it had begun; start the benchmark with dotnet run, as its header says");
            }

            // Whoever has only just come gets some of these.
            await cluster.Submit(20 * workers);
        }

        return cluster;
    }

    /// <summary>Has so many jobs done, unless that takes longer than a worker needs to come.</summary>
    private async Task Submit(int jobs)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        try
        {
            await _board.RunAsync(Requests(jobs, PacedScore.Wait), ended: null, patience.Token);
        }
        catch (OperationCanceledException)
        {
            // Nobody is there yet; the jobs stay.
        }
    }

    /// <summary>Has so many jobs done, in batches as a search does, each of which begins when the one before has ended.</summary>
    public async Task<MeasuredLoad> Run(int jobs, ScoreInfo score, int batches = 1)
    {
        var requests = Requests(jobs, score).Chunk(jobs / batches).ToArray();
        var (coordinator, server, workers) = (OwnTime, _server.ProcessorTime, WorkersTime);
        var clock = Stopwatch.StartNew();
        var ends = new List<JobEnd>();
        foreach (var batch in requests)
        {
            ends.AddRange(await _board.RunAsync(batch, ended: null, CancellationToken.None));
        }

        var seconds = clock.Elapsed.TotalSeconds;
        return new MeasuredLoad(
            jobs, seconds, (OwnTime - coordinator).TotalMilliseconds / jobs, (_server.ProcessorTime - server).TotalMilliseconds / jobs, (WorkersTime - workers).TotalMilliseconds / jobs,
            1000 * ends.Average(end => end.Outcome.Seconds));
    }

    public async ValueTask DisposeAsync()
    {
        _workers.ForEach(worker => worker.Dispose());
        await _board.DisposeAsync();
        await _connection.DisposeAsync();
        _server.Dispose();
    }

    private ScoreRequest[] Requests(int count, ScoreInfo score) =>
        [.. Enumerable.Range(0, count).Select(_ => new ScoreRequest(score.Name, new ScoreSettings(), Network, ++_seed))];

    private static TimeSpan OwnTime => Environment.CpuUsage.TotalTime;

    private TimeSpan WorkersTime => _workers.Aggregate(TimeSpan.Zero, (sum, worker) => sum + worker.ProcessorTime);
}
