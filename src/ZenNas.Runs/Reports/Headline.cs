using ZenNas.Complexity;
using ZenNas.Latency;
using ZenNas.Scores;
using ZenNas.Search;

namespace ZenNas.Runs.Reports;

/// <summary>Head of the page: the best network in numbers and what it uses of the budget.</summary>
internal static class Headline
{
    public static string Render(SearchReport report)
    {
        var best = report.Best[0];
        var network = best.Candidate.Architecture;
        var cost = best.Candidate.Cost;
        var pixels = Html.Pixels(network.Resolution);
        return $"""
            <header>
            <p class="kicker">ZenNas search report</p>
            <h1>Best network of {Html.Count(report.Iterations, report.Strategy == SearchStrategy.Optimal ? "network" : "search step")}</h1>
            <p class="lead">Search space <b>{Html.Text(report.SpaceName)}</b>, score <b>{Html.Text(report.ScoreName)}</b>, seed {Html.Plain(report.Seed)}. Found at step {Html.Count(best.Candidate.Step)}.</p>
            </header>
            <section aria-labelledby="headline">
            <h2 id="headline" class="unseen">Headline numbers</h2>
            <dl class="figures">
            {SearchScore(report)}
            {Figure("Zen-Score, closed form", Html.Score(best.ClosedForm), "computed, no noise; natural logarithm, no unit", "score")}
            {UpperBound(report)}
            {Measured(best.Measured)}
            {Figure("Parameters", Html.Count(cost.Parameters), "trainable parameters")}
            {Figure("MACs", Html.Count(cost.Macs), $"multiply–adds per image at {pixels}")}
            {Figure("Depth", Html.Count(cost.Layers), $"layers (block repeats); {Html.Count(cost.ConvLayers, "convolution")} on the main path")}
            {Figure("Input and output", pixels, $"resolution, {Html.Count(network.InputChannels, "channel")} in; {Html.Count(network.Classes)} {(network.Classes == 1 ? "class" : "classes")} out")}
            </dl>
            {Latency(best.Latency)}
            {Limits(report.Budget, best)}
            </section>
            """;
    }

    /// <summary>The score that was maximised, where it isn't the closed form.</summary>
    private static string SearchScore(SearchReport report) => report.Best[0].IsSearchScoreApart
        ? Figure($"Search score, {Html.Text(report.ScoreName)}", Html.Score(report.Best[0].Candidate.Score), "what the search maximised", "score searched")
        : "";

    private static string UpperBound(SearchReport report) => report.UpperBound is { } bound
        ? Figure("Upper bound", Html.Score(bound), $"no network within the budget has more; the best is at most {Html.Number(report.GapPercent!.Value, 2)} % from the optimum", "score")
        : "";

    private static string Measured(ScoreValue? measured) => measured is { } value
        ? Figure("Zen-Score, measured", Html.Measured(value), $"{Uncertainty(value)}; natural logarithm, no unit", "score")
        : Figure("Zen-Score, measured", "–", "not measured in this run", "score");

    private static string Uncertainty(ScoreValue value) => value.Repeats switch
    {
        0 => "no noise",
        1 => "1 repeat, standard error unknown",
        _ => $"mean ± standard error of {Html.Count(value.Repeats)} repeats",
    };

    private static string Figure(string name, string value, string unit, string kind = "cost") =>
        $"""<div class="{kind}"><dt>{name}</dt><dd><b>{value}</b> <span>{unit}</span></dd></div>""";

    private static string Latency(NetworkLatency? latency)
    {
        if (latency is null)
        {
            return "";
        }

        var measured = latency.Measured is { } m
            ? $"{Html.Ms(m.MedianMs)} measured (median of {Html.Count(m.SortedMs.Length)} runs; 95 % interval {Html.Ms(m.MedianInterval.Low)} to {Html.Ms(m.MedianInterval.High)})"
            : "not measured in this run";
        var predicted = latency.Predicted is { } p
            ? $"{Html.Ms(p.Ms)} predicted from the profile{(p.IsExtrapolated ? ", a guess, since some kernels lie outside what was profiled" : "")}; "
            : "";
        return $"""<p class="note">Latency of a batch: {predicted}{measured}. {Html.Text(latency.Conditions.ToString())}.</p>""";
    }

    private static string Limits(Budget budget, VerifiedNetwork best)
    {
        var cost = best.Candidate.Cost;
        string[] limits =
        [
            .. Limit(cost.Parameters, budget.MaxParameters, "parameters"),
            .. Limit(cost.Macs, budget.MaxMacs, "MACs"),
            .. Limit(cost.Layers, budget.MaxLayers, "layers"),
            .. LatencyLimit(best.Latency, budget.MaxLatency),
        ];
        return limits.Length == 0
            ? """<p class="note">The search had no limit on parameters, MACs, layers or latency.</p>"""
            : $"""
                <h3>Budget used</h3>
                <ul class="limits">
                {string.Join('\n', limits)}
                </ul>
                """;
    }

    private static IEnumerable<string> Limit(long used, long? limit, string unit)
    {
        if (limit is { } most)
        {
            yield return $"""
                <li>{Html.Count(used)} of {Html.Count(most)} {unit}, {Html.Percent(used, most)}<div><i style="width:{Html.Width(used, most)}"></i></div></li>
                """;
        }
    }

    private static IEnumerable<string> LatencyLimit(NetworkLatency? latency, LatencyLimit? limit)
    {
        if (limit is not null && (latency?.Measured?.MedianMs ?? latency?.Predicted?.Ms) is { } ms)
        {
            yield return $"""
                <li>{Html.Ms(ms)} of {Html.Ms(limit.MaxMs)} latency, {Html.Percent(ms, limit.MaxMs)}<div><i style="width:{Html.Width(ms, limit.MaxMs)}"></i></div></li>
                """;
        }
    }
}
