using System.Text.RegularExpressions;
using ZenNas.Search;

namespace ZenNas.Runs.Tests;

/// <summary>A run that was interrupted ends as if it had not been.</summary>
public sealed class SearchRunResumeTests : IDisposable
{
    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Theory]
    [InlineData("pair")]
    [InlineData("paper")]
    [InlineData("released-code")]
    public void Should_end_alike_after_cancellations_for_the_closed_form(string preset)
    {
        var options = RunSample.Options(iterations: 6000, preset: preset, population: 40);
        RunSample.Complete(_temp["undisturbed"], options);

        var sessions = CompleteWithCancellations(_temp["cancelled"], options, threads: 1, most: 250, seed: 1);

        Assert.InRange(sessions, 5, 200);
        AssertSame();
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 3)]
    [InlineData(3, 3)]
    public void Should_end_alike_after_cancellations_for_scores_evaluated_ahead(int undisturbedThreads, int threads)
    {
        var options = RunSample.Options(iterations: 500, ahead: 4);
        RunSample.Complete(_temp["undisturbed"], options, undisturbedThreads);

        var sessions = CompleteWithCancellations(_temp["cancelled"], options, threads, most: 60, seed: 2);

        Assert.InRange(sessions, 4, 100);
        Assert.NotEqual("0", RunContent.Rows(_temp["undisturbed"], "SELECT failed FROM state")[0]);
        AssertSame();
    }

    /// <summary>A score that throws takes the process down as a kill would: what came after the last checkpoint is lost.</summary>
    [Theory, InlineData(1), InlineData(4)]
    public void Should_end_alike_after_crashes(int ahead)
    {
        var options = RunSample.Options(iterations: 800, ahead: ahead);
        RunSample.Complete(_temp["undisturbed"], options);
        var random = new StepRandom(3, (ulong)ahead);

        using (SearchRun.Create(_temp["cancelled"], options))
        {
        }

        for (var crash = 0; crash < 6; crash++)
        {
            using var run = SearchRun.Open(_temp["cancelled"]);
            var score = new InterruptingScore(RunSample.Score(options), random.Next(10, 100), () => throw new InvalidOperationException("crash"));
            Assert.Throws<InvalidOperationException>(() => run.Search(score, 2, null, CancellationToken.None));
            if (crash % 2 == 0)
            {
                continue;
            }

            // Between crashes the run gets further.
            run.Dispose();
            Continue(_temp["cancelled"], options, 2, random.Next(20, 60));
        }

        using var last = SearchRun.Open(_temp["cancelled"]);
        last.Search(RunSample.Score(options), 1, null, CancellationToken.None);
        last.Finish(last.Verify(null));
        last.Dispose();
        AssertSame();
    }

    /// <summary>A slow search saves itself about every second; a crash loses what came after, nothing before.</summary>
    [Fact]
    public async Task Should_go_on_from_the_last_of_several_checkpoints()
    {
        var options = RunSample.Options(iterations: 8000, ahead: 4);
        var undisturbed = Task.Run(() => RunSample.Complete(_temp["undisturbed"], options), TestContext.Current.CancellationToken);
        var told = new List<long>();
        using (var run = SearchRun.Create(_temp["cancelled"], options))
        {
            Assert.Throws<InvalidOperationException>(() => run.Search(
                RunSample.Score(options), 1,
                p =>
                {
                    told.Add(p.Step);
                    if (told.Count == 2)
                    {
                        throw new InvalidOperationException("crash");
                    }
                },
                CancellationToken.None));
        }

        Assert.InRange(told[0], 1, told[1] - 1);
        Assert.InRange(told[1], 1, 7999);
        using (var run = SearchRun.Open(_temp["cancelled"]))
        {
            Assert.Equal(told[1], run.Step);
            run.Search(RunSample.Score(options), 2, null, CancellationToken.None);
            run.Finish(run.Verify(null));
        }

        await undisturbed;
        AssertSame();
    }

    [Fact]
    public void Should_change_nothing_when_a_finished_run_is_resumed()
    {
        var options = RunSample.Options();
        RunSample.Complete(_temp["undisturbed"], options);
        RunSample.Complete(_temp["cancelled"], options);

        using (var run = SearchRun.Open(_temp["cancelled"]))
        {
            Assert.Equal(options.Iterations, run.Step);
            run.Search(new InterruptingScore(RunSample.Score(options), 1, () => Assert.Fail("scored again")), 1, null, CancellationToken.None);
            run.Finish(run.Verify(null));
        }

        AssertSame();
    }

    /// <summary>Killed between writing its options and its first checkpoint, a run has nothing to lose.</summary>
    [Fact]
    public void Should_start_afresh_without_a_checkpoint()
    {
        var options = RunSample.Options();
        RunSample.Complete(_temp["undisturbed"], options);
        using (SearchRun.Create(_temp["cancelled"], options))
        {
        }

        File.Delete(Path.Combine(_temp["cancelled"], "state.sqlite"));
        using (var run = SearchRun.Open(_temp["cancelled"]))
        {
            Assert.Equal(0, run.Step);
            run.Search(RunSample.Score(options), 1, null, CancellationToken.None);
            run.Finish(run.Verify(null));
        }

        AssertSame();
    }

    [Fact]
    public void Should_add_up_the_time_of_all_sessions()
    {
        var options = RunSample.Options(iterations: 400, ahead: 4);
        using (SearchRun.Create(_temp["run"], options))
        {
        }

        Continue(_temp["run"], options, 1, 150);
        var before = Seconds();
        Continue(_temp["run"], options, 1, 150);
        var after = Seconds();

        Assert.InRange(before.Search, 0.05, before.Elapsed);
        Assert.InRange(after.Search, before.Search + 0.05, after.Elapsed);

        (double Search, double Elapsed) Seconds()
        {
            var values = RunContent.Rows(_temp["run"], "SELECT search_seconds, elapsed_seconds FROM state")[0].Split('|');
            return (double.Parse(values[0]), double.Parse(values[1]));
        }
    }

    [Fact]
    public void Should_be_held_by_one_at_a_time()
    {
        var options = RunSample.Options(iterations: 200);
        using (SearchRun.Create(_temp["run"], options))
        {
            Assert.Contains("in use", Sentence.Of(() => SearchRun.Open(_temp["run"])), StringComparison.Ordinal);
        }

        // Opened anew, the run writes nothing at first; it has to be held all the same.
        using (SearchRun.Open(_temp["run"]))
        {
            Assert.Contains("in use", Sentence.Of(() => SearchRun.Open(_temp["run"])), StringComparison.Ordinal);
        }

        using var free = SearchRun.Open(_temp["run"]);
        free.Search(RunSample.Score(options), 1, null, CancellationToken.None);
        Assert.Equal(200, free.Step);
    }

    /// <summary>The report holds whatever the run found, so it has to come out alike as well.</summary>
    private void AssertSame()
    {
        Assert.Equal(RunContent.Of(_temp["undisturbed"]), RunContent.Of(_temp["cancelled"]));
        Assert.Equal(RunContent.Report(_temp["undisturbed"]), RunContent.Report(_temp["cancelled"]));
        foreach (var file in new[] { "best.json", "best.txt", "run.json" })
        {
            Assert.Equal(File.ReadAllText(Path.Combine(_temp["undisturbed"], file)), File.ReadAllText(Path.Combine(_temp["cancelled"], file)));
        }

        // The comparison is worth something only if times alone were taken out of the report.
        Assert.Matches(new Regex("<dt>Scored</dt>"), RunContent.Report(_temp["cancelled"]));
    }

    /// <summary>Cancels the search at random points and continues it until it is done; returns how often.</summary>
    private static int CompleteWithCancellations(string folder, RunOptions options, int threads, int most, ulong seed)
    {
        var random = new StepRandom(seed, 0);
        using (SearchRun.Create(folder, options))
        {
        }

        var sessions = 1;
        while (!Continue(folder, options, threads, random.Next(1, most)))
        {
            sessions++;
        }

        return sessions;
    }

    /// <summary>One session that is cancelled after a number of evaluations; true when it ended before.</summary>
    private static bool Continue(string folder, RunOptions options, int threads, int evaluations)
    {
        using var cancellation = new CancellationTokenSource();
        using var run = SearchRun.Open(folder);
        try
        {
            run.Search(new InterruptingScore(RunSample.Score(options), evaluations, cancellation.Cancel), threads, null, cancellation.Token);
            run.Finish(run.Verify(null));
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
