using System.Text.Json.Nodes;
using ZenNas.Architectures;
using ZenNas.Latency;
using ZenNas.Scores;

namespace ZenNas.Cluster.Messages;

/// <summary>A piece of work: a function of what stands in it, apart from measured times.</summary>
public abstract record JobRequest
{
    /// <summary>Name of the kind in messages.</summary>
    public abstract string Kind { get; }

    /// <summary>Queue whose workers can do it.</summary>
    public abstract string Queue { get; }

    internal abstract JsonObject ToNode();
}

/// <summary>Scores a network once.</summary>
/// <param name="Score">Name of the score.</param>
/// <param name="Settings">What determines it.</param>
/// <param name="Architecture">What is scored.</param>
/// <param name="Seed">Seed of all its random draws.</param>
public sealed record ScoreRequest(string Score, ScoreSettings Settings, Architecture Architecture, ulong Seed) : JobRequest
{
    /// <summary>Queue of all scores.</summary>
    public const string QueueName = "score";

    /// <inheritdoc/>
    public override string Kind => JobKinds.Score;

    /// <inheritdoc/>
    public override string Queue => QueueName;

    internal override JsonObject ToNode() => RequestJson.ToNode(this);
}

/// <summary>Under what conditions a device measures; what isn't said is the device's to choose.</summary>
/// <param name="DeviceClass">Class of the device.</param>
/// <param name="Runtime">Name of the runtime.</param>
/// <param name="Batch">Images in a batch.</param>
/// <param name="Threads">Threads of the runtime; null for all cores.</param>
/// <param name="Precision">Number format.</param>
/// <param name="Device">Device of the runtime, for example <c>cpu</c>.</param>
/// <param name="Waiting">What threads do between two kernels; null where the runtime has no choice.</param>
public sealed record DeviceRequest(string DeviceClass, string Runtime, int Batch, int? Threads, Precision Precision, string Device, ThreadWaiting? Waiting)
{
    /// <summary>Queue of the device's class.</summary>
    public string Queue => JobKinds.LatencyQueue(DeviceClass);
}

/// <summary>Measures the latency of a network.</summary>
/// <param name="On">Where, and under what conditions.</param>
/// <param name="Architecture">What is measured, with random weights.</param>
/// <param name="Protocol">When measuring ends.</param>
public sealed record LatencyRequest(DeviceRequest On, Architecture Architecture, LatencyProtocol Protocol) : JobRequest
{
    /// <inheritdoc/>
    public override string Kind => JobKinds.Latency;

    /// <inheritdoc/>
    public override string Queue => On.Queue;

    internal override JsonObject ToNode() => RequestJson.ToNode(this);
}

/// <summary>Profiles a device for a search space.</summary>
/// <param name="On">Where, and under what conditions.</param>
/// <param name="SpaceText">Text of the space file.</param>
/// <param name="Scope">What networks are measured.</param>
/// <param name="Minutes">How long.</param>
public sealed record ProfileRequest(DeviceRequest On, string SpaceText, ProfileScope Scope, double Minutes) : JobRequest
{
    /// <inheritdoc/>
    public override string Kind => JobKinds.Profile;

    /// <inheritdoc/>
    public override string Queue => On.Queue;

    internal override JsonObject ToNode() => RequestJson.ToNode(this);
}

/// <summary>Trains a network and evaluates it.</summary>
/// <param name="PlanText">The plan as <c>training.json</c> has it, without paths.</param>
/// <param name="DataSha256">Fingerprint of the pictures; a worker that has them takes the job.</param>
/// <param name="StartObject">Name in the object store of weights to start from; null for untrained ones.</param>
/// <param name="TeacherObject">Name in the object store of the teacher's file; null for none.</param>
public sealed record TrainRequest(string PlanText, string DataSha256, string? StartObject, string? TeacherObject) : JobRequest
{
    /// <inheritdoc/>
    public override string Kind => JobKinds.Train;

    /// <inheritdoc/>
    public override string Queue => JobKinds.TrainQueue(DataSha256);

    internal override JsonObject ToNode() => RequestJson.ToNode(this);
}
