using System.Collections.Immutable;
using ZenNas.Complexity;

namespace ZenNas.Search.Optimal;

/// <summary>Kind of cost whose limit is varied.</summary>
internal enum FrontCost
{
    /// <summary>Parameters.</summary>
    Parameters,

    /// <summary>Multiply–adds per image.</summary>
    Macs,

    /// <summary>Layers in the paper's sense.</summary>
    Layers,

    /// <summary>Predicted milliseconds.</summary>
    Latency,
}

/// <summary>The best network within one of the limits.</summary>
/// <param name="Limit">The limit.</param>
/// <param name="Optimum">The best network, and what none exceeds.</param>
/// <param name="Cost">Its costs by true counting.</param>
/// <param name="Used">What it uses of the varied cost.</param>
/// <param name="IsKnee">Whether the front bends here: more costs much less before it than behind it.</param>
internal sealed record FrontPoint(double Limit, Optimum Optimum, NetworkCost Cost, double Used, bool IsKnee);

/// <summary>Where a front bends.</summary>
internal static class Knees
{
    /// <summary>
    /// Kneedle (Satopää et al., 2011) without smoothing: over logarithms of cost, both axes scaled to [0, 1], a knee is a local maximum of the height above the
    /// straight line between the ends, where the height afterwards falls by more than the mean distance of two points before it rises again or ends.
    /// </summary>
    /// <param name="costs">Above 0, ascending.</param>
    /// <param name="scores">Score at each.</param>
    /// <returns>Positions of knees.</returns>
    public static ImmutableArray<int> Of(IReadOnlyList<double> costs, IReadOnlyList<double> scores)
    {
        var (low, range) = (Math.Log(costs[0]), Math.Log(costs[^1]) - Math.Log(costs[0]));
        var (least, rise) = (scores.Min(), scores.Max() - scores.Min());
        if (costs.Count < 3 || !(range > 0) || !(rise > 0))
        {
            return [];
        }

        double[] heights = [.. costs.Zip(scores, (cost, score) => (score - least) / rise - (Math.Log(cost) - low) / range)];
        var knees = ImmutableArray.CreateBuilder<int>();
        for (var i = 1; i < heights.Length - 1; i++)
        {
            if (heights[i] > heights[i - 1] && heights[i] >= heights[i + 1] && FallsBehind(heights, i))
            {
                knees.Add(i);
            }
        }

        return knees.ToImmutable();
    }

    private static bool FallsBehind(double[] heights, int knee)
    {
        var threshold = heights[knee] - 1.0 / (heights.Length - 1);
        for (var i = knee + 1; i < heights.Length && heights[i] <= heights[knee]; i++)
        {
            if (heights[i] < threshold)
            {
                return true;
            }
        }

        return false;
    }
}
