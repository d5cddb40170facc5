using ZenNas.Architectures;
using ZenNas.Search;

namespace ZenNas.Runs.Tests;

public sealed class OptimalRunTests : IDisposable
{
    private readonly DirectoryInfo _temp = Directory.CreateTempSubdirectory("zennas-optimal-");

    public void Dispose() => _temp.Delete(recursive: true);

    [Fact]
    public void Should_end_alike_after_an_interruption()
    {
        var options = RunSample.Options(strategy: SearchStrategy.Optimal, verify: 0);
        RunSample.Complete(At("undisturbed"), options);
        using var interruption = new CancellationTokenSource();
        using (var run = SearchRun.Create(At("interrupted"), options))
        {
            Assert.Throws<OperationCanceledException>(() => run.Search(RunSample.Score(options), 1, _ => interruption.Cancel(), interruption.Token));
        }

        using (var run = SearchRun.Open(At("interrupted")))
        {
            Assert.Equal(SearchStrategy.Optimal, run.Options.Strategy);
            run.Search(RunSample.Score(options), 2, null, CancellationToken.None);
            var report = run.Finish(run.Verify(null));
            Assert.InRange(report.UpperBound!.Value, report.Best[0].ClosedForm, report.Best[0].ClosedForm * 1.005);
        }

        Assert.Equal(Best("undisturbed"), Best("interrupted"));
    }

    [Fact]
    public void Should_show_the_bound_in_the_report()
    {
        RunSample.Complete(At("run"), RunSample.Options(strategy: SearchStrategy.Optimal, verify: 0));

        Assert.Contains("Upper bound", File.ReadAllText(Path.Combine(At("run"), "report.html")), StringComparison.Ordinal);
    }

    private Architecture Best(string run) => ArchitectureJson.Parse(File.ReadAllText(Path.Combine(At(run), "best.json")));

    private string At(string name) => Path.Combine(_temp.FullName, name);
}
