using System.Text;

namespace ZenNas.Runs.Reports;

/// <summary>Table of the best networks.</summary>
internal static class BestTable
{
    public static string Render(SearchReport report)
    {
        var searched = report.Best.Any(b => b.IsSearchScoreApart);
        var html = new StringBuilder();
        html.Append($"""
            <section aria-labelledby="best">
            <h2 id="best">Best networks</h2>
            <p class="note">Zen-Scores are natural logarithms without unit; measured ones are mean ± standard error (repeats). MACs are multiply–adds and activations output elements, both per image at {Html.Pixels(report.Best[0].Candidate.Architecture.Resolution)}. Layers are block repeats, convolutions those of the main path.</p>
            <div class="scroll" tabindex="0" role="region" aria-labelledby="best">
            <table>
            <thead><tr><th scope="col">Rank</th>{SearchScoreHead(report, searched)}<th scope="col">Closed form</th><th scope="col">Measured ± SE</th><th scope="col">Parameters</th><th scope="col">MACs</th><th scope="col">Activations</th><th scope="col">Layers</th><th scope="col">Convolutions</th><th scope="col">Found at step</th>{LatencyHead(report)}</tr></thead>

            """);
        for (var i = 0; i < report.Best.Length; i++)
        {
            AppendNetwork(html, i + 1, report.Best[i], searched);
        }

        return html.Append("</table>\n</div>\n</section>").ToString();
    }

    private static string SearchScoreHead(SearchReport report, bool searched) =>
        searched ? $"""<th scope="col">Search score ({Html.Text(report.ScoreName)})</th>""" : "";

    private static void AppendNetwork(StringBuilder html, int rank, VerifiedNetwork network, bool searched)
    {
        var cost = network.Candidate.Cost;
        string[] cells =
        [
            .. searched ? [Html.Score(network.Candidate.Score)] : Array.Empty<string>(),
            Html.Score(network.ClosedForm),
            Measured(network),
            Html.Count(cost.Parameters),
            Html.Count(cost.Macs),
            Html.Count(cost.Activations),
            Html.Count(cost.Layers),
            Html.Count(cost.ConvLayers),
            Html.Count(network.Candidate.Step),
            .. LatencyCells(network.Latency),
        ];
        html.Append($"""
            <tbody>
            <tr><th scope="row">{Html.Count(rank)}</th>{string.Concat(cells.Select(c => $"<td>{c}</td>"))}</tr>
            <tr><td colspan="{cells.Length + 1}">{ArchitectureText.Line(network.Candidate.Architecture)}</td></tr>
            </tbody>

            """);
    }

    private static string LatencyHead(SearchReport report) => report.Best[0].Latency is null
        ? ""
        : """<th scope="col">Latency predicted</th><th scope="col">Latency measured</th>""";

    private static string[] LatencyCells(NetworkLatency? latency) => latency is null
        ? []
        : [
            latency.Predicted is { } predicted ? Html.Ms(predicted.Ms) + (predicted.IsExtrapolated ? " (a guess)" : "") : "none",
            latency.Measured is { } measured ? Html.Ms(measured.MedianMs) : "not measured",
        ];

    private static string Measured(VerifiedNetwork network) => network.Measured is { } measured
        ? $"{Html.Measured(measured)} ({Html.Count(measured.Repeats)})"
        : "not measured";
}
