using ZenNas.Search;

namespace ZenNas.Runs.Reports;

/// <summary>How the search went and how to repeat it.</summary>
internal static class RunFacts
{
    public static string Render(SearchReport report) => $"""
        <section aria-labelledby="run">
        <h2 id="run">How the run went</h2>
        <div class="facts">
        <dl>
        {Fact("Search space", Html.Text(report.SpaceName))}
        {Fact("Score", Html.Text(report.ScoreName))}
        {Fact("Strategy", Html.Text(SearchStrategyNames.Of(report.Strategy)))}
        {(report.Strategy == SearchStrategy.Evolution ? Fact("Variation preset", Html.Text(report.Preset)) : "")}
        {Fact("Seed", Html.Plain(report.Seed))}
        {Fact("Program version", Html.Text(report.Version))}
        </dl>
        <dl>
        {Fact("Iterations", Html.Count(report.Iterations, "step"))}
        {Proposals(report)}
        </dl>
        <dl>
        {Fact("Time in search steps", Seconds(report.SearchSeconds))}
        {Fact("Speed", Speed(report))}
        {Fact("Time in all", Seconds(report.ElapsedSeconds))}
        </dl>
        </div>
        {Failures(report)}
        <h3>Command that makes the same run again</h3>
        {ArchitectureText.Copyable(report.Command)}
        </section>
        """;

    private static string Fact(string name, string value) => $"<div><dt>{name}</dt><dd>{value}</dd></div>";

    private static string Proposals(SearchReport report)
    {
        var counts = report.Counts;
        var all = counts.Scored + counts.OverBudget + counts.Duplicates + counts.Failed;
        return string.Join('\n',
            Fact("Scored", Share(counts.Scored, all)),
            Fact("Over budget", Share(counts.OverBudget, all)),
            Fact("Duplicates", Share(counts.Duplicates, all)),
            Fact("Failed, no finite score", Share(counts.Failed, all)));
    }

    private static string Failures(SearchReport report) => report.Failures.Length == 0
        ? ""
        : $"""
            <h3>Networks without a score, rejected</h3>
            <div class="facts">
            <dl>
            {string.Join('\n', report.Failures.Select(f => Fact(Html.Text(f.Reason), $"{Html.Count(f.Count, "network")} <span>first at step {Html.Count(f.First.Step)}</span>")))}
            </dl>
            </div>
            """;

    private static string Share(long part, long all) =>
        Html.Count(part, "network") + (all > 0 ? $" <span>{Html.Percent(part, all)}</span>" : "");

    private static string Speed(SearchReport report) =>
        report.SearchSeconds > 0 ? $"{Html.Number(report.Iterations / report.SearchSeconds, 1)} steps per second" : "not measured";

    private static string Seconds(double seconds) =>
        Html.Number(seconds, 2) + " s" + (seconds >= 60 ? $" <span>{LongTime(TimeSpan.FromSeconds(seconds))}</span>" : "");

    private static string LongTime(TimeSpan time) =>
        time.TotalHours >= 1 ? $"{Html.Count((long)time.TotalHours)} h {Html.Count(time.Minutes)} min" : $"{Html.Count(time.Minutes)} min {Html.Count(time.Seconds)} s";
}
