namespace ZenNas.Runs.Reports;

/// <summary>The frame of a report: one HTML page that needs no other file and no network.</summary>
internal static class ReportPage
{
    // Blocks every request, even one that a mistake in the page would make.
    private const string Policy = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:";

    /// <summary>Writes the page.</summary>
    /// <param name="title">Title, as HTML.</param>
    /// <param name="content">What stands in the page, as HTML.</param>
    /// <param name="data">Numbers of the charts as JSON that can stand in a script element.</param>
    /// <param name="script">Draws the charts with uPlot.</param>
    public static string Render(string title, string content, string data, string script) => $"""
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
        {content}
        </main>
        <script type="application/json" id="report-data">{data}</script>
        <script>
        /*
        {ReportAssets.ChartLicense}
        */
        {ReportAssets.ChartScript}
        </script>
        <script>
        {script}
        </script>
        </body>
        </html>

        """;
}
