using System.Text.Json.Nodes;
using ZenNas.Json;
using ZenNas.Scores;

namespace ZenNas.Runs;

/// <summary>Which score a run maximises, and how it is evaluated.</summary>
/// <param name="Name">Name of the score; whether there is such a score is known where it is made.</param>
/// <param name="Settings">What determines it.</param>
/// <param name="Ahead">
/// Proposals drawn from one population before their scores are told; more than 1 lets measurements run in parallel, and since it doesn't
/// depend on the number of threads, neither does the result.
/// </param>
public sealed record ScoreOptions(string Name, ScoreSettings Settings, int Ahead)
{
    /// <summary>Most proposals scored at the same time.</summary>
    public const int MostAhead = 16_384;

    private const int LongestName = 64;

    internal JsonObject ToNode()
    {
        var node = ScoreSettingsJson.ToNode(Settings);
        node.Insert(0, "name", Name);
        node["ahead"] = Ahead;
        return node;
    }

    internal static ScoreOptions Read(JsonObjectReader o) => new(ReadName(o), ScoreSettingsJson.Read(o), o.Integer("ahead", 1, MostAhead));

    private static string ReadName(JsonObjectReader o)
    {
        var name = o.Text("name", LongestName);
        return ScoreCatalog.IsName(name)
            ? name
            : throw new InvalidInputException($"{RunOptions.FileName}, score.name: is '{Excerpt.Of(name, LongestName)}'; allowed are lower-case letters, digits and hyphens");
    }
}
