using System.Text.Json.Nodes;
using ZenNas.Json;
using ZenNas.Latency;

namespace ZenNas.Cluster.Messages;

/// <summary>A latency that a worker measured, with its machine.</summary>
/// <param name="Measured">Times and conditions.</param>
/// <param name="Machine">Where.</param>
public sealed record RemoteMeasurement(LatencyMeasurement Measured, Machine Machine)
{
    /// <summary>Most runs of a measurement whose times fit a message.</summary>
    public const int MostRuns = 20_000;

    internal const int MostVisits = 100;

    internal JsonObject ToNode() => new()
    {
        ["conditions"] = LatencyProfileJson.ToNode(Measured.Conditions),
        ["machine"] = LatencyProfileJson.ToNode(Machine),
        ["sortedMs"] = new JsonArray([.. Measured.SortedMs.Select(ms => JsonValue.Create(ms))]),
        ["otherVisitsMs"] = new JsonArray([.. Measured.OtherVisitsMs.Select(ms => JsonValue.Create(ms))]),
    };

    internal static RemoteMeasurement Read(JsonObjectReader o)
    {
        var conditions = o.Object("conditions", LatencyProfileJson.ReadConditions);
        var machine = o.Object("machine", LatencyProfileJson.ReadMachine);
        var times = o.Reals("sortedMs", MostRuns);
        var others = o.Reals("otherVisitsMs", MostVisits, fewest: 0);
        return times.Concat(others).All(t => t > 0)
            ? new RemoteMeasurement(new LatencyMeasurement(conditions, [.. times.Order()], others), machine)
            : throw new InvalidInputException("result, sortedMs and otherVisitsMs: hold a time that isn't positive; allowed are numbers above 0");
    }
}
