using System.Collections.Immutable;
using ZenNas.Architectures;
using ZenNas.Cli.Input;
using ZenNas.Complexity;
using ZenNas.Latency;
using ZenNas.Scores;
using ZenNas.Search.Optimal;

namespace ZenNas.Cli.Fronts;

/// <summary>The best network for each value of a limit.</summary>
internal static class FrontFinder
{
    /// <summary>Finds them from the smallest limit to the largest.</summary>
    /// <param name="target">Space and the other limits.</param>
    /// <param name="varied">The limit.</param>
    /// <param name="threads">Threads.</param>
    /// <param name="progress">Told the number of points found, and how the next one goes.</param>
    /// <param name="cancellation">Ends it.</param>
    public static ImmutableArray<FrontPoint> Find(
        SearchTarget target, VariedLimit varied, int threads, Action<int, OptimumProgress?> progress, CancellationToken cancellation)
    {
        var score = new ClosedFormZenScore();
        OptimumFinder? finder = null;
        var points = new List<FrontPoint>();
        foreach (var limit in varied.Limits)
        {
            var budget = varied.Within(target.Budget, limit);
            if (finder is null || varied.Cost == FrontCost.Layers)
            {
                finder = OptimumFinder.For(budget, target.Space, target.Resolution, target.Classes, score, threads, cancellation);
            }

            var found = finder.Find(budget, p => progress(points.Count, p), cancellation);

            // What fits a smaller limit fits this one.
            var optimum = points.Count > 0 && points[^1].Optimum.Score > found.Score ? found.With(points[^1].Optimum) : found;
            points.Add(Point(limit, optimum, varied, target.Budget.MaxLatency));
            progress(points.Count, null);
        }

        var knees = Knees.Of([.. points.Select(p => p.Limit)], [.. points.Select(p => p.Optimum.Score)]);
        return [.. points.Select((point, i) => point with { IsKnee = knees.Contains(i) })];
    }

    private static FrontPoint Point(double limit, Optimum optimum, VariedLimit varied, LatencyLimit? latency)
    {
        var network = Network.Lower(optimum.Best);
        var cost = NetworkCost.Of(network);
        var used = varied.Cost switch
        {
            FrontCost.Parameters => cost.Parameters,
            FrontCost.Macs => cost.Macs,
            FrontCost.Layers => cost.Layers,
            _ => latency!.Source.Ms(network),
        };
        return new FrontPoint(limit, optimum, cost, used, IsKnee: false);
    }
}
