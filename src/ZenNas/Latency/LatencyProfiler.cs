using System.Collections.Immutable;
using ZenNas.Architectures;
using ZenNas.Spaces;

namespace ZenNas.Latency;

/// <summary>How far profiling has come.</summary>
/// <param name="Networks">Networks measured.</param>
/// <param name="Seconds">Seconds spent measuring, over all sessions.</param>
/// <param name="MostSeconds">Seconds at which profiling ends.</param>
public readonly record struct ProfilingProgress(int Networks, double Seconds, double MostSeconds);

/// <summary>
/// Profiles a device: measures networks of a plan one after the other until the time is used up. Of three networks two are random, one is
/// the best that a short search finds; as soon as there are enough measurements, that search is limited by the latency that they predict,
/// and so leads to the kernels that later searches will ask for.
/// </summary>
public sealed class LatencyProfiler
{
    /// <summary>Seconds of measuring unless a user asks for others.</summary>
    public const double DefaultSeconds = 600;

    // For 224×224 9 G, for 32×32 1.3 G.
    private const long MacsPerPixel = 40_000_000;
    private const int LeastNetworks = 8;
    private const int KindsOfNetworks = 3;
    private const int FirstFit = 40;

    // What a search finds by its predictions is where they are too small; measuring it soon mends them there.
    private const int NetworksBetweenFits = 18;

    private readonly ILatencyRuntime _runtime;
    private readonly NetworkSampler _sampler;
    private readonly ProfileScope _scope;

    /// <param name="runtime">Where networks run.</param>
    /// <param name="space">Space whose networks are measured.</param>
    /// <param name="scope">Resolution, classes, limit and seed.</param>
    public LatencyProfiler(ILatencyRuntime runtime, SearchSpace space, ProfileScope scope)
    {
        ArgumentNullException.ThrowIfNull(scope);
        (_runtime, _scope) = (runtime, scope);
        _sampler = new NetworkSampler(space, scope.Resolution, scope.Classes, scope.MaxMacs, scope.Seed);
    }

    /// <summary>Limit on MACs unless a user asks for another.</summary>
    public static long DefaultMaxMacs(int resolution) => MacsPerPixel * resolution;

    /// <summary>Measures until the time is used up, then fits.</summary>
    /// <param name="journal">What was measured already; gets what is measured now.</param>
    /// <param name="mostSeconds">Seconds of measuring, those of the journal included.</param>
    /// <param name="progress">Told after every network.</param>
    /// <param name="cancellation">Ends it; the journal keeps what was measured.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public LatencyProfile Run(ProfileJournal journal, double mostSeconds, Action<ProfilingProgress>? progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(journal);
        LatencyProfile? interim = null;
        using var yardsticks = new Yardsticks(_runtime, _sampler);
        var seconds = journal.Networks.Sum(n => n.Seconds);
        for (var number = journal.Networks.Count; number < LeastNetworks || (seconds < mostSeconds && number < LatencyProfileJson.MostNetworks); number++)
        {
            var next = number;
            var network = ProfileMeasuring.Measure(_runtime, yardsticks, Typical(journal.Networks), () => Draw(next, yardsticks.Macs, journal.Networks, ref interim), cancellation);
            journal.Add(network);
            seconds += network.Seconds;
            progress?.Invoke(new ProfilingProgress(journal.Networks.Count, seconds, mostSeconds));
        }

        return Fit(yardsticks.Macs, journal.Networks);
    }

    /// <summary>What the yardsticks take when nothing disturbs; null while too little is known.</summary>
    private static YardstickTimes? Typical(IReadOnlyList<ProfiledNetwork> measured) =>
        measured.Count < LeastNetworks ? null : YardstickTimes.UndisturbedOf([.. measured.Select(n => n.Yardsticks)]);

    private Architecture Draw(int number, ImmutableArray<long> yardstickMacs, IReadOnlyList<ProfiledNetwork> measured, ref LatencyProfile? interim)
    {
        if (number % KindsOfNetworks != KindsOfNetworks - 1)
        {
            return _sampler.Random(number);
        }

        // A resumed profile is fitted at once.
        if (measured.Count >= FirstFit && (interim is null || measured.Count >= interim.Networks.Length + NetworksBetweenFits))
        {
            interim = Fit(yardstickMacs, measured);
        }

        return interim is null
            ? _sampler.Best(number)
            : _sampler.Best(number, interim.Predictor(), measured.Min(n => n.Ms), measured.Max(n => n.Ms));
    }

    private LatencyProfile Fit(ImmutableArray<long> yardstickMacs, IReadOnlyList<ProfiledNetwork> networks) =>
        LatencyProfile.Fit(Machine.Current, _runtime.Conditions, _scope, yardstickMacs, networks);
}
