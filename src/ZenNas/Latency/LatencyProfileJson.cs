using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using ZenNas.Architectures;
using ZenNas.Json;
using ZenNas.Scores;

namespace ZenNas.Latency;

/// <summary>
/// The file format of latency profiles: what was measured, and a checksum over it, since an edited number would be believed. The
/// models are fitted again when it is read.
/// </summary>
public static class LatencyProfileJson
{
    /// <summary>Value of the property <c>format</c>.</summary>
    public const string Format = "zennas/latency-profile";

    /// <summary>Value of the property <c>version</c>.</summary>
    public const int Version = 3;

    // Differs by conditions without a way to wait, and by other yardsticks.
    private const int OldestVersion = 2;

    /// <summary>Largest file, in bytes.</summary>
    public const int FileLimit = 32 << 20;

    internal const int MostNetworks = 10_000;
    private const int MostKernels = 4096;
    private const int MostChannels = 1 << 24;
    private const int MostSamples = 1 << 20;
    private const string What = "latency profile";

    /// <summary>Writes the measurements of a profile.</summary>
    public static string Write(LatencyProfile profile)
    {
        ArgumentNullException.ThrowIfNull(profile);
        var content = new JsonObject
        {
            ["machine"] = ToNode(profile.Machine),
            ["conditions"] = ToNode(profile.Conditions),
            ["scope"] = ToNode(profile.Scope),
            ["yardsticks"] = new JsonObject
            {
                ["macs"] = new JsonArray([.. profile.Yardsticks.Macs.Select(macs => JsonValue.Create(macs))]),
                ["ms"] = ToNode(profile.Yardsticks.Typical),
            },
            ["kernels"] = new JsonArray([.. profile.Samples.Select(s => ToNode(s.Shape, s.Ms, s.Count))]),
            ["networks"] = new JsonArray([.. profile.Networks.Select(ToNode)]),
        }.ToJsonString();
        return $$"""
            {"format": "{{Format}}", "version": {{Version}}, "sha256": "{{Checksum(content)}}",
            "content": {{content}}}

            """;
    }

    /// <summary>Reads a profile and fits its models, which takes a second or two.</summary>
    /// <exception cref="InvalidInputException">The text isn't a profile, is of a version that can't be read any more, or was cut off or edited.</exception>
    public static LatencyProfile Parse(string text) => StrictJson.Read(text, What, FileLimit, root =>
    {
        var version = StrictJson.CheckFormat(root, Format, OldestVersion, Version);
        var expected = root.Text("sha256", 64);
        return root.Object("content", (content, raw) => Checksum(raw) == expected
            ? ReadContent(content, version == Version ? ReadConditions : ReadEarlierConditions)
            : throw new InvalidInputException($"{What}, content: doesn't have the checksum that stands before it, so it was changed after it was measured; profile the device again"));
    });

    internal static JsonObject ToNode(Machine machine) => new()
    {
        ["processor"] = machine.Processor,
        ["cores"] = machine.Cores,
        ["architecture"] = machine.Architecture,
        ["system"] = machine.System,
    };

    internal static JsonObject ToNode(LatencyConditions conditions) => new()
    {
        ["runtime"] = conditions.Runtime,
        ["runtimeVersion"] = conditions.RuntimeVersion,
        ["device"] = conditions.Device,
        ["batch"] = conditions.BatchSize,
        ["threads"] = conditions.Threads,
        ["precision"] = ScoreSettingNames.Of(conditions.Precision),
        ["waiting"] = conditions.Waiting is { } waiting ? ThreadWaitingNames.Of(waiting) : null,
    };

    internal static JsonObject ToNode(ProfileScope scope) => new()
    {
        ["space"] = scope.Space,
        ["resolution"] = scope.Resolution,
        ["classes"] = scope.Classes,
        ["maxMacs"] = scope.MaxMacs,
        ["seed"] = scope.Seed.ToString(CultureInfo.InvariantCulture),
    };

    internal static JsonObject ToNode(ProfiledNetwork network) => new()
    {
        ["macs"] = network.Macs,
        ["ms"] = network.Ms,
        ["yardsticksMs"] = ToNode(network.Yardsticks),
        ["seconds"] = network.Seconds,
        ["kernels"] = new JsonArray([.. network.Kernels.Zip(network.WatchedMs, (shape, ms) => ToNode(shape, ms, 1))]),
    };

    internal static ProfiledNetwork ReadNetwork(JsonObjectReader o)
    {
        var macs = o.Number("macs", 1, long.MaxValue);
        var ms = Positive(o, "ms");
        var yardsticks = ReadTimes(o, "yardsticksMs");
        var seconds = Positive(o, "seconds");
        var kernels = o.Objects("kernels", MostKernels, ReadSample);
        return new ProfiledNetwork(macs, ms, [.. kernels.Select(k => k.Shape)], [.. kernels.Select(k => k.Ms)], yardsticks, seconds);
    }

    private static JsonObject ToNode(NetworkSample network) => new()
    {
        ["macs"] = network.Macs,
        ["ms"] = network.Ms,
        ["kernels"] = new JsonArray([.. network.Kernels.Select(k => JsonValue.Create(k))]),
    };

