using System.Collections.Immutable;
using System.CommandLine;
using ZenNas.Torch;

namespace ZenNas.Cli.Input;

/// <summary>The option <c>--scores</c>: all, or names with commas between them.</summary>
internal static class ScoreList
{
    private const string All = "all";

    public static Option<string?> Create() => new("--scores")
    {
        Description = $"Scores to compute: {All}, or names with commas between them. Names: {string.Join(", ", TorchScores.Catalog.Names)}. [default: {All}]",
        HelpName = "NAMES",
    };

    /// <summary>The names, in the order given, each once.</summary>
    /// <exception cref="InvalidInputException">There is no such score.</exception>
    public static ImmutableArray<string> Parse(string? text)
    {
        if (text is null or All)
        {
            return TorchScores.Catalog.Names;
        }

        var names = text.Split(',', StringSplitOptions.TrimEntries).Distinct().ToImmutableArray();
        return names.FirstOrDefault(name => !TorchScores.Catalog.Names.Contains(name)) is { } unknown
            ? throw new InvalidInputException($"--scores names '{Quantity.Shown(unknown)}'; allowed is {All} or some of {string.Join(", ", TorchScores.Catalog.Names)}")
            : names;
    }
}
