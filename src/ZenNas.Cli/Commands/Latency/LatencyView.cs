using System.Globalization;
using System.Text.Json.Nodes;
using ZenNas.Latency;

namespace ZenNas.Cli.Commands.Latency;

/// <summary>Latencies as JSON and as text.</summary>
internal static class LatencyView
{
    public static JsonObject ToNode(LatencyMeasurement measured) => new()
    {
        ["medianMs"] = measured.MedianMs,
        ["medianMsPerImage"] = measured.MedianMsPerImage,
        ["medianIntervalMs"] = Pair(measured.MedianInterval),
        ["relativeError"] = measured.RelativeError,
        ["quartilesMs"] = Pair(measured.Quartiles),
        ["trimmedMeanMs"] = measured.TrimmedMeanMs,
        ["leastMs"] = measured.SortedMs[0],
        ["runs"] = measured.SortedMs.Length,
        ["otherVisitsMs"] = new JsonArray([.. measured.OtherVisitsMs.Select(ms => JsonValue.Create(ms))]),
    };

    public static string Ms(double ms) => ms.ToString(ms < 10 ? "0.000" : ms < 100 ? "0.00" : "0.0", CultureInfo.InvariantCulture) + " ms";

    public static string Percent(double share) => (100 * share).ToString("0.0", CultureInfo.InvariantCulture) + " %";

    public static string Interval(LatencyMeasurement measured) => $"{Ms(measured.MedianInterval.Low)} to {Ms(measured.MedianInterval.High)}";

    private static JsonArray Pair((double Low, double High) range) => [range.Low, range.High];
}
