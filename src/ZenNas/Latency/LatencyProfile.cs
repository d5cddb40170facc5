using System.Collections.Immutable;

namespace ZenNas.Latency;

/// <summary>What networks a profile was made for.</summary>
/// <param name="Space">What tells the search space from others: its name, with a part of its file's SHA-256 after @ where it isn't built in.</param>
/// <param name="Resolution">Input resolution in pixels.</param>
/// <param name="Classes">Class count.</param>
/// <param name="MaxMacs">Largest limit on the MACs of a profiled network.</param>
/// <param name="Seed">Seed of the choice of networks.</param>
public sealed record ProfileScope(string Space, int Resolution, int Classes, long MaxMacs, ulong Seed);

/// <summary>A network that was measured for a profile.</summary>
/// <param name="macs">Multiply–adds per image.</param>
/// <param name="ms">Milliseconds for a batch: median of the fastest visit.</param>
/// <param name="kernels">Its kernels.</param>
/// <param name="watchedMs">Milliseconds of each kernel for a batch while the runtime watched them, which takes longer.</param>
/// <param name="yardsticks">What the yardsticks took meanwhile.</param>
/// <param name="seconds">Seconds that choosing and measuring it took.</param>
public sealed class ProfiledNetwork(long macs, double ms, ImmutableArray<KernelShape> kernels, ImmutableArray<double> watchedMs, YardstickTimes yardsticks, double seconds)
{
    /// <summary>Multiply–adds per image.</summary>
    public long Macs { get; } = macs;

    /// <summary>Milliseconds for a batch: median of the fastest visit.</summary>
    public double Ms { get; } = ms;

    /// <summary>Its kernels.</summary>
    public ImmutableArray<KernelShape> Kernels { get; } = kernels;

    /// <summary>Milliseconds of each kernel for a batch while the runtime watched them, which takes longer.</summary>
    public ImmutableArray<double> WatchedMs { get; } = watchedMs;

    /// <summary>What the yardsticks took meanwhile.</summary>
    public YardstickTimes Yardsticks { get; } = yardsticks;

    /// <summary>Seconds that choosing and measuring it took.</summary>
    public double Seconds { get; } = seconds;

    /// <summary>The same as it would have been at another moment.</summary>
    internal ProfiledNetwork AtPaceOf(YardstickTimes moment)
    {
        var pace = Yardsticks.PaceFor(Ms, moment);
        return new ProfiledNetwork(Macs, Ms / pace, Kernels, [.. WatchedMs.Select(watched => watched / pace)], moment, Seconds);
    }
}

/// <summary>A measured network of a profile, by its kernels.</summary>
/// <param name="macs">Multiply–adds per image.</param>
/// <param name="ms">Milliseconds for a batch at the profile's pace.</param>
/// <param name="kernels">Positions of its kernels in <see cref="LatencyProfile.Samples"/>.</param>
public sealed class NetworkSample(long macs, double ms, ImmutableArray<int> kernels)
{
    /// <summary>Multiply–adds per image.</summary>
    public long Macs { get; } = macs;

    /// <summary>Milliseconds for a batch at the profile's pace.</summary>
    public double Ms { get; } = ms;

    /// <summary>Positions of its kernels in <see cref="LatencyProfile.Samples"/>.</summary>
    public ImmutableArray<int> Kernels { get; } = kernels;
}

/// <summary>The networks that were measured between all others.</summary>
/// <param name="macs">Multiply–adds per image of each.</param>
/// <param name="typical">First quartiles over the whole profile; times in the profile are those of a moment at which the yardsticks take as long.</param>
public sealed class ProfiledYardsticks(ImmutableArray<long> macs, YardstickTimes typical)
{
    /// <summary>Multiply–adds per image of each.</summary>
    public ImmutableArray<long> Macs { get; } = macs;

    /// <summary>First quartiles over the whole profile.</summary>
    public YardstickTimes Typical { get; } = typical;
}

