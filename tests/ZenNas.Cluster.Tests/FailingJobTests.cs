using System.Text;
using ZenNas.Cluster.Coordinating;
using ZenNas.Cluster.Messages;
using ZenNas.Scores;
using static ZenNas.Cluster.Tests.TestCluster;

namespace ZenNas.Cluster.Tests;

/// <summary>Jobs that fail, are given back or aren't jobs at all, on a real server.</summary>
public sealed class FailingJobTests
{
    private static RemoteScore Remote(JobBoard board) => new(ScoreCatalog.TensorFree.Info("random"), new ScoreSettings(), board, progress: null, Token);

    private static (ZenNas.Architectures.Network, ulong)[] Networks(int first, int count) =>
        [.. Enumerable.Range(first, count).Select(seed => (ZenNas.Architectures.Network.Lower(TestCluster.Network), (ulong)seed))];

    [Fact]
    public async Task Should_give_a_job_up_after_three_attempts_and_tell_why()
    {
        using var server = NatsServer.Plain();
        await using var board = await Board(server);
        await using var first = await TestWorker.Start(server, "a", job => job.Seed == 2 ? throw new InvalidOperationException("no luck") : Local(job));
        await using var second = await TestWorker.Start(server, "b", job => job.Seed == 2 ? throw new InvalidOperationException("no luck") : Local(job));

        var ends = await board.RunAsync(Jobs(5), ended: null, Token);

        Assert.Equal([false, true, false, false, false], ends.Select(end => end.HasFailed));
        Assert.Equal(3, ends[1].Reasons.Length);
        Assert.All(ends[1].Reasons, reason => Assert.EndsWith(": InvalidOperationException: no luck", reason, StringComparison.Ordinal));
        Assert.Equal((4, 1, 3), (board.Counts.Finished, board.Counts.Failed, board.Counts.FailedAttempts));
    }

    /// <summary>The worker that can do nothing is always free, and yet doesn't get all attempts.</summary>
    [Fact]
    public async Task Should_let_another_worker_try_where_one_fails()
    {
        using var server = NatsServer.Plain();
        await using var board = await Board(server);
        await using var broken = await TestWorker.Start(server, "broken", _ => throw new InvalidOperationException("no disk"), slots: 4);
        await using var good = await TestWorker.Start(server, "good", job =>
        {
            Thread.Sleep(100);
            return Local(job);
        });

        var ends = await board.RunAsync(Jobs(20), ended: null, Token);

        Assert.All(ends, end => Assert.False(end.HasFailed));
        Assert.All(ends, end => Assert.InRange(end.Reasons.Length, 0, 1));
        Assert.NotEqual(0, broken.Status.Failed);
    }

    [Fact]
    public async Task Should_try_a_single_job_again_that_failed_in_an_earlier_session()
    {
        using var server = NatsServer.Plain();
        var isBroken = true;
        await using var worker = await TestWorker.Start(server, "a", job => isBroken ? throw new InvalidOperationException("no disk") : Local(job));
        await using (var board = await Board(server))
        {
            Assert.True((await board.RunAsync(Jobs(1), ended: null, Token))[0].HasFailed);
        }

        await using (var board = await Board(server))
        {
            Assert.True((await board.RunAsync(Jobs(1), ended: null, Token))[0].HasFailed);
        }

        isBroken = false;
        await using (var board = await Board(server))
        {
            Assert.False((await board.RunAsync(Jobs(1), ended: null, Token))[0].HasFailed);
        }

        // Its result came after it had been given up, and isn't paid for again.
        await using var last = await Board(server);
        Assert.False((await last.RunAsync(Jobs(1), ended: null, Token))[0].HasFailed);
        Assert.Equal(0, last.Counts.Published);
    }

