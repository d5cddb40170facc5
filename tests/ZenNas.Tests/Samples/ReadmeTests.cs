using System.Runtime.CompilerServices;

namespace ZenNas.Tests.Samples;

public sealed class ReadmeTests
{
    [Fact]
    public void Should_show_the_example_that_is_compiled()
    {
        var folder = Path.GetDirectoryName(ThisFile())!;
        var sample = Between(File.ReadAllText(Path.Combine(folder, "SearchSample.cs")), "// <sample>\n", "        // </sample>");
        var shown = Between(File.ReadAllText(Path.Combine(folder, "../../../README.md")), "```csharp\n", "```");
        Assert.Equal(sample.Replace("\n        ", "\n", StringComparison.Ordinal).Trim(), shown.Trim());
    }

    [Fact]
    public void Should_find_what_the_readme_promises()
    {
        var best = SearchSample.Run();
        Assert.True(best.Score >= 190);
        Assert.True(best.Cost.Parameters <= 1_000_000);
    }

    private static string Between(string text, string start, string end)
    {
        var from = text.IndexOf(start, StringComparison.Ordinal) + start.Length;
        return text[from..text.IndexOf(end, from, StringComparison.Ordinal)];
    }

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
