using System.Collections.Immutable;
using System.Diagnostics;
using ZenNas.Architectures;

namespace ZenNas.Latency;

/// <summary>When the measuring of a latency ends.</summary>
public sealed record LatencyProtocol
{
    /// <summary>Visits, each with its own warm-up, of which the fastest counts: whatever disturbs makes slower, mostly for no longer than a few seconds.</summary>
    public int Visits { get; init; } = 5;

    /// <summary>Runs that aren't counted, at least.</summary>
    public int WarmUpRuns { get; init; } = 3;

    /// <summary>Seconds of runs that aren't counted, at least.</summary>
    public double WarmUpSeconds { get; init; } = 0.3;

    /// <summary>Fewest runs of a visit that count.</summary>
    public int LeastRuns { get; init; } = 15;

    /// <summary>Most runs of a visit that count.</summary>
    public int MostRuns { get; init; } = 100_000;

    /// <summary>Half the width of the median's 95 % confidence interval, relative to the median, at which a visit ends.</summary>
    public double RelativeError { get; init; } = 0.02;

    /// <summary>Seconds of all visits after which measuring ends anyway, but not before <see cref="LeastRuns"/> of the first.</summary>
    public double MostSeconds { get; init; } = 30;

    /// <summary>The paper's protocol: 30 runs (of batches of 64 images).</summary>
    public static LatencyProtocol Paper { get; } = new() { Visits = 1, LeastRuns = 30, MostRuns = 30 };
}

/// <summary>A measured latency.</summary>
/// <param name="conditions">Under which conditions.</param>
/// <param name="sortedMs">Milliseconds of every counted run of a batch, ascending.</param>
/// <param name="otherVisitsMs">Medians of slower visits.</param>
public sealed class LatencyMeasurement(LatencyConditions conditions, ImmutableArray<double> sortedMs, params ImmutableArray<double> otherVisitsMs)
{
    // A tenth of the runs at either end is left out of the trimmed mean.
    private const double Trimmed = 0.1;

    /// <summary>Under which conditions.</summary>
    public LatencyConditions Conditions { get; } = conditions;

    /// <summary>Milliseconds of every counted run of a batch in the fastest visit, ascending.</summary>
    public ImmutableArray<double> SortedMs { get; } = sortedMs;

    /// <summary>Medians of the slower visits, ascending.</summary>
    public ImmutableArray<double> OtherVisitsMs { get; } = [.. otherVisitsMs.Order()];

    /// <summary>Median milliseconds for a batch.</summary>
    public double MedianMs => (SortedMs[(SortedMs.Length - 1) / 2] + SortedMs[SortedMs.Length / 2]) / 2;

    /// <summary>Median milliseconds for an image.</summary>
    public double MedianMsPerImage => MedianMs / Conditions.BatchSize;

    /// <summary>Mean milliseconds for a batch without the fastest and slowest tenth.</summary>
    public double TrimmedMeanMs
    {
        get
        {
            var left = (int)(Trimmed * SortedMs.Length);
            return SortedMs.AsSpan(left, SortedMs.Length - 2 * left).ToArray().Average();
        }
    }

    /// <summary>95 % confidence interval of the median by order statistics; all runs where they are at most seven.</summary>
    public (double Low, double High) MedianInterval => Interval(SortedMs.AsSpan());

    /// <summary>Half the width of <see cref="MedianInterval"/>, relative to the median.</summary>
    public double RelativeError => (MedianInterval.High - MedianInterval.Low) / 2 / MedianMs;

    /// <summary>First and third quartile.</summary>
    public (double Low, double High) Quartiles => (SortedMs[SortedMs.Length / 4], SortedMs[SortedMs.Length - 1 - SortedMs.Length / 4]);

    /// <summary>
    /// Visits a network several times; the fastest visit counts. Each visit loads the network anew, since where its weights and maps come to lie in memory
    /// changes its time, too.
    /// </summary>
    /// <param name="runtime">Where it runs.</param>
    /// <param name="network">The network.</param>
    /// <param name="protocol">When to end.</param>
    /// <param name="progress">Told the seconds spent and the relative error of the visit so far.</param>
    /// <param name="cancellation">Ends it between runs.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static LatencyMeasurement Of(
        ILatencyRuntime runtime, Network network, LatencyProtocol protocol, Action<double, double>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(runtime);
        ArgumentNullException.ThrowIfNull(protocol);
        var clock = Stopwatch.StartNew();
        var visits = new List<LatencyMeasurement>();
        while (visits.Count < protocol.Visits && (visits.Count == 0 || clock.Elapsed.TotalSeconds < protocol.MostSeconds))
        {
            using var loaded = runtime.Load(network);
            visits.Add(Visit(runtime.Conditions, loaded.Run, protocol, (_, error) => progress?.Invoke(clock.Elapsed.TotalSeconds, error), cancellation));
        }

        var fastest = visits.MinBy(visit => visit.MedianMs)!;
        return new LatencyMeasurement(runtime.Conditions, fastest.SortedMs, [.. visits.Where(visit => visit != fastest).Select(visit => visit.MedianMs)]);
    }

    /// <summary>One visit: warms up, then runs until the median is known.</summary>
    /// <param name="conditions">Under which conditions it runs.</param>
    /// <param name="run">Runs one batch.</param>
    /// <param name="protocol">When to end.</param>
    /// <param name="progress">Told the seconds spent and the relative error so far.</param>
    /// <param name="cancellation">Ends it between runs.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static LatencyMeasurement Visit(
        LatencyConditions conditions, Action run, LatencyProtocol protocol, Action<double, double>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(protocol);
        WarmUp(run, protocol, cancellation);
        return new LatencyMeasurement(conditions, Runs(run, protocol, progress, cancellation));
    }

    private static void WarmUp(Action run, LatencyProtocol protocol, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        for (var i = 0; i < protocol.WarmUpRuns || clock.Elapsed.TotalSeconds < protocol.WarmUpSeconds; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            run();
        }
    }

    private static ImmutableArray<double> Runs(Action run, LatencyProtocol protocol, Action<double, double>? progress, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        var mostSeconds = protocol.MostSeconds / protocol.Visits;
        var times = new List<double>();
        var nextCheck = protocol.LeastRuns;
        while (times.Count < protocol.MostRuns)
        {
            cancellation.ThrowIfCancellationRequested();
            var start = Stopwatch.GetTimestamp();
            run();
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            if (times.Count < nextCheck && clock.Elapsed.TotalSeconds < mostSeconds)
            {
                continue;
            }

            var error = ErrorOf(times);
            progress?.Invoke(clock.Elapsed.TotalSeconds, error);
            if (times.Count >= protocol.LeastRuns && (error <= protocol.RelativeError || clock.Elapsed.TotalSeconds >= mostSeconds))
            {
                break;
            }

            // Sorting after every run would take longer than short runs do.
            nextCheck = times.Count + Math.Max(1, times.Count / 8);
        }

        return [.. times.Order()];
    }

    private static double ErrorOf(List<double> times)
    {
        double[] sorted = [.. times.Order()];
        var (low, high) = Interval(sorted);
        return (high - low) / 2 / sorted[sorted.Length / 2];
    }

    /// <summary>The ranks between which the median lies with 95 % by the binomial distribution, approximated as normal.</summary>
    private static (double Low, double High) Interval(ReadOnlySpan<double> sorted)
    {
        var half = 0.98 * Math.Sqrt(sorted.Length);
        var low = Math.Max(0, (int)Math.Floor(sorted.Length / 2.0 - half));
        return (sorted[low], sorted[sorted.Length - 1 - low]);
    }
}
