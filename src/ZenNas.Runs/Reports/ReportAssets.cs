namespace ZenNas.Runs.Reports;

/// <summary>Style sheets and scripts that are written into every report.</summary>
internal static class ReportAssets
{
    public static string Style => Read("report.css");

    public static string Script => Read("report.js");

    public static string TrainingScript => Read("training.js");

    public static string ChartStyle => Read("uPlot.min.css");

    public static string ChartScript => Read("uPlot.iife.min.js");

    public static string ChartLicense => Read("uPlot.LICENSE.txt");

    private static string Read(string name)
    {
        using var stream = typeof(ReportAssets).Assembly.GetManifestResourceStream($"reports/{name}")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().TrimEnd();
    }
}
