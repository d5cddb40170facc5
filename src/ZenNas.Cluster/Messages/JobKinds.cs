using System.Collections.Immutable;
using ZenNas.Scores;

namespace ZenNas.Cluster.Messages;

/// <summary>Kinds of jobs, and the queues in which they wait.</summary>
public static class JobKinds
{
    /// <summary>Scoring.</summary>
    public const string Score = "score";

    /// <summary>Measuring a latency, or a whole device; both wait in the queue of a device class.</summary>
    public const string Latency = "latency";

    /// <summary>Training and evaluating.</summary>
    public const string Train = "train";

    internal const string Profile = "profile";
    private const int HashDigits = 16;
    private const int LongestClass = 32;

    /// <summary>Kinds that a worker may take.</summary>
    public static ImmutableArray<string> All { get; } = [Score, Latency, Train];

    /// <summary>Queue of a device class.</summary>
    public static string LatencyQueue(string deviceClass) => $"{Latency}-{deviceClass}";

    /// <summary>Queue of the trainings with the same pictures.</summary>
    public static string TrainQueue(string dataSha256)
    {
        ArgumentNullException.ThrowIfNull(dataSha256);
        return $"{Train}-{dataSha256[..HashDigits]}";
    }

    /// <summary>Whether a text can name a device class: 1 to 32 lower-case letters, digits and hyphens.</summary>
    public static bool IsDeviceClass(string text) => text is { Length: <= LongestClass } && ScoreCatalog.IsName(text);

    internal static bool IsSha256(string text) => text.Length == 64 && text.All(char.IsAsciiHexDigitLower);
}
