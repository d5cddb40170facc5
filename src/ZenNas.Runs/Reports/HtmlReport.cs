namespace ZenNas.Runs.Reports;

/// <summary>A finished search as one HTML page that needs no other file and no network.</summary>
public static class HtmlReport
{
    // Blocks every request, even one that a mistake in the page would make.
    private const string Policy = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:";

    /// <summary>Writes the page; the same report gives the same text.</summary>
    /// <param name="report">What to show; holds at least one network.</param>
    public static string Render(SearchReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        var title = $"{Html.Text(report.SpaceName)}, seed {Html.Plain(report.Seed)} – ZenNas search report";
        return $"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="{Policy}">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>{title}</title>
            <link rel="icon" href="data:,">
            <style>
            {ReportAssets.ChartStyle}
            {ReportAssets.Style}
            </style>
            </head>
            <body>
            <main>
            {Headline.Render(report)}
            {BestNetwork(report)}
            {BestTable.Render(report)}
            {ReportCharts.Convergence(report)}
            {ReportCharts.Population(report)}
            {RunFacts.Render(report)}
            </main>
            {Scripts(report)}
            </body>
            </html>

            """;
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

    private static string Scripts(SearchReport report) => $"""
        <script type="application/json" id="report-data">{ChartData.Write(report)}</script>
        <script>
        /*
        {ReportAssets.ChartLicense}
        */
        {ReportAssets.ChartScript}
        </script>
        <script>
        {ReportAssets.Script}
        </script>
        """;
}
