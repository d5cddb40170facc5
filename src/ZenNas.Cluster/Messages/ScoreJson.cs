using System.Text.Json.Nodes;
using ZenNas.Json;
using ZenNas.Scores;

namespace ZenNas.Cluster.Messages;

/// <summary>Scores in results, to the last bit.</summary>
internal static class ScoreJson
{
    private const int LongestText = 4000;
    private const string Infinite = "infinite";
    private const string MinusInfinite = "minus infinite";

    public static JsonObject ToNode(ScoreValue value) => new()
    {
        ["mean"] = Number(value.Mean),
        ["standardDeviation"] = Number(value.StandardDeviation),
        ["repeats"] = value.Repeats,
        ["parts"] = value.Pair is { } pair ? new JsonArray(ToNode(pair.First), ToNode(pair.Second)) : [],
        ["failure"] = value.Failure is { } failure ? new JsonObject { ["reason"] = failure.Reason, ["detail"] = failure.Detail } : null,
    };

    /// <exception cref="InvalidInputException">It isn't a score.</exception>
    public static ScoreValue Read(JsonObjectReader o)
    {
        var parts = o.Objects("parts", 2, ReadPart, fewest: 0);
        return new ScoreValue(Number(o, "mean"), Number(o, "standardDeviation"), o.Integer("repeats", 0, int.MaxValue))
        {
            Pair = parts is [var first, var second] ? new ScorePair(first, second) : null,
            Failure = o.ObjectOrNull("failure", f => new ScoreFailure(f.Verbatim("reason", LongestText), f.TextOrNull("detail", LongestText))),
        };
    }

    private static JsonObject ToNode(ScorePart part) => new() { ["name"] = part.Name, ["value"] = Number(part.Value), ["isLargerBetter"] = part.IsLargerBetter };

    private static ScorePart ReadPart(JsonObjectReader o) => new(o.Text("name", LongestText), Number(o, "value"), o.Flag("isLargerBetter"));

    /// <summary>JSON has no numbers that aren't finite.</summary>
    private static JsonNode? Number(double value) => double.IsNaN(value) ? null
        : double.IsFinite(value) ? value
        : value > 0 ? Infinite : MinusInfinite;

    private static double Number(JsonObjectReader o, string name) => o.RealOr(name, (Infinite, double.PositiveInfinity), (MinusInfinite, double.NegativeInfinity)) ?? double.NaN;
}
