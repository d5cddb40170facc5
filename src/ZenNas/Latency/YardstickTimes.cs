using System.Collections.Immutable;

namespace ZenNas.Latency;

/// <summary>What a network took, and what the yardsticks took in between.</summary>
/// <param name="network">The network's fastest visit.</param>
/// <param name="visitsMs">Medians of all visits to the network, in their order.</param>
/// <param name="yardsticks">The fastest visit of each yardstick.</param>
public sealed class PacedMeasurement(LatencyMeasurement network, ImmutableArray<double> visitsMs, YardstickTimes yardsticks)
{
    /// <summary>The network's fastest visit.</summary>
    public LatencyMeasurement Network { get; } = network;

    /// <summary>Medians of all visits to the network, in their order.</summary>
    public ImmutableArray<double> VisitsMs { get; } = visitsMs;

    /// <summary>The fastest visit of each yardstick.</summary>
    public YardstickTimes Yardsticks { get; } = yardsticks;

    /// <summary>Median of the visits' medians: what a measurement at any moment gives.</summary>
    public double MedianVisitMs => VisitsMs.Order().ElementAt((VisitsMs.Length - 1) / 2);
}

/// <summary>What each yardstick took at some moment, or at best within a few.</summary>
public sealed class YardstickTimes
{
    /// <summary>Number of yardsticks.</summary>
    public const int Count = 4;

    /// <param name="ms">Milliseconds of each, from the smallest network to the largest.</param>
    public YardstickTimes(ImmutableArray<double> ms)
    {
        if (ms.IsDefault || ms.Length != Count || ms.Any(t => !(t > 0)))
        {
            throw new ArgumentException($"there have to be {Count} times above 0", nameof(ms));
        }

        Ms = ms;
    }

    /// <summary>Milliseconds of each, from the smallest network to the largest.</summary>
    public ImmutableArray<double> Ms { get; }

    /// <summary>First quartiles of each over many moments: what they take when nothing disturbs, since whatever disturbs makes slower.</summary>
    /// <param name="moments">At least one.</param>
    public static YardstickTimes UndisturbedOf(IReadOnlyList<YardstickTimes> moments)
    {
        ArgumentNullException.ThrowIfNull(moments);
        return new YardstickTimes([.. Enumerable.Range(0, Count).Select(i => moments.Select(m => m.Ms[i]).Order().ElementAt(moments.Count / 4))]);
    }

    /// <summary>The shorter time of each of two moments.</summary>
    public static YardstickTimes FastestOf(YardstickTimes first, YardstickTimes second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        return new YardstickTimes([.. first.Ms.Zip(second.Ms, Math.Min)]);
    }

    /// <summary>How much slower this moment is than another: mean over the yardsticks of the ratios' logarithms, below 0 where it is faster.</summary>
    public double SlownessAgainst(YardstickTimes other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Ms.Zip(other.Ms, (a, b) => Math.Log(a / b)).Average();
    }

    /// <summary>
    /// How slow this moment is against a typical one, for a network that takes so long: ratios of the yardsticks' times, between them interpolated
    /// linearly in logarithms, beyond the smallest and largest that of the nearest.
    /// </summary>
    /// <param name="ms">What the network takes.</param>
    /// <param name="typical">The typical moment.</param>
    /// <returns>Above 1 where this moment is slower.</returns>
    public double PaceFor(double ms, YardstickTimes typical)
    {
        ArgumentNullException.ThrowIfNull(typical);
        var order = Enumerable.Range(0, Count).OrderBy(i => Ms[i]).ToArray();
        if (ms <= Ms[order[0]])
        {
            return Ratio(order[0], typical);
        }

        for (var i = 1; i < Count; i++)
        {
            var (lower, upper) = (Ms[order[i - 1]], Ms[order[i]]);
            if (ms <= upper)
            {
                var share = Math.Log(ms / lower) / Math.Log(upper / lower);
                return Math.Exp((1 - share) * Math.Log(Ratio(order[i - 1], typical)) + share * Math.Log(Ratio(order[i], typical)));
            }
        }

        return Ratio(order[^1], typical);
    }

    private double Ratio(int i, YardstickTimes typical) => Ms[i] / typical.Ms[i];
}
