using System.Collections.Concurrent;
using ZenNas.Architectures;
using ZenNas.Runs.Reports;
using ZenNas.Scores;

namespace ZenNas.Runs.Tests;

/// <summary>A network without a score is rejected, counted by reason, and doesn't end the search.</summary>
public sealed class FailedNetworksTests : IDisposable
{
    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Theory, InlineData(1), InlineData(4)]
    public void Should_record_reason_count_and_first_network(int ahead)
    {
        var options = RunSample.Options(iterations: 600, ahead: ahead);
        var score = new RememberingScore(new FailingScore());

        var report = Complete(_temp["run"], options, score);

        var failed = score.Seen.Where(a => FailingScore.Failure(a) is not null).ToArray();
        Assert.Equal(options.Iterations, report.Iterations);
        Assert.Equal(failed.Length, report.Counts.Failed);
        Assert.Equal([FailingScore.Often, FailingScore.Seldom], report.Failures.Select(f => f.Reason));
        Assert.All(report.Failures, f =>
        {
            var alike = failed.Where(a => FailingScore.Failure(a)!.Reason == f.Reason).ToArray();
            Assert.Equal(alike.Length, f.Count);
            Assert.Equal(alike[0], f.First.Architecture);
            Assert.Equal(FailingScore.Failure(alike[0]), f.First.Failure);
            Assert.InRange(f.First.Step, 1, options.Iterations);
        });
    }

    [Fact]
    public void Should_keep_none_of_them()
    {
        var report = Complete(_temp["run"], RunSample.Options(iterations: 600, ahead: 4), new FailingScore());

        Assert.NotEmpty(report.Failures);
        Assert.All(report.Population, c => Assert.Null(FailingScore.Failure(c.Architecture)));
        Assert.True(report.Best[0].Candidate.Step > report.Failures[0].First.Step);
    }

    [Fact]
    public void Should_count_alike_after_interruptions()
    {
        var options = RunSample.Options(iterations: 600, ahead: 4);
        var expected = Complete(_temp["undisturbed"], options, new FailingScore());
        using (SearchRun.Create(_temp["cancelled"], options))
        {
        }

        var sessions = 1;
        while (!Continue(_temp["cancelled"], 40))
        {
            sessions++;
        }

        using var run = SearchRun.Open(_temp["cancelled"]);
        var report = run.Finish(run.Verify(null));
        Assert.InRange(sessions, 4, 100);
        Assert.True(expected.Failures.Length == 2);
        Assert.Equal(expected.Counts, report.Counts);
        Assert.Equal(expected.Failures, report.Failures);
    }

    [Theory]
    [InlineData(double.NaN, "the score is no number")]
    [InlineData(double.PositiveInfinity, "the score is infinite")]
    public void Should_take_a_value_that_is_not_finite_as_a_failure(double value, string reason)
    {
        var score = new RememberingScore(new FailingScore(), failed => failed is null ? null : ScoreValue.Exact(value));

        var report = Complete(_temp["run"], RunSample.Options(iterations: 300), score);

        var failure = Assert.Single(report.Failures);
        Assert.Equal((reason, report.Counts.Failed), (failure.Reason, failure.Count));
    }

    [Fact]
    public void Should_say_why_the_initial_network_has_no_score()
    {
        using var run = SearchRun.Create(_temp["run"], RunSample.Options());
        var score = new RememberingScore(new FailingScore(), _ => ScoreValue.Failed("the kernel is singular", "images 1 and 2"));

        var sentence = Sentence.Of(() => run.Search(score, 1, null, CancellationToken.None));

        Assert.Contains("the kernel is singular: images 1 and 2", sentence, StringComparison.Ordinal);
    }

    /// <summary>The first version kept no failures, only their count.</summary>
    [Fact]
    public void Should_go_on_with_a_run_of_the_first_version()
    {
        var options = RunSample.Options(iterations: 600, ahead: 4);
        var expected = Complete(_temp["undisturbed"], options, new FailingScore());
        using (SearchRun.Create(_temp["old"], options))
        {
        }

        Assert.False(Continue(_temp["old"], 150));
        RunContent.Execute(_temp["old"], "DROP TABLE failure");
        Assert.True(Continue(_temp["old"], int.MaxValue));

        using var run = SearchRun.Open(_temp["old"]);
        var report = run.Finish(run.Verify(null));
        Assert.Equal(expected.Counts, report.Counts);
        Assert.InRange(report.Failures.Sum(f => f.Count), 1, report.Counts.Failed - 1);
    }

    private static SearchReport Complete(string folder, RunOptions options, IScore score)
    {
        using var run = SearchRun.Create(folder, options);
        run.Search(score, 1, null, CancellationToken.None);
        return run.Finish(run.Verify(null));
    }

    /// <summary>One session that is cancelled after a number of evaluations; true when it ended before.</summary>
    private static bool Continue(string folder, int evaluations)
    {
        using var cancellation = new CancellationTokenSource();
        using var run = SearchRun.Open(folder);
        try
        {
            run.Search(new InterruptingScore(new FailingScore(), evaluations, cancellation.Cancel), 2, null, cancellation.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>Another score, or in its place what a test says about a failure; remembers the networks in order.</summary>
    private sealed class RememberingScore(IScore score, Func<ScoreFailure?, ScoreValue?>? instead = null) : IScore
    {
        private readonly ConcurrentQueue<Architecture> _seen = [];

        public IReadOnlyCollection<Architecture> Seen => _seen;

        public ScoreInfo Info => score.Info;

        public ScoreValue Evaluate(Network network, ulong seed)
        {
            _seen.Enqueue(network.Architecture);
            var value = score.Evaluate(network, seed);
            return instead?.Invoke(value.Failure) ?? value;
        }
    }
}
