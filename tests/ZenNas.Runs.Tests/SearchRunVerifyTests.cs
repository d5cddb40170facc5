using System.Globalization;
using System.Text.RegularExpressions;
using ZenNas.Architectures;
using ZenNas.Scores;

namespace ZenNas.Runs.Tests;

public sealed class SearchRunVerifyTests : IDisposable
{
    private readonly TempFolder _temp = new();
    private readonly List<Architecture> _measured = [];

    public void Dispose() => _temp.Dispose();

    [Fact]
    public void Should_measure_the_best_networks_of_the_search()
    {
        using var run = Searched(RunSample.Options(verify: 3));

        var best = run.Verify(Measure);

        Assert.Equal(3, best.Length);
        Assert.Equal(_measured, best.Select(v => v.Candidate.Architecture));
        Assert.Equal(best.Select(v => v.ClosedForm).OrderDescending(), best.Select(v => v.ClosedForm));
        Assert.All(best, v => Assert.Equal(Value(v.Candidate.Architecture), v.Measured));
    }

    [Fact]
    public void Should_measure_nothing_when_told_so()
    {
        using var run = Searched(RunSample.Options(verify: 0));

        Assert.Null(Assert.Single(run.Verify(Measure)).Measured);
        Assert.Empty(_measured);
    }

    [Fact]
    public void Should_order_by_the_measurement_where_the_search_score_is_noisy()
    {
        using var run = Searched(RunSample.Options(iterations: 200, ahead: 4, verify: 8));

        var best = run.Verify(Measure);

        Assert.Equal(best.Select(v => v.Measured!.Value.Mean).OrderDescending(), best.Select(v => v.Measured!.Value.Mean));
        Assert.NotEqual(best.Select(v => v.Candidate.Score).OrderDescending(), best.Select(v => v.Candidate.Score));
    }

    [Fact]
    public void Should_measure_none_twice()
    {
        using (var run = Searched(RunSample.Options(verify: 4)))
        {
            run.Verify(Measure);
            Assert.Equal(4, _measured.Count);
        }

        using var resumed = SearchRun.Open(_temp["run"]);
        resumed.Search(new ClosedFormZenScore(), 1, null, CancellationToken.None);
        var best = resumed.Verify(Measure);

        Assert.Equal(4, _measured.Count);
        Assert.Equal(best.Select(v => (ScoreValue?)Value(v.Candidate.Architecture)), best.Select(v => v.Measured));
    }

    [Fact]
    public void Should_measure_what_is_left_after_an_interruption()
    {
        using (var run = Searched(RunSample.Options(verify: 4)))
        {
            Assert.Throws<OperationCanceledException>(() => run.Verify((network, seed) =>
                _measured.Count == 2 ? throw new OperationCanceledException() : Measure(network, seed)));
        }

        using var resumed = SearchRun.Open(_temp["run"]);
        resumed.Search(new ClosedFormZenScore(), 1, null, CancellationToken.None);
        resumed.Verify(Measure);

        Assert.Equal(4, _measured.Count);
        Assert.Equal(4, _measured.Distinct().Count());
    }

    [Fact]
    public void Should_seed_measurements_by_network_alone()
    {
        var seeds = new Dictionary<Architecture, ulong>();
        for (var i = 0; i < 2; i++)
        {
            using var run = Searched(RunSample.Options(verify: 3), $"run{i}");
            run.Verify((network, seed) =>
            {
                Assert.True(seeds.TryAdd(network.Architecture, seed) || seeds[network.Architecture] == seed);
                return ScoreValue.Exact(1);
            });
        }

        Assert.Equal(3, seeds.Values.Distinct().Count());
    }

    /// <summary>A batch of one image on a map of one pixel has no variance: its score isn't finite, and the run has to end all the same.</summary>
    [Theory]
    [InlineData(double.NegativeInfinity, double.NaN)]
    [InlineData(double.NaN, double.NaN)]
    [InlineData(100, double.NaN)]
    public void Should_end_where_a_measurement_is_not_finite(double mean, double deviation)
    {
        using (var run = Searched(RunSample.Options(verify: 2)))
        {
            run.Finish(run.Verify((_, _) => new ScoreValue(mean, deviation, 1)));
        }

        var calls = 0;
        using var resumed = SearchRun.Open(_temp["run"]);
        resumed.Search(new ClosedFormZenScore(), 1, null, CancellationToken.None);
        var best = resumed.Verify((_, _) =>
        {
            calls++;
            return new ScoreValue(mean, deviation, 1);
        });

        Assert.Equal(0, calls);
        Assert.All(best, v => Assert.Equal(mean, v.Measured!.Value.Mean));
    }

    [Fact]
    public void Should_report_the_numbers_of_the_best_network()
    {
        using var run = Searched(RunSample.Options());

        var best = run.Finish(run.Verify(Measure)).Best[0];

        var page = File.ReadAllText(Path.Combine(run.Folder, "report.html"));
        var text = Regex.Replace(Regex.Replace(page, "<(script|style).*?</\\1>", "", RegexOptions.Singleline), "<[^>]*>", " ");
        Assert.Contains(best.ClosedForm.ToString("F3", CultureInfo.InvariantCulture), text, StringComparison.Ordinal);
        var measured = Value(best.Candidate.Architecture).Mean.ToString("F3", CultureInfo.InvariantCulture);
        Assert.Contains($"{measured} ± 1.500", text, StringComparison.Ordinal);
        Assert.Contains(best.Candidate.Cost.Parameters.ToString("N0", CultureInfo.InvariantCulture), text, StringComparison.Ordinal);
        Assert.Contains(best.Candidate.Cost.Macs.ToString("N0", CultureInfo.InvariantCulture), text, StringComparison.Ordinal);
        Assert.Contains(RunSample.Command, text, StringComparison.Ordinal);
        Assert.Single(Regex.Matches(page, "<h1[ >]"));
        Assert.DoesNotMatch("(?i)(src|href)\\s*=\\s*[\"']?https?:", page);
        Assert.DoesNotMatch("(?i)url\\(\\s*[\"']?https?:", page);
        Assert.DoesNotMatch("(?i)@import|<link[^>]+stylesheet|<iframe|<base ", page);
    }

    private SearchRun Searched(RunOptions options, string folder = "run")
    {
        var run = SearchRun.Create(_temp[folder], options);
        run.Search(RunSample.Score(options), 1, null, CancellationToken.None);
        return run;
    }

    private ScoreValue? Measure(Network network, ulong seed)
    {
        _measured.Add(network.Architecture);
        return Value(network.Architecture);
    }

    /// <summary>Looks measured, and orders networks differently from any score.</summary>
    private static ScoreValue Value(Architecture architecture) =>
        new(17 + (int)((ulong)Fingerprint.Of(architecture) % 1000), 6, 16);
}
