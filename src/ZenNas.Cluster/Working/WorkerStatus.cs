using System.Collections.Immutable;
using System.Text;
using System.Text.Json.Nodes;
using ZenNas.Cluster.Messages;
using ZenNas.Json;

namespace ZenNas.Cluster.Working;

/// <summary>What a worker says of itself.</summary>
public sealed class WorkerStatus
{
    private const string Format = "zennas/worker";
    private const int Version = 1;
    private const int LongestText = 1000;
    private const int MostSlots = 1024;
    private const int MostQueues = 256;

    /// <summary>Its name.</summary>
    public required string Worker { get; init; }

    /// <summary>Its processor.</summary>
    public required string Machine { get; init; }

    /// <summary>Version of its program.</summary>
    public required string ProgramVersion { get; init; }

    /// <summary>Queues it takes jobs from.</summary>
    public required ImmutableArray<string> Queues { get; init; }

    /// <summary>Jobs it can do at the same time.</summary>
    public required int Slots { get; init; }

    /// <summary>Jobs it is doing.</summary>
    public required ImmutableArray<RunningJob> Running { get; init; }

    /// <summary>Jobs that it has done.</summary>
    public required long Done { get; init; }

    /// <summary>Attempts of its that failed.</summary>
    public required long Failed { get; init; }

    /// <summary>Seconds since it began.</summary>
    public required double UpSeconds { get; init; }

    /// <summary>Whether it takes no further jobs.</summary>
    public required bool IsStopping { get; init; }

    /// <summary>The status as a JSON object.</summary>
    public JsonObject ToNode() => new()
    {
        ["format"] = Format,
        ["version"] = Version,
        ["worker"] = Worker,
        ["machine"] = Machine,
        ["programVersion"] = ProgramVersion,
        ["queues"] = new JsonArray([.. Queues.Select(q => JsonValue.Create(q))]),
        ["slots"] = Slots,
        ["running"] = new JsonArray([.. Running.Select(job => new JsonObject
        {
            ["run"] = job.Run,
            ["job"] = job.Job,
            ["queue"] = job.Queue,
            ["seconds"] = job.Seconds,
        })]),
        ["done"] = Done,
        ["failed"] = Failed,
        ["upSeconds"] = UpSeconds,
        ["stopping"] = IsStopping,
    };

    internal byte[] Write() => Encoding.UTF8.GetBytes(ToNode().ToJsonString());

    /// <exception cref="InvalidInputException">It isn't the status of a worker of this version.</exception>
    internal static WorkerStatus Parse(ReadOnlySpan<byte> message) => StrictJson.Read(RequestJson.Text(message, "status"), "status of a worker", Streams.MostBytes, root =>
    {
        StrictJson.CheckFormat(root, Format, Version);
        return new WorkerStatus
        {
            Worker = root.Text("worker", LongestText),
            Machine = root.Text("machine", LongestText),
            ProgramVersion = root.Text("programVersion", LongestText),
            Queues = root.AnyTexts("queues", MostQueues, LongestText),
            Slots = root.Integer("slots", 1, MostSlots),
            Running = root.Objects("running", MostSlots, o => new RunningJob(o.Text("run", LongestText), o.Text("job", LongestText), o.Text("queue", LongestText), o.Real("seconds")), fewest: 0),
            Done = root.Number("done", 0, long.MaxValue),
            Failed = root.Number("failed", 0, long.MaxValue),
            UpSeconds = root.Real("upSeconds"),
            IsStopping = root.Flag("stopping"),
        };
    });
}
