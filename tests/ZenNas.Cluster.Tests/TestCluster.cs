using System.Collections.Immutable;
using System.Diagnostics;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using ZenNas.Architectures;
using ZenNas.Cluster.Coordinating;
using ZenNas.Cluster.Messages;
using ZenNas.Cluster.Working;
using ZenNas.Scores;

namespace ZenNas.Cluster.Tests;

/// <summary>Workers and jobs for tests.</summary>
internal static class TestCluster
{
    public const string Run = "0123456789abcdef0123456789abcdef";
    public const string Version = "test";

    public static CancellationToken Token => TestContext.Current.CancellationToken;

    public static Architecture Network { get; } = StructureString.Parse("SuperConvK3BNRELU(3,8,1,1)SuperResK3K3(8,16,2,8,1)", 32, 10);

    public static ScoreRequest Job(ulong seed) => new("random", new ScoreSettings(), Network, seed);

    public static ImmutableArray<ScoreRequest> Jobs(int count) => [.. Enumerable.Range(1, count).Select(seed => Job((ulong)seed))];

    public static async Task<JobBoard> Board(NatsServer server, string run = Run) =>
        await JobBoard.OpenAsync(await ClusterConnection.CoordinatorAsync(server.Options, Token), run, Version, Token);

    public static ScoreValue Local(ScoreRequest job) =>
        ScoreCatalog.TensorFree.Create(job.Score, job.Settings).Evaluate(ZenNas.Architectures.Network.Lower(job.Architecture), job.Seed);

    public static double MeanOf(JobEnd end) => end.Outcome.Read(ScoreJson.Read).Mean;

    public static async Task Wait(Func<bool> condition)
    {
        var clock = Stopwatch.StartNew();
        while (!condition() && clock.Elapsed < TimeSpan.FromSeconds(20))
        {
            await Task.Delay(10, Token);
        }

        Assert.True(condition());
    }

    /// <summary>Makes the queue of scores: nobody has a job for it yet.</summary>
    public static async Task StartQueue(NatsServer server)
    {
        await using var connection = await ClusterConnection.CoordinatorAsync(server.Options, Token);
        await Streams.EnsureQueueAsync(connection, ScoreRequest.QueueName, Token);
    }
}

/// <summary>A worker in this process.</summary>
internal sealed class TestWorker : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly ClusterConnection _connection;
    private readonly Worker _worker;

    private TestWorker(ClusterConnection connection, string name, IJobHandler handler, int slots)
    {
        _connection = connection;
        _worker = new Worker(
            connection, new WorkerOptions { Name = name, ProgramVersion = TestCluster.Version, Slots = slots, DrainTime = TimeSpan.FromSeconds(2) }, [handler], NullLogger.Instance);
        Work = _worker.RunAsync(_stop.Token);
    }

    /// <summary>Ends with the worker.</summary>
    public Task Work { get; }

    public WorkerStatus Status => _worker.Status;

    public static async Task<TestWorker> Start(ServerOptions server, string name, Func<ScoreRequest, ScoreValue> score, int slots = 1) =>
        new(await ClusterConnection.WorkerAsync(server, TestCluster.Token), name, new TestHandler(score), slots);

    public static Task<TestWorker> Start(NatsServer server, string name, Func<ScoreRequest, ScoreValue> score, int slots = 1) => Start(server.Options, name, score, slots);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Work;
        await _connection.DisposeAsync();
        _worker.Dispose();
        _stop.Dispose();
    }

    private sealed class TestHandler(Func<ScoreRequest, ScoreValue> score) : IJobHandler
    {
        public ImmutableArray<string> Queues => [ScoreRequest.QueueName];

        public JsonObject Perform(TakenJob job, CancellationToken cancellation) => ScoreJson.ToNode(score((ScoreRequest)job.Request));
    }
}