/// <summary>What a device takes for the kernels of a search space: measured on the device, used for searching anywhere.</summary>
public sealed class LatencyProfile
{
    /// <summary>The device.</summary>
    public required Machine Machine { get; init; }

    /// <summary>Runtime, batch size, threads, precision.</summary>
    public required LatencyConditions Conditions { get; init; }

    /// <summary>Space, resolution, classes.</summary>
    public required ProfileScope Scope { get; init; }

    /// <summary>The networks that were measured between all others.</summary>
    public required ProfiledYardsticks Yardsticks { get; init; }

    /// <summary>The measured kernels, each shape once.</summary>
    public required ImmutableArray<KernelSample> Samples { get; init; }

    /// <summary>The measured networks.</summary>
    public required ImmutableArray<NetworkSample> Networks { get; init; }

    /// <summary>Median of milliseconds per MAC over the measured networks: what a prediction by FLOPs alone has to go by.</summary>
    public required double MsPerMac { get; init; }

    /// <summary>Fitted models.</summary>
    internal ImmutableSortedDictionary<KernelKind, KernelTimeModel> Models { get; init; } = ImmutableSortedDictionary<KernelKind, KernelTimeModel>.Empty;

    /// <summary>A predictor of its own memory, for one thread.</summary>
    public LatencyPredictor Predictor() => new(Models);

    /// <summary>Fits a profile to measured networks.</summary>
    /// <param name="machine">Where they were measured.</param>
    /// <param name="conditions">Under which conditions.</param>
    /// <param name="scope">What they were drawn from.</param>
    /// <param name="yardstickMacs">Multiply–adds of the yardsticks.</param>
    /// <param name="networks">At least one.</param>
    public static LatencyProfile Fit(
        Machine machine, LatencyConditions conditions, ProfileScope scope, ImmutableArray<long> yardstickMacs, IReadOnlyList<ProfiledNetwork> networks)
    {
        ArgumentNullException.ThrowIfNull(networks);
        var typical = YardstickTimes.UndisturbedOf([.. networks.Select(n => n.Yardsticks)]);
        ProfiledNetwork[] paced = [.. networks.Select(network => network.AtPaceOf(typical))];
        var watching = WatchingCost.Fit(paced);
        var samples = paced.SelectMany(n => n.Kernels.Zip(watching.Remove(n), (shape, ms) => (Shape: shape, Ms: ms)))
            .GroupBy(k => k.Shape)
            .Select(g => new KernelSample(g.Key, g.Average(k => k.Ms), g.Count()))
            .ToImmutableArray();
        var positions = samples.Select((s, i) => (s.Shape, i)).ToDictionary(p => p.Shape, p => p.i);
        return Fit(
            machine, conditions, scope, new ProfiledYardsticks(yardstickMacs, typical), samples,
            [.. paced.Select(n => new NetworkSample(n.Macs, n.Ms, [.. n.Kernels.Select(k => positions[k])]))]);
    }

    /// <summary>Fits a profile to what one holds.</summary>
    internal static LatencyProfile Fit(
        Machine machine, LatencyConditions conditions, ProfileScope scope, ProfiledYardsticks yardsticks, ImmutableArray<KernelSample> samples,
        ImmutableArray<NetworkSample> networks)
    {
        var models = samples.GroupBy(s => s.Shape.Kind).ToImmutableSortedDictionary(g => g.Key, g => KernelTimeFit.Fit([.. g]));
        return new LatencyProfile
        {
            Machine = machine,
            Conditions = conditions,
            Scope = scope,
            Yardsticks = yardsticks,
            Samples = samples,
            Networks = networks,
            MsPerMac = Median([.. networks.Select(n => n.Ms / n.Macs)]),
            Models = WholeNetworkCorrection.Apply(models, samples, networks),
        };
    }

    private static double Median(double[] values)
    {
        Array.Sort(values);
        return (values[(values.Length - 1) / 2] + values[values.Length / 2]) / 2;
    }
}
