using System.Text.Json.Nodes;
using ZenNas.Json;
using ZenNas.Latency;

namespace ZenNas.Runs;

/// <summary>A run's limit on latency: predicted from a profile, which the run keeps, or measured network by network.</summary>
public sealed record LatencyOptions
{
    private const double MostMs = 1e9;

    /// <summary>Most milliseconds for a batch.</summary>
    public required double MaxMs { get; init; }

    /// <summary>Text of the profile; null where latencies are measured.</summary>
    public required string? ProfileText { get; init; }

    /// <summary>Under which conditions networks are measured at the end, or all the time.</summary>
    public required LatencyConditions Conditions { get; init; }

    /// <summary>Machine that the limit is for.</summary>
    public required Machine Machine { get; init; }

    /// <summary>Whether every network of the search is measured.</summary>
    public bool IsMeasured => ProfileText is null;

    /// <summary>Where latencies come from.</summary>
    public required ILatencySource Source { get; init; }

    /// <summary>The limit as budgets hold it.</summary>
    public LatencyLimit Limit => new(MaxMs, Source);

    /// <summary>A limit on predictions from a profile.</summary>
    /// <param name="maxMs">Most milliseconds for a batch.</param>
    /// <param name="profileText">Text of the profile.</param>
    /// <param name="profile">What the text says.</param>
    public static LatencyOptions Predicted(double maxMs, string profileText, LatencyProfile profile)
    {
        ArgumentNullException.ThrowIfNull(profile);
        return new LatencyOptions
        {
            MaxMs = maxMs,
            ProfileText = profileText,
            Conditions = profile.Conditions,
            Machine = profile.Machine,
            Source = profile.Predictor(),
        };
    }

    /// <summary>A limit on latencies measured on this machine.</summary>
    public static LatencyOptions Measured(double maxMs, LatencyConditions conditions, ILatencySource source) => new()
    {
        MaxMs = maxMs,
        ProfileText = null,
        Conditions = conditions,
        Machine = Machine.Current,
        Source = source,
    };

    internal JsonObject ToNode() => new()
    {
        ["maxMs"] = MaxMs,
        ["conditions"] = LatencyProfileJson.ToNode(Conditions),
        ["profile"] = ProfileText,
    };

    /// <summary>Reads what <see cref="ToNode"/> wrote.</summary>
    /// <param name="o">The object.</param>
    /// <param name="measuring">Makes a source that measures.</param>
    internal static LatencyOptions Read(JsonObjectReader o, Func<LatencyConditions, ILatencySource>? measuring)
    {
        var maxMs = o.Real("maxMs") is > 0 and <= MostMs and var ms
            ? ms
            : throw new InvalidInputException($"{RunOptions.FileName}, latency.maxMs: isn't within range; allowed is a number above 0 and at most {MostMs}");
        var conditions = o.Object("conditions", LatencyProfileJson.ReadEarlierConditions);
        return o.TextOrNull("profile", LatencyProfileJson.FileLimit) is { } profile
            ? o.Build(() => Predicted(maxMs, profile, LatencyProfileJson.Parse(profile)))
            : Measured(maxMs, conditions, measuring?.Invoke(conditions) ?? throw new InvalidInputException($"{RunOptions.FileName}: the run measures latencies, which isn't possible here"));
    }
}
