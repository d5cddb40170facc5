namespace ZenNas.Cli.Tests;

public sealed class OtherCommandTests : IDisposable
{
    private readonly TempFolder _temp = new();

    /// <summary>None of these commands writes anything.</summary>
    public void Dispose()
    {
        var written = Directory.GetFileSystemEntries(_temp.Path);
        _temp.Dispose();
        Assert.Empty(written);
    }

    [Fact]
    public async Task Should_list_the_zoo()
    {
        var json = (await ZenNasProgram.Run(_temp.Path, "zoo", "--json")).Json;

        var entries = json.EnumerateArray().ToArray();
        Assert.All(entries, e => e.AssertHas(
            ("name", "string"), ("family", "string"), ("resolution", "integer"), ("classes", "integer"), ("parameters", "integer"), ("macs", "integer"),
            ("layers", "integer"), ("closedForm", "number"), ("structure", "string|null")));
        Assert.Equal(
            [("zennet", 12), ("resnet", 5), ("resnext", 3), ("regnetx", 12), ("regnety", 12)],
            entries.CountBy(e => e.GetProperty("family").GetString()!).Select(f => (f.Key, f.Value)));
        var resnets = entries.Where(e => e.GetProperty("family").GetString() == "resnet").ToDictionary(
            e => e.GetProperty("name").GetString()!, e => e.GetProperty("parameters").GetInt64());
        // As torchvision counts them.
        Assert.Equal(
            new Dictionary<string, long>
            {
                ["resnet-18"] = 11_689_512,
                ["resnet-34"] = 21_797_672,
                ["resnet-50"] = 25_557_032,
                ["resnet-101"] = 44_549_160,
                ["resnet-152"] = 60_192_808,
            },
            resnets);
    }

    [Fact]
    public async Task Should_list_the_zoo_for_people()
    {
        var outcome = await ZenNasProgram.Run(_temp.Path, "zoo");

        Assert.Equal(0, outcome.ExitCode);
        Assert.Contains("resnet-152", outcome.Output, StringComparison.Ordinal);
    }

    [Theory, InlineData("residual"), InlineData("mobile")]
    public async Task Should_print_spaces_as_json(string name) =>
        Assert.Equal(name, (await ZenNasProgram.Run(_temp.Path, "space", name)).Json.GetProperty("name").GetString());

    [Theory]
    [InlineData("search")]
    [InlineData("score")]
    [InlineData("describe")]
    [InlineData("export")]
    [InlineData("space")]
    [InlineData("zoo")]
    [InlineData(null)]
    public async Task Should_help_with_examples(string? command)
    {
        foreach (var option in new[] { "--help", "-h" })
        {
            var outcome = await ZenNasProgram.Run(_temp.Path, command is null ? [option] : [command, option]);

            Assert.Equal(0, outcome.ExitCode);
            Assert.Empty(outcome.Error);
            Assert.Contains("Usage:", outcome.Output, StringComparison.Ordinal);
            Assert.Contains("Examples:", outcome.Output, StringComparison.Ordinal);
        }
    }

    [Theory, InlineData("search"), InlineData("score"), InlineData("compare"), InlineData("correlate")]
    public async Task Should_say_in_its_help_what_each_proxy_is(string command)
    {
        var help = (await ZenNasProgram.Run(_temp.Path, command, "--help")).Output;

        Assert.Matches("\n  naswot +log-determinant .*larger is better, no gradients, blind to the classes\n", help);
        Assert.Matches("\n  synflow .*negated, needs gradients, depends on the classes\n", help);
    }

    [Fact]
    public async Task Should_list_all_commands_in_its_help()
    {
        var outcome = await ZenNasProgram.Run(_temp.Path, "--help");

        Assert.All(["search", "score", "describe", "export", "zoo", "space"], name => Assert.Matches($"\n  {name}\\b", outcome.Output));
    }

    [Fact]
    public async Task Should_tell_its_version()
    {
        var outcome = await ZenNasProgram.Run(_temp.Path, "--version");

        Assert.Equal(0, outcome.ExitCode);
        Assert.Matches(@"^\d+\.\d+\.\d+[-+.0-9a-zA-Z]*\n$", outcome.Output);
    }

    /// <summary>Examples in a help text that don't work are worse than none.</summary>
    [Fact]
    public async Task Should_give_examples_that_parse()
    {
        var help = (await ZenNasProgram.Run(_temp.Path, "describe", "--help")).Output;
        var example = help.Split('\n').First(line => line.TrimStart().StartsWith("zennas describe zennet", StringComparison.Ordinal));

        var outcome = await ZenNasProgram.Run(_temp.Path, example.Trim().Split(' ')[1..]);

        Assert.Equal(0, outcome.ExitCode);
    }
}
