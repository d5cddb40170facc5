using System.Text;
using System.Text.Json.Nodes;
using ZenNas.Json;

namespace ZenNas.Cluster.Messages;

/// <summary>What came of one attempt at a job.</summary>
public sealed class JobOutcome
{
    private const string Format = "zennas/result";
    private const int Version = 1;
    private const string What = "result";
    private const int LongestName = 200;
    private const int LongestReason = 1000;

    /// <summary>Name of the worker.</summary>
    public required string Worker { get; init; }

    /// <summary>Version of the worker's program.</summary>
    public required string ProgramVersion { get; init; }

    /// <summary>Seconds that the worker took.</summary>
    public required double Seconds { get; init; }

    /// <summary>Why the attempt failed; null where it didn't.</summary>
    public string? Reason { get; init; }

    /// <summary>Whether no other worker shall try again.</summary>
    public bool IsFinal { get; init; }

    /// <summary>Whether the worker had to stop and gives the job back, which is no failure of the job's.</summary>
    public bool IsHandedOver { get; init; }

    /// <summary>JSON of what the job asked for; null where the attempt failed.</summary>
    public string? Body { get; init; }

    /// <summary>Reads the body.</summary>
    /// <exception cref="InvalidInputException">There is none, or it isn't what the job asked for.</exception>
    internal T Read<T>(Func<JsonObjectReader, T> read) => Body is null
        ? throw new InvalidInputException($"{What}: the attempt failed, {Reason}")
        : StrictJson.Read(Body, $"{What} of worker {Excerpt.Of(Worker, LongestName)}", Streams.MostBytes, read);

    internal byte[] Write() => Encoding.UTF8.GetBytes(new JsonObject
    {
        ["format"] = Format,
        ["version"] = Version,
        ["worker"] = Worker,
        ["programVersion"] = ProgramVersion,
        ["seconds"] = Seconds,
        ["reason"] = Reason is null ? null : Excerpt.Of(Reason.ReplaceLineEndings(" "), LongestReason - 1),
        ["final"] = IsFinal,
        ["handedOver"] = IsHandedOver,
        ["body"] = Body is null ? null : JsonNode.Parse(Body),
    }.ToJsonString());

    /// <exception cref="InvalidInputException">It isn't a result of this version.</exception>
    internal static JobOutcome Parse(ReadOnlySpan<byte> message) => StrictJson.Read(RequestJson.Text(message, What), What, Streams.MostBytes, root =>
    {
        StrictJson.CheckFormat(root, Format, Version);
        var outcome = new JobOutcome
        {
            Worker = root.Text("worker", LongestName),
            ProgramVersion = root.Text("programVersion", LongestName),
            Seconds = root.Real("seconds"),
            Reason = root.TextOrNull("reason", LongestReason),
            IsFinal = root.Flag("final"),
            IsHandedOver = root.Flag("handedOver"),
            Body = root.TextOfObjectOrNull("body"),
        };
        return outcome.Body is null == outcome.Reason is null
            ? throw new InvalidInputException($"{What}: has a reason and a body, or neither; allowed is one of them")
            : outcome;
    });
}
