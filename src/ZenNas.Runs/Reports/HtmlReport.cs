using ZenNas.Architectures;

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
            {Changes(report)}
            {BestTable.Render(report)}
            {ReportCharts.Convergence(report)}
            {ReportCharts.Population(report)}
            {RunFacts.Render(report)}
            """,
            ChartData.Write(report), ReportAssets.Script);
    }

    /// <summary>What differs from the network that was given.</summary>
    private static string Changes(SearchReport report)
    {
        if (report.Given is not { } given)
        {
            return "";
        }

        var best = report.Best[0];
        var rows = NetworkChanges.Between(given.Candidate.Architecture, best.Candidate.Architecture).Select(change =>
            $"<li>{(change.Before is { } before ? $"Block {Html.Count(before)}" : $"New block {Html.Count(change.After!.Value)}")}: {Html.Text(change.Text)}</li>");
        var list = string.Join('\n', rows);
        return $"""
            <section aria-labelledby="changes">
            <h2 id="changes">What changed from the given network</h2>
            <p class="note">Closed form {Html.Score(given.ClosedForm)} to {Html.Score(best.ClosedForm)}, {Html.Count(given.Candidate.Cost.Parameters)} to {Html.Count(best.Candidate.Cost.Parameters)} parameters, {Html.Count(given.Candidate.Cost.Macs)} to {Html.Count(best.Candidate.Cost.Macs)} MACs.</p>
            {(list.Length > 0 ? $"<ul>\n{list}\n</ul>" : "<p>Nothing: no better network was found.</p>")}
            {ArchitectureText.Box(given.Candidate.Architecture)}
            </section>
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
}
