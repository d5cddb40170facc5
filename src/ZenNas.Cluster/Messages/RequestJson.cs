using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using ZenNas.Architectures;
using ZenNas.Json;
using ZenNas.Latency;
using ZenNas.Scores;
using ZenNas.Spaces;

namespace ZenNas.Cluster.Messages;

/// <summary>
/// Jobs as messages, version 1. What is read is checked like a user's file: no type, path or command comes from the wire, names are looked up
/// in lists that the program has.
/// </summary>
internal static class RequestJson
{
    public const string Format = "zennas/job";
    public const int Version = 1;

    private const string What = "job";
    private const int NameDigits = 32;
    private const int MostBatch = 4096;
    private const int MostThreads = 1024;
    private const int MostRuns = 1_000_000;
    private const double MostSeconds = 3600;
    private const double MostMinutes = 240;
    private const int LongestName = 200;

    public static byte[] Write(JobRequest request, string programVersion) => Encoding.UTF8.GetBytes(new JsonObject
    {
        ["format"] = Format,
        ["version"] = Version,
        ["programVersion"] = programVersion,
        ["kind"] = request.Kind,
        ["body"] = request.ToNode(),
    }.ToJsonString());

    /// <exception cref="InvalidInputException">It isn't a job of this version.</exception>
    public static JobRequest Parse(ReadOnlySpan<byte> message) => StrictJson.Read(Text(message, What), What, Streams.MostBytes, root =>
    {
        StrictJson.CheckFormat(root, Format, Version);
        root.Text("programVersion", LongestName);
        return root.OneOf("kind", JobKinds.Score, JobKinds.Latency, JobKinds.Profile, JobKinds.Train) switch
        {
            JobKinds.Score => root.Object<JobRequest>("body", ReadScore),
            JobKinds.Latency => root.Object<JobRequest>("body", ReadLatency),
            JobKinds.Profile => root.Object<JobRequest>("body", ReadProfile),
            _ => root.Object<JobRequest>("body", ReadTrain),
        };
    });

    /// <summary>The name of a job: a hash of its kind and what it says.</summary>
    public static string NameOf(string kind, JsonNode body) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{kind}\n{body.ToJsonString()}")))[..NameDigits];

    /// <summary>The same of a message that <see cref="Parse"/> has read; so whatever another version of the program wrote keeps its name.</summary>
    public static string NameOf(ReadOnlySpan<byte> message)
    {
        var root = JsonNode.Parse(message)!;
        return NameOf(root["kind"]!.GetValue<string>(), root["body"]!);
    }

    public static JsonObject ToNode(ScoreRequest request) => new()
    {
        ["score"] = request.Score,
        ["convention"] = ScoreSettingNames.Of(request.Settings.Convention),
        ["settings"] = ScoreSettingsJson.ToNode(request.Settings),
        ["seed"] = request.Seed.ToString(CultureInfo.InvariantCulture),
        ["architecture"] = ArchitectureJson.ToNode(request.Architecture),
    };

    public static JsonObject ToNode(LatencyRequest request) => new()
    {
        ["on"] = ToNode(request.On),
        ["protocol"] = new JsonObject
        {
            ["visits"] = request.Protocol.Visits,
            ["warmUpRuns"] = request.Protocol.WarmUpRuns,
            ["warmUpSeconds"] = request.Protocol.WarmUpSeconds,
            ["leastRuns"] = request.Protocol.LeastRuns,
            ["mostRuns"] = request.Protocol.MostRuns,
            ["relativeError"] = request.Protocol.RelativeError,
            ["mostSeconds"] = request.Protocol.MostSeconds,
        },
        ["architecture"] = ArchitectureJson.ToNode(request.Architecture),
    };

    public static JsonObject ToNode(ProfileRequest request) => new()
    {
        ["on"] = ToNode(request.On),
        ["scope"] = LatencyProfileJson.ToNode(request.Scope),
        ["minutes"] = request.Minutes,
        ["space"] = request.SpaceText,
    };

    public static JsonObject ToNode(TrainRequest request) => new()
    {
        ["data"] = request.DataSha256,
        ["start"] = request.StartObject,
        ["teacher"] = request.TeacherObject,
        ["plan"] = request.PlanText,
    };

