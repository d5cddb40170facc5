using System.Diagnostics;

namespace ZenNas.Cli.Tests;

/// <summary>A search that is killed again and again ends as one that nobody touched.</summary>
public sealed class KilledSearchTests : IDisposable
{
    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    /// <summary>
    /// Killed after 0.3 to 1.6 s: before the first checkpoint, between two, and while one is written. A search that ends makes room for
    /// the next, so that the number of kills doesn't depend on the machine's speed.
    /// </summary>
    [Fact]
    public async Task Should_end_alike_after_fifty_kills()
    {
        const int Kills = 50;
        var random = new Random(20);
        var undisturbed = new List<Task<Outcome>>();
        var kills = 0;
        for (var seed = 0; kills < Kills; seed++)
        {
            undisturbed.Add(ZenNasProgram.Run(_temp.Path, Search($"undisturbed{seed}", seed, 600_000)));
            kills += await KillUntilItEnds($"killed{seed}", seed, 600_000, Kills - kills, () => random.Next(300, 1600));
        }

        Assert.Equal(Kills, kills);
        Assert.All(await Task.WhenAll(undisturbed), outcome => Assert.Equal(0, outcome.ExitCode));
        for (var seed = 0; seed < undisturbed.Count; seed++)
        {
            AssertSame($"undisturbed{seed}", $"killed{seed}");
        }
    }

    /// <summary>A short search is mostly start, last checkpoint and writing of results: kills hit those too.</summary>
    [Fact]
    public async Task Should_end_alike_when_killed_while_it_starts_or_finishes()
    {
        var random = new Random(21);
        await ZenNasProgram.Run(_temp.Path, Search("undisturbed", 1, 10_000));
        var kills = 0;
        for (var run = 0; run < 8; run++)
        {
            kills += await KillUntilItEnds($"killed{run}", 1, 10_000, 3, () => random.Next(60, 500));
            AssertSame("undisturbed", $"killed{run}");
        }

        Assert.InRange(kills, 4, 24);
    }

    /// <summary>Starts a search, kills and resumes it up to a number of times, then lets it end; returns how often it was killed.</summary>
    private async Task<int> KillUntilItEnds(string folder, int seed, int iterations, int most, Func<int> milliseconds)
    {
        for (var kills = 0; ; kills++)
        {
            // Killed before it wrote its options, it has to be started anew; a part of a file must not stand in the way.
            var isStarted = File.Exists(Path.Combine(_temp[folder], "run.json"));
            if (!isStarted && Directory.Exists(_temp[folder]))
            {
                Directory.Delete(_temp[folder], recursive: true);
            }

            using var process = ZenNasProgram.Start(_temp.Path, isStarted ? ["search", "--resume", folder, "--json"] : Search(folder, seed, iterations));
            if (kills < most && await Kill(process, milliseconds()))
            {
                continue;
            }

            var outcome = await ZenNasProgram.Complete(process);
            Assert.True(outcome.ExitCode == 0, outcome.Error);
            Assert.Equal(iterations, outcome.Json.GetProperty("iterations").GetInt32());
            return kills;
        }
    }

    /// <summary>Kills a process after a while; false when it ended before.</summary>
    private static async Task<bool> Kill(Process process, int milliseconds)
    {
        using var patience = new CancellationTokenSource(milliseconds);
        try
        {
            await process.WaitForExitAsync(patience.Token);
            return false;
        }
        catch (OperationCanceledException)
        {
            // SIGKILL: it can't be caught, nothing is tidied up.
            process.Kill();
            await process.WaitForExitAsync();
            return true;
        }
    }

    private void AssertSame(string undisturbed, string killed)
    {
        Assert.Equal(RunFolder.State(_temp[undisturbed]), RunFolder.State(_temp[killed]));
        Assert.Equal(RunFolder.Result(_temp[undisturbed]), RunFolder.Result(_temp[killed]));
        foreach (var file in new[] { "best.json", "best.txt" })
        {
            Assert.Equal(File.ReadAllText(Path.Combine(_temp[undisturbed], file)), File.ReadAllText(Path.Combine(_temp[killed], file)));
        }

        Assert.EndsWith("</html>\n", File.ReadAllText(Path.Combine(_temp[killed], "report.html")), StringComparison.Ordinal);
    }

    private static string[] Search(string folder, int seed, int iterations) =>
    [
        "search", "--space", "residual", "--resolution", "32", "--classes", "100", "--max-params", "1M", "--max-layers", "18", "--iterations", $"{iterations}",
        "--seed", $"{seed}", "--verify", "0", "--out", folder, "--json",
    ];
}
