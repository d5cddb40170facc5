using ZenNas.Search;

namespace ZenNas.Runs.Reports;

/// <summary>Places for the charts, each with its content in words; the page's script draws them.</summary>
internal static class ReportCharts
{
    public static string Convergence(SearchReport report)
    {
        var points = report.Convergence;
        var summary = points.IsEmpty
            ? "No scores were recorded during the search."
            : $"The best score went from {Html.Score(points[0].Best)} at step {Html.Count(points[0].Step)} to {Html.Score(points[^1].Best)} at step {Html.Count(points[^1].Step)}; the lowest score of the population ended at {Html.Score(points[^1].Worst)}.";
        return $"""
            <section aria-labelledby="convergence">
            <h2 id="convergence">Convergence</h2>
            {Figure("convergence", "Best and worst score of the population against search steps", summary)}
            </section>
            """;
    }

    public static string Population(SearchReport report)
    {
        var limits = report.Budget;
        return $"""
            <section aria-labelledby="population">
            <h2 id="population">Score against cost</h2>
            <p class="note">A point is a network of the final population, which holds {Html.Count(report.Population.Length, "network")}; the ringed point is the best network, a dashed line the limit of the budget.</p>
            <div class="charts">
            {Scatter(report, "parameters", "parameters", limits.MaxParameters, c => c.Cost.Parameters)}
            {Scatter(report, "macs", "MACs per image", limits.MaxMacs, c => c.Cost.Macs)}
            {Scatter(report, "layers", "layers", limits.MaxLayers, c => c.Cost.Layers)}
            </div>
            </section>
            """;
    }

    private static string Scatter(SearchReport report, string id, string unit, long? limit, Func<Candidate, long> cost)
    {
        var best = report.Best[0].Candidate;
        var spread = report.Population.IsEmpty
            ? "The population is empty."
            : $"{Range(report.Population.Select(cost), unit)}, score {Html.Score(report.Population.Min(c => c.Score))} to {Html.Score(report.Population.Max(c => c.Score))}.";
        var bound = limit is { } most ? $"Limit {Html.Count(most)}." : "No limit.";
        return Figure(id, $"Score against {unit}", $"{spread} Best network: {Html.Count(cost(best))}. {bound}");
    }

    private static string Range(IEnumerable<long> costs, string unit)
    {
        var (least, most) = (costs.Min(), costs.Max());
        return least == most ? $"All have {Html.Count(most)} {unit}" : $"{Html.Count(least)} to {Html.Count(most)} {unit}";
    }

    private static string Figure(string id, string title, string summary) => $"""
        <figure>
        <div class="chart" id="chart-{id}" role="img" aria-label="{title}. {summary}"></div>
        <figcaption><b>{title}.</b> {summary}</figcaption>
        </figure>
        """;
}