    /// <exception cref="InvalidInputException">It isn't UTF-8, or larger than messages may be.</exception>
    public static string Text(ReadOnlySpan<byte> message, string what)
    {
        if (message.Length > Streams.MostBytes)
        {
            throw new InvalidInputException($"{what} has {message.Length} bytes; allowed are at most {Streams.MostBytes}");
        }

        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(message);
        }
        catch (DecoderFallbackException e)
        {
            throw new InvalidInputException($"{what} isn't UTF-8; allowed is JSON in UTF-8", e);
        }
    }

    public static ulong ReadSeed(JsonObjectReader o) => o.Text("seed", 20) is var text && ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seed)
        ? seed
        : throw new InvalidInputException($"{What}, body.seed: isn't a whole number; allowed is a text of digits from 0 to {ulong.MaxValue}");

    private static ScoreRequest ReadScore(JsonObjectReader o)
    {
        var name = o.Text("score", 64);
        var convention = ScoreSettingNames.ParseConvention(o.OneOf("convention", [.. ScoreSettingNames.Conventions]));
        return new ScoreRequest(
            name, o.Object("settings", ScoreSettingsJson.Read) with { Convention = convention }, o.Object("architecture", ArchitectureJson.Read), ReadSeed(o));
    }

    private static LatencyRequest ReadLatency(JsonObjectReader o) => new(
        o.Object("on", ReadDevice), o.Object("architecture", ArchitectureJson.Read), o.Object("protocol", ReadProtocol));

    private static ProfileRequest ReadProfile(JsonObjectReader o)
    {
        var text = o.Verbatim("space", Limits.FileSize);
        _ = o.Build(() => SearchSpaceJson.Parse(text));
        return new ProfileRequest(o.Object("on", ReadDevice), text, o.Object("scope", LatencyProfileJson.ReadScope), Within(o, "minutes", MostMinutes));
    }

    private static TrainRequest ReadTrain(JsonObjectReader o)
    {
        var data = o.Text("data", 64);
        return JobKinds.IsSha256(data)
            ? new TrainRequest(o.Verbatim("plan", Streams.MostBytes), data, ReadObjectName(o, "start"), ReadObjectName(o, "teacher"))
            : throw new InvalidInputException($"{What}, body.data: isn't a SHA-256; allowed are 64 hexadecimal digits");
    }

    private static string? ReadObjectName(JsonObjectReader o, string name)
    {
        var text = o.TextOrNull(name, LongestName);
        return text is null || Artefacts.IsName(text)
            ? text
            : throw new InvalidInputException($"{What}, body.{name}: isn't a name of the object store; allowed are letters, digits, hyphens and slashes");
    }

    private static JsonObject ToNode(DeviceRequest on) => new()
    {
        ["deviceClass"] = on.DeviceClass,
        ["runtime"] = on.Runtime,
        ["batch"] = on.Batch,
        ["threads"] = on.Threads,
        ["precision"] = ScoreSettingNames.Of(on.Precision),
        ["device"] = on.Device,
        ["waiting"] = on.Waiting is { } waiting ? ThreadWaitingNames.Of(waiting) : null,
    };

    private static DeviceRequest ReadDevice(JsonObjectReader o)
    {
        var name = o.Text("deviceClass", LongestName);
        var device = o.Text("device", LongestName);
        return JobKinds.IsDeviceClass(name) && ScoreSettings.IsDeviceName(device)
            ? new DeviceRequest(
                name, o.Text("runtime", LongestName), o.Integer("batch", 1, MostBatch), (int?)o.NumberOrNull("threads", 1, MostThreads),
                ScoreSettingNames.ParsePrecision(o.OneOf("precision", [.. ScoreSettingNames.Precisions])), device,
                LatencyProfileJson.ReadWaiting(o))
            : throw new InvalidInputException($"{What}, body.on: names no device class or no device; allowed are lower-case letters, digits and hyphens, and cpu, cuda or cuda:0 to cuda:63");
    }

    private static LatencyProtocol ReadProtocol(JsonObjectReader o) => new()
    {
        Visits = o.Integer("visits", 1, RemoteMeasurement.MostVisits),
        WarmUpRuns = o.Integer("warmUpRuns", 0, MostRuns),
        WarmUpSeconds = Within(o, "warmUpSeconds", MostSeconds),
        LeastRuns = o.Integer("leastRuns", 1, MostRuns),
        MostRuns = o.Integer("mostRuns", 1, MostRuns),
        RelativeError = Within(o, "relativeError", 1),
        MostSeconds = Within(o, "mostSeconds", MostSeconds),
    };

    private static double Within(JsonObjectReader o, string name, double most) => o.Real(name) is >= 0 and var value && value <= most
        ? value
        : throw new InvalidInputException($"{What}, {name}: isn't within range; allowed is 0 to {most}");
}
