namespace ZenNas.Runs.Reports;

/// <summary>A finished search as one HTML page that needs no other file and no network.</summary>
public static class HtmlReport
{
    /// <summary>Writes the page; the same report gives the same text.</summary>
    /// <param name="report">What to show; holds at least one network.</param>
    public static string Render(SearchReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        var title = $"{Html.Text(report.SpaceName)}, seed {Html.Plain(report.Seed)} – ZenNas search report";
        return ReportPage.Render(
            title,
            $"""
            {Headline.Render(report)}
            {BestNetwork(report)}
            {BestTable.Render(report)}
            {ReportCharts.Convergence(report)}
            {ReportCharts.Population(report)}
            {RunFacts.Render(report)}
            """,
            ChartData.Write(report), ReportAssets.Script);
    }

    private static string BestNetwork(SearchReport report)
    {
        var best = report.Best[0].Candidate.Architecture;
        return $"""
            <section aria-labelledby="network">
            <h2 id="network">Best network, block by block</h2>
            {ArchitectureDrawing.Render(best)}
            {ArchitectureText.Box(best)}
            </section>
            """;
    }
}
