using System.Text.Json.Nodes;

namespace ZenNas.Cli.Tests;

/// <summary>Run folders that can't be continued, and searches that can't be started, are refused with one sentence.</summary>
public sealed class DamagedRunTests : IDisposable
{
    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Theory]
    [InlineData("seed", null)]
    [InlineData("population", "0")]
    [InlineData("iterations", "\"many\"")]
    [InlineData("score/ahead", "0")]
    [InlineData("score/name", "\"guess\"")]
    [InlineData("score/precision", "\"fp64\"")]
    [InlineData("score/device", "\"abacus\"")]
    [InlineData("budget", "{\"maxParameters\":1}")]
    public async Task Should_refuse_edited_options(string path, string? json)
    {
        await Finish("run");
        File.Delete(Path.Combine(_temp["run"], "state.sqlite"));
        var file = Path.Combine(_temp["run"], "run.json");
        var root = JsonNode.Parse(File.ReadAllText(file))!.AsObject();
        var names = path.Split('/');
        var parent = names[..^1].Aggregate(root, (node, name) => node[name]!.AsObject());
        parent.Remove(names[^1]);
        if (json is not null)
        {
            parent[names[^1]] = JsonNode.Parse(json);
        }

        File.WriteAllText(file, root.ToJsonString());

        AssertRefused(await Resume("run"));
    }

    [Fact]
    public async Task Should_refuse_a_state_that_is_no_database()
    {
        await Finish("run");
        File.WriteAllBytes(Path.Combine(_temp["run"], "state.sqlite"), [.. Enumerable.Range(0, 5000).Select(i => (byte)(i * 31))]);

        AssertRefused(await Resume("run"));
    }

    [Fact]
    public async Task Should_refuse_a_state_that_was_cut_off()
    {
        await Finish("run");
        var file = Path.Combine(_temp["run"], "state.sqlite");
        File.WriteAllBytes(file, File.ReadAllBytes(file)[..9000]);

        AssertRefused(await Resume("run"));
    }

    [Fact]
    public async Task Should_refuse_a_run_that_another_process_works_on()
    {
        using var first = ZenNasProgram.Start(_temp.Path, Search("run", "100M"));
        await RunFolder.Begun(_temp["run"], first, TestContext.Current.CancellationToken);

        var second = await Resume("run");
        var isRunning = !first.HasExited;
        first.Kill();
        await first.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.True(isRunning);
        AssertRefused(second);
        Assert.Contains("in use", second.Error, StringComparison.Ordinal);
    }

    /// <summary>What can't be measured can be told before the search; refused input leaves nothing behind.</summary>
    [Theory]
    [InlineData("--device", "cuda:63")]
    [InlineData("--device", "abacus")]
    [InlineData("--device", "abacus", "--score", "measured")]
    [InlineData("--device", "abacus", "--verify", "0")]
    [InlineData("--score", "measured", "--batch", "4096", "--resolution", "4096")]
    public async Task Should_write_nothing_for_a_search_that_cannot_be_measured(params string[] arguments)
    {
        string[] common = arguments.Contains("--resolution") ? [] : ["--resolution", "32"];

        var outcome = await ZenNasProgram.Run(
            _temp.Path, ["search", "--space", "residual", "--classes", "10", "--iterations", "100", .. common, .. arguments]);

        AssertRefused(outcome);
        Assert.Empty(Directory.GetFileSystemEntries(_temp.Path));
    }

    /// <summary>One image on a map of one pixel has no variance, so its measured score isn't finite; JSON has null for that.</summary>
    [Fact]
    public async Task Should_end_a_search_whose_best_network_has_no_finite_measurement()
    {
        var outcome = await ZenNasProgram.Run(
            _temp.Path, "search", "--space", "residual", "--resolution", "8", "--classes", "10", "--max-params", "100K", "--batch", "1",
            "--iterations", "300", "--verify", "1", "--out", "run", "--json");

        Assert.Equal(300, outcome.Json.GetProperty("iterations").GetInt32());
    }

    /// <summary>A parenthesis is no reason to take a file for a structure string.</summary>
    [Fact]
    public async Task Should_read_a_file_with_parentheses_in_its_name()
    {
        _temp.Write("net (copy).txt", "SuperConvK3BNRELU(3,8,1,1)");

        Assert.Equal(1, (await ZenNasProgram.Run(_temp.Path, "describe", "net (copy).txt", "--json")).Json.GetProperty("layers").GetInt32());
    }

    private static void AssertRefused(Outcome outcome) => Assert.Null(outcome.WhyNotRefused());

    private async Task Finish(string folder) => Assert.Equal(0, (await ZenNasProgram.Run(_temp.Path, Search(folder, "500"))).ExitCode);

    private Task<Outcome> Resume(string folder) => ZenNasProgram.Run(_temp.Path, "search", "--resume", folder, "--json");

    private static string[] Search(string folder, string iterations) =>
    [
        "search", "--space", "residual", "--resolution", "32", "--classes", "10", "--max-params", "300K", "--iterations", iterations, "--verify", "0",
        "--out", folder, "--json",
    ];
}
