using System.Diagnostics;
using ZenNas.Cluster.Coordinating;
using ZenNas.Cluster.Messages;
using ZenNas.Scores;
using static ZenNas.Cluster.Tests.TestCluster;

namespace ZenNas.Cluster.Tests;

/// <summary>Jobs and workers on a real server.</summary>
public sealed class JobBoardTests
{
    [Fact]
    public async Task Should_return_the_scores_of_one_process_to_the_last_bit()
    {
        using var server = NatsServer.Plain();
        await using var board = await Board(server);
        Func<ScoreRequest, ScoreValue> slow = job =>
        {
            Thread.Sleep(50);
            return Local(job);
        };
        await using var first = await TestWorker.Start(server, "a", slow);
        await using var second = await TestWorker.Start(server, "b", slow, slots: 2);
        var info = ScoreCatalog.TensorFree.Info("random");
        var remote = new RemoteScore(info, new ScoreSettings(), board, progress: null, Token);
        var networks = Enumerable.Range(1, 100).Select(seed => (ZenNas.Architectures.Network.Lower(TestCluster.Network), (ulong)seed)).ToArray();

        var scores = remote.EvaluateAll(networks, threads: 1);

        Assert.Equal(ScoreCatalog.TensorFree.Create("random", new ScoreSettings()).EvaluateAll(networks, 1).Select(s => BitConverter.DoubleToInt64Bits(s.Mean)), scores.Select(s => BitConverter.DoubleToInt64Bits(s.Mean)));
        Assert.Equal(100, first.Status.Done + second.Status.Done);
        Assert.True(first.Status.Done > 0 && second.Status.Done > 0);
    }

    [Fact]
    public async Task Should_find_the_results_of_an_earlier_session_and_publish_none_again()
    {
        using var server = NatsServer.Plain();
        var computed = 0;
        ScoreValue Count(ScoreRequest job)
        {
            Interlocked.Increment(ref computed);
            return Local(job);
        }

        await using (var board = await Board(server))
        await using (await TestWorker.Start(server, "a", Count))
        {
            await board.RunAsync(Jobs(30), ended: null, Token);
        }

        await using var again = await Board(server);
        var ends = await again.RunAsync(Jobs(30), ended: null, Token);

        Assert.Equal(Jobs(30).Select(job => Local(job).Mean), ends.Select(MeanOf));
        Assert.Equal(30, computed);
        Assert.Equal((0, 30), (again.Counts.Published, again.Counts.Found));
    }

    [Fact]
    public async Task Should_not_queue_a_job_twice_that_nobody_has_done_yet()
    {
        using var server = NatsServer.Plain();
        for (var session = 0; session < 2; session++)
        {
            using var soon = CancellationTokenSource.CreateLinkedTokenSource(Token);
            await using var board = await Board(server);
            soon.CancelAfter(TimeSpan.FromSeconds(1));
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => board.RunAsync(Jobs(20), ended: null, soon.Token));
        }

