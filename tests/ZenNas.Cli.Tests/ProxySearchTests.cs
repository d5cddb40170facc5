using System.Globalization;

namespace ZenNas.Cli.Tests;

/// <summary>A search with any of the proxies runs, improves its own score, and ends alike when it was killed and resumed.</summary>
public sealed class ProxySearchTests : IDisposable
{
    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Theory]
    [InlineData("flops", 2000)]
    [InlineData("params", 2000)]
    [InlineData("entropy", 2000)]
    [InlineData("random", 2000)]
    [InlineData("naswot", 2000)]
    [InlineData("phi-bn", 200)]
    [InlineData("grad-norm", 200)]
    [InlineData("synflow", 200)]
    [InlineData("te-nas", 200)]
    public async Task Should_improve_and_resume(string score, int iterations)
    {
        var undisturbed = (await ZenNasProgram.Run(_temp.Path, Search(score, iterations, "undisturbed"))).Json;
        using (var process = ZenNasProgram.Start(_temp.Path, Search(score, iterations, "killed")))
        {
            await RunFolder.Begun(_temp["killed"], process, TestContext.Current.CancellationToken);
            process.Kill();
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        var resumed = (await ZenNasProgram.Run(_temp.Path, "search", "--resume", "killed", "--json")).Json;

        Assert.Equal(RunFolder.ResultWithoutTimes(undisturbed), RunFolder.ResultWithoutTimes(resumed));
        var best = Convergence("undisturbed");
        Assert.NotEmpty(best);
        Assert.Equal(best.Order(), best);
        Assert.Equal((score, best[^1]), (undisturbed.GetProperty("score").GetString(), undisturbed.GetProperty("searchScore").GetDouble()));
        Assert.True(best[^1] > best[0], $"{score} stayed at {best[0]}");
    }

    /// <summary>Best score at the recorded steps.</summary>
    private double[] Convergence(string folder) =>
        [.. RunFolder.Query(_temp[folder], "SELECT best FROM convergence ORDER BY step").Select(t => double.Parse(t, CultureInfo.InvariantCulture))];

    private static string[] Search(string score, int iterations, string folder) =>
    [
        "search", "--space", "residual", "--resolution", "16", "--classes", "10", "--max-params", "150K", "--max-layers", "8", "--score", score,
        "--batch", "4", "--iterations", $"{iterations}", "--population", "16", "--verify", "0", "--seed", "3", "--out", folder, "--json",
    ];
}