    [Theory]
    [InlineData("{", "not valid JSON")]
    [InlineData("""{"format": "zennas/job", "version": 99, "programVersion": "x", "kind": "score", "body": {}}""", "version: is 99; allowed is a whole number from 1 to 1")]
    [InlineData("""{"format": "zennas/job", "version": 1, "programVersion": "x", "kind": "System.Diagnostics.Process", "body": {}}""", "kind: is \"System.Diagnostics.Process\"; allowed is one of")]
    public async Task Should_answer_a_message_that_is_no_job_with_the_reason(string text, string reason)
    {
        using var server = NatsServer.Plain();
        await using var board = await Board(server);
        await using var worker = await TestWorker.Start(server, "a", Local);
        await board.RunAsync(Jobs(1), ended: null, Token);
        await using var connection = await ClusterConnection.CoordinatorAsync(server.Options, Token);
        var job = JobBoard.NameOf(Job(7));
        await connection.PublishAsync(Streams.JobSubject(ScoreRequest.QueueName, Run, job, 1), Encoding.UTF8.GetBytes(text), "bad", Token);
        await Wait(() => worker.Status.Failed == 1);

        // The worker lives, and the coordinator takes the failed attempt for what it is.
        var end = (await board.RunAsync([Job(7)], ended: null, Token))[0];
        Assert.False(end.HasFailed);
        Assert.Contains(reason, Assert.Single(end.Reasons), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_answer_bytes_that_are_no_text_and_a_job_under_another_name()
    {
        using var server = NatsServer.Plain();
        await using var board = await Board(server);
        await StartQueue(server);
        await using var connection = await ClusterConnection.CoordinatorAsync(server.Options, Token);
        var (first, second) = (JobBoard.NameOf(Job(7)), JobBoard.NameOf(Job(8)));
        await connection.PublishAsync(Streams.JobSubject(ScoreRequest.QueueName, Run, first, 1), [0xff, 0xfe], "bad", Token);
        await connection.PublishAsync(Streams.JobSubject(ScoreRequest.QueueName, Run, second, 1), RequestJson.Write(Job(9), TestCluster.Version), "copied", Token);
        await using var worker = await TestWorker.Start(server, "a", Local);

        var ends = await board.RunAsync([Job(7), Job(8)], ended: null, Token);

        Assert.All(ends, end => Assert.False(end.HasFailed));
        Assert.Contains("isn't UTF-8", Assert.Single(ends[0].Reasons), StringComparison.Ordinal);
        Assert.Contains("isn't the hash of what it says", Assert.Single(ends[1].Reasons), StringComparison.Ordinal);
    }

    /// <summary>The slots of a worker that was told to stop still wait for jobs for a moment, and would pass one on to each other.</summary>
    [Fact]
    public async Task Should_lose_no_attempt_to_workers_that_stop()
    {
        using var server = NatsServer.Plain();
        await using var board = await Board(server);
        var stopped = await TestWorker.Start(server, "a", Local, slots: 8);
        await board.RunAsync(Jobs(16), ended: null, Token);
        var stopping = stopped.DisposeAsync();

        var running = board.RunAsync([Job(100), Job(101)], ended: null, Token);
        await stopping;
        await using var other = await TestWorker.Start(server, "b", Local);
        var ends = await running;

        Assert.All(ends, end => Assert.Equal(("b", 0), (end.Outcome.Worker, end.Reasons.Length)));
        Assert.True(board.Counts.Published > 18, "no slot that stops was given a job, so nothing was tested");
    }

    /// <summary>Whoever takes it goes away without a word, as by a kill; the last one sees that and doesn't begin it.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Should_give_up_a_job_that_stops_every_worker(bool hasFailedBefore)
    {
        using var server = NatsServer.Plain();
        await using var board = await Board(server);
        using var release = new ManualResetEventSlim();
        var isBegun = false;
        await using var last = await TestWorker.Start(server, "last", job =>
        {
            isBegun |= job.Seed == 1;
            release.Wait(TestCluster.Token);
            return Local(job);
        });
        var occupied = board.RunAsync([Job(50)], ended: null, Token);
        await Wait(() => last.Status.Running.Length == 1);
        var running = board.RunAsync([Job(1)], ended: null, Token);
        if (hasFailedBefore)
        {
            // The last one is there, so the job is left to it, in a message that says so.
            await using var broken = await TestWorker.Start(server, "broken", _ => throw new InvalidOperationException("no luck"));
            await Wait(() => broken.Status.Failed == 1);
        }

        await using var connection = await ClusterConnection.CoordinatorAsync(server.Options, Token);
        var consumer = await connection.JetStream.GetConsumerAsync(Streams.Jobs, ScoreRequest.QueueName, Token);
        for (var i = 0; i < 5; i++)
        {
            var message = await consumer.NextAsync<byte[]>(cancellationToken: Token);
            Assert.Equal(hasFailedBefore, message!.Headers?.ContainsKey(JobBoard.FailedByHeader) == true);
            await message.NakAsync(cancellationToken: Token);
        }

        release.Set();
        Assert.False((await occupied)[0].HasFailed);
        var end = (await running)[0];
        Assert.True(end.HasFailed);
        Assert.Contains("no worker came to an end with it in 5 deliveries", end.Reasons[^1], StringComparison.Ordinal);
        Assert.False(isBegun);
    }

    /// <summary>What was scored before comes from the stream then, and isn't what has to be tried again.</summary>
    [Fact]
    public async Task Should_stop_where_eight_in_a_row_fail_and_go_on_when_the_workers_are_mended()
    {
        using var server = NatsServer.Plain();
        var isBroken = false;
        await using var worker = await TestWorker.Start(server, "a", job => isBroken ? throw new InvalidOperationException("no library") : Local(job), slots: 4);
        await using (var board = await Board(server))
        {
            var scores = Remote(board);
            Assert.All(scores.EvaluateAll(Networks(1, 3), threads: 1), value => Assert.Null(value.Failure));
            isBroken = true;
            var refused = Assert.Throws<InvalidInputException>(() => scores.EvaluateAll(Networks(4, 8), threads: 1));
            Assert.StartsWith("workers failed at 8 networks in a row (a: InvalidOperationException: no library", refused.Message, StringComparison.Ordinal);
        }

        isBroken = false;
        await using var again = await Board(server);
        var mended = Remote(again);
        mended.EvaluateAll(Networks(1, 3), threads: 1);
        Assert.Equal(Networks(4, 8).Select(n => Local(Job(n.Item2)).Mean), mended.EvaluateAll(Networks(4, 8), threads: 1).Select(score => score.Mean));
        Assert.Equal(3, again.Counts.Found);
    }

    [Fact]
    public async Task Should_stop_where_the_first_network_of_all_fails_and_record_others()
    {
        using var server = NatsServer.Plain();
        await using var board = await Board(server);
        await using var worker = await TestWorker.Start(server, "a", job => job.Seed < 3 ? throw new InvalidOperationException("no luck") : Local(job));
        var scores = Remote(board);

        var refused = Assert.Throws<InvalidInputException>(() => scores.EvaluateAll(Networks(1, 1), threads: 1));
        Assert.StartsWith("workers failed at the first network (a: InvalidOperationException: no luck", refused.Message, StringComparison.Ordinal);
        Assert.Null(scores.EvaluateAll(Networks(3, 1), threads: 1)[0].Failure);
        Assert.Equal(RemoteScore.FailedReason, scores.EvaluateAll(Networks(2, 1), threads: 1)[0].Failure?.Reason);
    }

    [Fact]
    public void Should_end_a_job_that_is_given_back_a_thousand_times_and_still_take_its_result()
    {
        var state = new JobState();
        for (var attempt = 1; attempt <= 1000; attempt++)
        {
            Assert.False(state.HasEnded);
            state.Add(attempt, new JobOutcome { Worker = "a", ProgramVersion = TestCluster.Version, Seconds = 0, Reason = "left to another worker", IsHandedOver = true });
        }

        Assert.True(state.IsGivenUp);
        Assert.True(state.Again().IsGivenUp);
        var late = new JobState();
        late.Add(1000, new JobOutcome { Worker = "a", ProgramVersion = TestCluster.Version, Seconds = 0, Reason = "no luck", IsFinal = true });
        late.Add(999, new JobOutcome { Worker = "b", ProgramVersion = TestCluster.Version, Seconds = 0, Body = "{}" });
        Assert.True(late.Again().HasResult);
    }

    /// <summary>A number beyond all bounds would be one that no worker takes.</summary>
    [Fact]
    public async Task Should_not_count_on_from_a_number_that_no_attempt_has()
    {
        using var server = NatsServer.Plain();
        await using var board = await Board(server);
        await using var connection = await ClusterConnection.WorkerAsync(server.Options, Token);
        await connection.PublishAsync(Streams.ResultSubject(Run, JobBoard.NameOf(Job(1)), int.MaxValue), "nonsense"u8.ToArray(), "bad", Token);
        await using var worker = await TestWorker.Start(server, "a", Local);

        Assert.False((await board.RunAsync(Jobs(1), ended: null, Token))[0].HasFailed);
    }

    [Fact]
    public async Task Should_take_an_unreadable_result_for_a_failed_attempt()
    {
        using var server = NatsServer.Plain();
        await using var board = await Board(server);
        await using var connection = await ClusterConnection.WorkerAsync(server.Options, Token);
        await connection.PublishAsync(Streams.ResultSubject(Run, JobBoard.NameOf(Job(1)), 1), "nonsense"u8.ToArray(), "bad", Token);
        await using var worker = await TestWorker.Start(server, "a", Local);

        var end = (await board.RunAsync(Jobs(1), ended: null, Token))[0];

        Assert.False(end.HasFailed);
    }
}
