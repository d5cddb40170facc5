using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using ZenNas.Search;

namespace ZenNas.Runs.Reports;

/// <summary>Numbers of the charts as JSON for the page's script.</summary>
internal static class ChartData
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web);

    /// <summary>Writes the data; '&lt;', '&gt;' and '&amp;' come out escaped, so that it can stand in a script element.</summary>
    public static string Write(SearchReport report)
    {
        var population = Sort(report.Population);
        var best = report.Best[0].Candidate;
        return JsonSerializer.Serialize(
            new
            {
                report.ScoreName,
                Convergence = new
                {
                    Step = report.Convergence.Select(p => p.Step),
                    Best = report.Convergence.Select(p => Plotted(p.Best)),
                    Worst = report.Convergence.Select(p => Plotted(p.Worst)),
                },
                Population = new
                {
                    Score = population.Select(c => Plotted(c.Score)),
                    Parameters = population.Select(c => c.Cost.Parameters),
                    Macs = population.Select(c => c.Cost.Macs),
                    Layers = population.Select(c => c.Cost.Layers),
                },
                Best = new { Score = Plotted(best.Score), best.Cost.Parameters, best.Cost.Macs, best.Cost.Layers },
                Limits = new { Parameters = report.Budget.MaxParameters, Macs = report.Budget.MaxMacs, Layers = report.Budget.MaxLayers },
            },
            Options);
    }

    /// <summary>The population comes in any order; the page must not depend on it.</summary>
    private static ImmutableArray<Candidate> Sort(ImmutableArray<Candidate> population) =>
        [.. population.OrderByDescending(c => c.Score).ThenBy(c => c.Step)];

    /// <summary>Seven digits are more than a screen shows, and JSON has no infinities.</summary>
    private static double? Plotted(double score) =>
        double.IsFinite(score) ? double.Parse(score.ToString("G7", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture) : null;
}