    private static LatencyProfile ReadContent(JsonObjectReader content, Func<JsonObjectReader, LatencyConditions> readConditions)
    {
        var samples = content.Objects("kernels", MostSamples, ReadSample);
        var networks = content.Objects("networks", MostNetworks, o => new NetworkSample(
            o.Number("macs", 1, long.MaxValue), Positive(o, "ms"), o.IntegersWithin("kernels", 0, samples.Length - 1, MostKernels)));
        return LatencyProfile.Fit(
            content.Object("machine", ReadMachine), content.Object("conditions", readConditions), content.Object("scope", ReadScope),
            content.Object("yardsticks", o => new ProfiledYardsticks(o.Numbers("macs", YardstickTimes.Count, 1, long.MaxValue), ReadTimes(o, "ms"))), samples, networks);
    }

    internal static JsonArray ToNode(YardstickTimes times) => new([.. times.Ms.Select(ms => JsonValue.Create(ms))]);

    private static YardstickTimes ReadTimes(JsonObjectReader o, string name) => o.Reals(name, YardstickTimes.Count) is { Length: YardstickTimes.Count } times && times.All(t => t > 0)
        ? new YardstickTimes(times)
        : throw new InvalidInputException($"{What}, {name}: isn't a list of {YardstickTimes.Count} times; allowed are numbers above 0");

    internal static Machine ReadMachine(JsonObjectReader o) => new(
        o.Text("processor", 1000), o.Integer("cores", 1, 1 << 20), o.Text("architecture", 100), o.Text("system", 1000));

    internal static LatencyConditions ReadConditions(JsonObjectReader o) => ReadConditions(o, ReadWaiting(o));

    /// <summary>Conditions of before there was a choice, when ONNX Runtime's threads waited as they do by themselves.</summary>
    internal static LatencyConditions ReadEarlierConditions(JsonObjectReader o)
    {
        if (o.Has("waiting"))
        {
            return ReadConditions(o);
        }

        var conditions = ReadConditions(o, waiting: null);
        return conditions.Threads > 1 ? conditions with { Waiting = ThreadWaiting.Spin } : conditions;
    }

    private static LatencyConditions ReadConditions(JsonObjectReader o, ThreadWaiting? waiting) => new(
        o.Text("runtime", 100), o.Text("runtimeVersion", 100), o.Text("device", 100), o.Integer("batch", 1, 1 << 20), o.Integer("threads", 1, 1 << 20),
        ScoreSettingNames.ParsePrecision(o.OneOf("precision", [.. ScoreSettingNames.Precisions])), waiting);

    internal static ThreadWaiting? ReadWaiting(JsonObjectReader o)
    {
        var name = o.TextOrNull("waiting", 100);
        return name is null ? null
            : ThreadWaitingNames.All.Contains(name) ? ThreadWaitingNames.Parse(name)
            : throw new InvalidInputException($"waiting: is '{Excerpt.Of(name, 100)}'; allowed is null or one of {string.Join(", ", ThreadWaitingNames.All)}");
    }

    internal static ProfileScope ReadScope(JsonObjectReader o) => new(
        o.Text("space", 1000), o.Integer("resolution", 1, Limits.Resolution), o.Integer("classes", 1, Limits.Classes), o.Number("maxMacs", 1, long.MaxValue),
        ulong.TryParse(o.Text("seed", 20), NumberStyles.None, CultureInfo.InvariantCulture, out var seed)
            ? seed
            : throw new InvalidInputException($"{What}, scope.seed: isn't a whole number; allowed is a text of digits"));

    private static JsonObject ToNode(KernelShape shape, double ms, int count) => new()
    {
        ["kind"] = KernelNames.Of(shape.Kind),
        ["in"] = shape.InChannels,
        ["out"] = shape.OutChannels,
        ["inSize"] = shape.InSize,
        ["outSize"] = shape.OutSize,
        ["kernel"] = shape.Kernel,
        ["stride"] = shape.Stride,
        ["groups"] = shape.Groups,
        ["adds"] = shape.Adds,
        ["ms"] = ms,
        ["count"] = count,
    };

    private static KernelSample ReadSample(JsonObjectReader o) => new(ReadShape(o), Positive(o, "ms"), o.Integer("count", 1, int.MaxValue));

    private static KernelShape ReadShape(JsonObjectReader o) => new(
        KernelNames.Parse(o.OneOf("kind", [.. KernelNames.All])), o.Integer("in", 1, MostChannels), o.Integer("out", 1, MostChannels),
        o.Integer("inSize", 1, Limits.Resolution), o.Integer("outSize", 1, Limits.Resolution), o.Integer("kernel", 1, 99), o.Integer("stride", 1, 99),
        o.Integer("groups", 1, Limits.Width), o.Flag("adds"));

    private static double Positive(JsonObjectReader o, string name) =>
        o.Real(name) is > 0 and var value ? value : throw new InvalidInputException($"{What}, {name}: isn't positive; allowed are numbers above 0");

    private static string Checksum(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
