using ZenNas.Architectures;
using ZenNas.Scores;

namespace ZenNas.Runs.Tests;

public sealed class SearchRunTests : IDisposable
{
    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Fact]
    public void Should_write_the_files_of_a_run()
    {
        RunSample.Complete(_temp["run"], RunSample.Options());

        Assert.Equal(
            ["best.json", "best.txt", "report.html", "run.json", "state.sqlite"],
            Directory.GetFiles(_temp["run"]).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Should_write_the_best_network_in_both_formats()
    {
        var options = RunSample.Options();
        using var run = SearchRun.Create(_temp["run"], options);
        run.Search(RunSample.Score(options), 1, null, CancellationToken.None);
        var report = run.Finish(run.Verify(null));

        var best = report.Best[0].Candidate;
        Assert.Equal(best.Architecture, ArchitectureJson.Parse(File.ReadAllText(Path.Combine(run.Folder, "best.json"))));
        Assert.Equal(best.Architecture, StructureString.Parse(File.ReadAllText(Path.Combine(run.Folder, "best.txt")), 32, 10));
        Assert.Equal(report.Population.Max(c => c.Score), best.Score);
        Assert.Equal(best.Score, report.Best[0].ClosedForm);
    }

    /// <summary>Every step is scored, over budget or a duplicate; the initial network is scored without taking a step.</summary>
    [Fact]
    public void Should_take_as_many_steps_as_it_was_told()
    {
        var options = RunSample.Options(iterations: 2500);
        using var run = SearchRun.Create(_temp["run"], options);
        run.Search(RunSample.Score(options), 1, null, CancellationToken.None);

        var report = run.Finish(run.Verify(null));

        Assert.Equal(2500, run.Step);
        Assert.Equal(2500, report.Iterations);
        Assert.Equal(2501, report.Counts.Scored + report.Counts.OverBudget + report.Counts.Duplicates + report.Counts.Failed);
        Assert.Equal(24, report.Population.Length);
        Assert.All(report.Population, c => Assert.True(options.Settings.Budget.Fits(Network.Lower(c.Architecture))));
        Assert.InRange(report.SearchSeconds, 1e-6, report.ElapsedSeconds);
    }

    [Fact]
    public void Should_find_the_same_again_and_something_else_for_another_seed()
    {
        RunSample.Complete(_temp["a"], RunSample.Options());
        RunSample.Complete(_temp["b"], RunSample.Options());
        RunSample.Complete(_temp["c"], RunSample.Options(seed: 8));

        Assert.Equal(RunContent.Of(_temp["a"]), RunContent.Of(_temp["b"]));
        Assert.NotEqual(RunContent.Of(_temp["a"]), RunContent.Of(_temp["c"]));
    }

    [Fact]
    public void Should_record_convergence_at_regular_steps_that_never_fall()
    {
        RunSample.Complete(_temp["run"], RunSample.Options(iterations: 4000));

        var points = RunContent.Rows(_temp["run"], "SELECT step, best, worst FROM convergence ORDER BY step")
            .Select(row => row.Split('|')).Select(c => (Step: long.Parse(c[0]), Best: double.Parse(c[1]), Worst: double.Parse(c[2]))).ToArray();

        Assert.Equal(Enumerable.Range(1, 400).Select(i => 10L * i), points.Select(p => p.Step));
        Assert.Equal(points.Select(p => p.Best).Order(), points.Select(p => p.Best));
        Assert.All(points, p => Assert.True(p.Worst <= p.Best));
        var population = RunContent.Rows(_temp["run"], "SELECT score FROM candidate WHERE position >= 0").Select(double.Parse).ToArray();
        Assert.Equal((population.Max(), population.Min()), (points[^1].Best, points[^1].Worst));
    }

    [Fact]
    public void Should_report_progress_up_to_the_last_step()
    {
        var options = RunSample.Options(iterations: 300, ahead: 4);
        var told = new List<SearchProgress>();
        using var run = SearchRun.Create(_temp["run"], options);

        run.Search(RunSample.Score(options), 2, told.Add, CancellationToken.None);

        Assert.Equal(300, told[^1].Step);
        Assert.Equal(TimeSpan.Zero, told[^1].Remaining);
        Assert.Equal(told.Select(p => p.Step).Order(), told.Select(p => p.Step));
        Assert.All(told, p => Assert.Equal(300, p.Iterations));
        Assert.NotNull(told[^1].Best);
    }

    [Fact]
    public void Should_refuse_a_folder_that_is_not_empty()
    {
        Directory.CreateDirectory(_temp["run"]);
        File.WriteAllText(Path.Combine(_temp["run"], "thesis.txt"), "mine");

        Assert.Contains("isn't empty", Sentence.Of(() => SearchRun.Create(_temp["run"], RunSample.Options())), StringComparison.Ordinal);
        Assert.Contains("isn't empty", Sentence.Of(() => SearchRun.Create(Path.Combine(_temp["run"], "thesis.txt"), RunSample.Options())), StringComparison.Ordinal);
        Assert.Equal("mine", File.ReadAllText(Path.Combine(_temp["run"], "thesis.txt")));
        Assert.Single(Directory.GetFileSystemEntries(_temp["run"]));
    }

    [Fact]
    public void Should_start_in_an_empty_folder()
    {
        Directory.CreateDirectory(_temp["run"]);

        RunSample.Complete(_temp["run"], RunSample.Options(iterations: 100));

        Assert.True(File.Exists(Path.Combine(_temp["run"], "report.html")));
    }

    [Fact]
    public void Should_refuse_a_folder_that_cannot_be_made()
    {
        File.WriteAllText(_temp["file"], "");

        Sentence.Of(() => SearchRun.Create(Path.Combine(_temp["file"], "run"), RunSample.Options()));
        Sentence.Of(() => SearchRun.Create(_temp[new string('x', 300)], RunSample.Options()));
    }

    [Fact]
    public void Should_say_that_no_network_of_the_start_has_a_score()
    {
        using var run = SearchRun.Create(_temp["run"], RunSample.Options(ahead: 4));

        Assert.Contains(
            "the initial network has no score, the score is infinite", Sentence.Of(() => run.Search(new HopelessScore(), 2, null, CancellationToken.None)), StringComparison.Ordinal);
    }

    private sealed class HopelessScore : IScore
    {
        public ScoreInfo Info { get; } = new() { Name = "hopeless", Summary = "nothing", Source = "this test" };

        public ScoreValue Evaluate(Network network, ulong seed) => ScoreValue.Exact(double.NegativeInfinity);
    }
}