        await using var connection = await ClusterConnection.CoordinatorAsync(server.Options, Token);
        var queue = Assert.Single(await WorkerRoll.QueuesAsync(connection, Token));
        Assert.Equal((20, 0), (queue.Waiting, queue.Running));
    }

    [Fact]
    public async Task Should_hand_a_job_over_that_does_not_end_while_its_worker_stops()
    {
        using var server = NatsServer.Plain();
        await using var board = await Board(server);
        using var release = new ManualResetEventSlim();
        var stopped = await TestWorker.Start(server, "a", job =>
        {
            release.Wait(TestCluster.Token);
            return Local(job);
        });
        var running = board.RunAsync(Jobs(1), ended: null, Token);
        await Wait(() => stopped.Status.Running.Length == 1);
        var clock = Stopwatch.StartNew();
        await stopped.DisposeAsync();

        Assert.InRange(clock.Elapsed.TotalSeconds, 1.5, 6);
        await using var other = await TestWorker.Start(server, "b", Local);
        var end = (await running)[0];
        release.Set();
        Assert.Equal("b", end.Outcome.Worker);
        Assert.Empty(end.Reasons);
        Assert.Equal(0, board.Counts.FailedAttempts);
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, Streams.AckWait);
    }

    [Fact]
    public async Task Should_say_that_nobody_is_there()
    {
        using var server = NatsServer.Plain();
        await using var connection = await ClusterConnection.CoordinatorAsync(server.Options, Token);

        Assert.Empty((await WorkerRoll.AskAsync(connection, TimeSpan.FromSeconds(2), Token)).Workers);
    }

    [Fact]
    public async Task Should_refuse_a_server_without_JetStream()
    {
        using var server = NatsServer.WithoutJetStream();

        var refused = await Assert.ThrowsAsync<InvalidInputException>(async () => await ClusterConnection.CoordinatorAsync(server.Options, Token));

        Assert.Contains("JetStream", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_connect_to_a_server_that_is_being_started_again()
    {
        using var server = NatsServer.Plain();
        server.Kill();
        var connecting = ClusterConnection.CoordinatorAsync(server.Options, Token);
        await Task.Delay(500, Token);
        Assert.False(connecting.IsCompleted);
        server.Start();

        await (await connecting).DisposeAsync();
    }

    [Fact]
    public async Task Should_finish_after_the_server_was_killed_and_came_back()
    {
        using var server = NatsServer.Plain();
        await using var board = await Board(server);
        await using var worker = await TestWorker.Start(server, "a", job =>
        {
            Thread.Sleep(20);
            return Local(job);
        });
        var running = board.RunAsync(Jobs(150), ended: null, Token);
        for (var i = 0; i < 2; i++)
        {
            await Task.Delay(800, Token);
            server.Kill();
            await Task.Delay(300, Token);
            server.Start();
        }

        var ends = await running.WaitAsync(TimeSpan.FromSeconds(90), Token);

        Assert.Equal(Jobs(150).Select(job => Local(job).Mean), ends.Select(MeanOf));
    }

    [Fact]
    public async Task Should_give_a_slow_worker_its_share_and_no_more()
    {
        using var server = NatsServer.Plain();
        await using var board = await Board(server);
        Func<ScoreRequest, ScoreValue> Taking(int ms) => job =>
        {
            Thread.Sleep(ms);
            return Local(job);
        };
        await using var fast = await TestWorker.Start(server, "fast", Taking(25));
        await using var slow = await TestWorker.Start(server, "slow", Taking(150));
        await board.RunAsync(Jobs(4), ended: null, Token);
        var (before, slowBefore) = (fast.Status.Done, slow.Status.Done);

        await board.RunAsync([.. Enumerable.Range(100, 210).Select(seed => Job((ulong)seed))], ended: null, Token);

        var ratio = (double)(slow.Status.Done - slowBefore) / (fast.Status.Done - before);
        Assert.InRange(ratio, 0.10, 0.26);
    }

    [Fact]
    public async Task Should_have_a_new_worker_busy_within_five_seconds()
    {
        using var server = NatsServer.Plain();
        await using var board = await Board(server);
        Func<ScoreRequest, ScoreValue> slow = job =>
        {
            Thread.Sleep(50);
            return Local(job);
        };
        await using var first = await TestWorker.Start(server, "a", slow);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var running = board.RunAsync(Jobs(1000), ended: null, end.Token);
        await Task.Delay(1000, Token);
        var clock = Stopwatch.StartNew();
        await using var second = await TestWorker.Start(server, "b", slow);
        while (second.Status.Done == 0 && clock.Elapsed < TimeSpan.FromSeconds(20))
        {
            await Task.Delay(10, Token);
        }

        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 5);
        await end.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    [Fact]
    public async Task Should_refuse_a_second_result_and_not_mind_it()
    {
        using var server = NatsServer.Plain();
        await using var board = await Board(server);
        await using var worker = await TestWorker.Start(server, "a", Local);
        await board.RunAsync(Jobs(1), ended: null, Token);
        await using var connection = await ClusterConnection.WorkerAsync(server.Options, Token);
        var forged = new JobOutcome { Worker = "late", ProgramVersion = TestCluster.Version, Seconds = 1, Body = """{"mean": 1}""" }.Write();

        var isNew = await connection.PublishAsync(Streams.ResultSubject(Run, JobBoard.NameOf(Job(1)), 1), forged, "another", Token);

        Assert.False(isNew);
        Assert.Equal(Local(Job(1)).Mean, MeanOf((await board.RunAsync(Jobs(1), ended: null, Token))[0]));
    }

    [Fact]
    public async Task Should_stop_in_time_while_the_server_is_away()
    {
        using var server = NatsServer.Plain();
        await using var board = await Board(server);
        using var release = new ManualResetEventSlim();
        var worker = await TestWorker.Start(server, "a", job =>
        {
            release.Wait(TestCluster.Token);
            return Local(job);
        });
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var running = board.RunAsync(Jobs(1), ended: null, end.Token);
        await Wait(() => worker.Status.Running.Length == 1);
        server.Kill();
        release.Set();
        var clock = Stopwatch.StartNew();

        await worker.DisposeAsync();

        // Two to drain, one to give back, one to tell.
        Assert.InRange(clock.Elapsed.TotalSeconds, 1.5, 5);
        await end.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    [Fact]
    public async Task Should_tell_who_works_on_what()
    {
        using var server = NatsServer.Plain();
        await using var board = await Board(server);
        using var release = new ManualResetEventSlim();
        await using var worker = await TestWorker.Start(server, "busy", job =>
        {
            release.Wait(TestCluster.Token);
            return Local(job);
        });
        var running = board.RunAsync(Jobs(3), ended: null, Token);
        await Wait(() => worker.Status.Running.Length == 1);
        await using var connection = await ClusterConnection.CoordinatorAsync(server.Options, Token);

        var (workers, unreadable) = await WorkerRoll.AskAsync(connection, TimeSpan.FromSeconds(2), Token);
        var queue = Assert.Single(await WorkerRoll.QueuesAsync(connection, Token));

        release.Set();
        await running;
        var status = Assert.Single(workers);
        Assert.Equal((0, "busy", 1), (unreadable, status.Worker, status.Running.Length));
        Assert.Equal(Run, status.Running[0].Run);
        Assert.Equal((ScoreRequest.QueueName, 2, 1), (queue.Name, queue.Waiting, queue.Running));
    }
}
