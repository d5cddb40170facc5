using System.Collections.Immutable;
using System.Diagnostics;

namespace ZenNas.Latency;

/// <summary>When the measuring of a latency ends.</summary>
public sealed record LatencyProtocol
{
    /// <summary>Runs that aren't counted, at least.</summary>
    public int WarmUpRuns { get; init; } = 3;

    /// <summary>Seconds of runs that aren't counted, at least.</summary>
    public double WarmUpSeconds { get; init; } = 0.3;

    /// <summary>Fewest runs that count.</summary>
    public int LeastRuns { get; init; } = 15;

    /// <summary>Most runs that count.</summary>
    public int MostRuns { get; init; } = 100_000;

    /// <summary>Half the width of the median's 95 % confidence interval, relative to the median, at which measuring ends.</summary>
    public double RelativeError { get; init; } = 0.02;

    /// <summary>Seconds after which measuring ends anyway, but not before <see cref="LeastRuns"/>.</summary>
    public double MostSeconds { get; init; } = 30;

    /// <summary>The paper's protocol: 30 runs (of batches of 64 images).</summary>
    public static LatencyProtocol Paper { get; } = new() { LeastRuns = 30, MostRuns = 30 };
}

/// <summary>A measured latency.</summary>
/// <param name="conditions">Under which conditions.</param>
/// <param name="sortedMs">Milliseconds of every counted run of a batch, ascending.</param>
public sealed class LatencyMeasurement(LatencyConditions conditions, ImmutableArray<double> sortedMs)
{
    // A tenth of the runs at either end is left out of the trimmed mean.
    private const double Trimmed = 0.1;

    /// <summary>Under which conditions.</summary>
    public LatencyConditions Conditions { get; } = conditions;

    /// <summary>Milliseconds of every counted run of a batch, ascending.</summary>
    public ImmutableArray<double> SortedMs { get; } = sortedMs;

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

    /// <summary>95 % confidence interval of the median by order statistics; all runs where they are fewer than six.</summary>
    public (double Low, double High) MedianInterval => Interval(SortedMs.AsSpan());

    /// <summary>Half the width of <see cref="MedianInterval"/>, relative to the median.</summary>
    public double RelativeError => (MedianInterval.High - MedianInterval.Low) / 2 / MedianMs;

    /// <summary>First and third quartile.</summary>
    public (double Low, double High) Quartiles => (SortedMs[SortedMs.Length / 4], SortedMs[SortedMs.Length - 1 - SortedMs.Length / 4]);

    /// <summary>Measures how long something takes.</summary>
    /// <param name="conditions">Under which conditions it runs.</param>
    /// <param name="run">Runs one batch.</param>
    /// <param name="protocol">When to end.</param>
    /// <param name="progress">Told the seconds spent and the relative error so far.</param>
    /// <param name="cancellation">Ends it between runs.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static LatencyMeasurement Of(
        LatencyConditions conditions, Action run, LatencyProtocol protocol, Action<double, double>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(protocol);
        var clock = Stopwatch.StartNew();
        for (var i = 0; i < protocol.WarmUpRuns || clock.Elapsed.TotalSeconds < protocol.WarmUpSeconds; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            run();
        }

        var times = new List<double>();
        clock.Restart();
        var nextCheck = protocol.LeastRuns;
        while (times.Count < protocol.MostRuns)
        {
            cancellation.ThrowIfCancellationRequested();
            var start = Stopwatch.GetTimestamp();
            run();
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            if (times.Count < nextCheck && clock.Elapsed.TotalSeconds < protocol.MostSeconds)
            {
                continue;
            }

            var error = ErrorOf(times);
            progress?.Invoke(clock.Elapsed.TotalSeconds, error);
            if (times.Count >= protocol.LeastRuns && (error <= protocol.RelativeError || clock.Elapsed.TotalSeconds >= protocol.MostSeconds))
            {
                break;
            }

            // Sorting after every run would take longer than short runs do.
            nextCheck = times.Count + Math.Max(1, times.Count / 8);
        }

        return new LatencyMeasurement(conditions, [.. times.Order()]);
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
