using System.Collections.Immutable;
using ZenNas.Architectures;

namespace ZenNas.Runs.Reports;

/// <summary>The best networks for a range of budgets as one HTML page.</summary>
public static class FrontReport
{
    /// <summary>What the page shows.</summary>
    /// <param name="title">Title.</param>
    /// <param name="lead">What was looked for.</param>
    /// <param name="columns">Heads of the table.</param>
    /// <param name="rows">A row for each budget.</param>
    public sealed class Page(string title, string lead, ImmutableArray<string> columns, ImmutableArray<Row> rows)
    {
        internal string Title { get; } = title;

        internal string Lead { get; } = lead;

        internal ImmutableArray<string> Columns { get; } = columns;

        internal ImmutableArray<Row> Rows { get; } = rows;
    }

    /// <summary>One budget.</summary>
    /// <param name="cells">What stands under each head.</param>
    /// <param name="network">Its best network.</param>
    /// <param name="isKnee">Whether the front bends here.</param>
    public sealed class Row(ImmutableArray<string> cells, Architecture network, bool isKnee)
    {
        internal ImmutableArray<string> Cells { get; } = cells;

        internal Architecture Network { get; } = network;

        internal bool IsKnee { get; } = isKnee;
    }

    /// <summary>Writes the page.</summary>
    /// <param name="page">What it shows.</param>
    /// <param name="picture">Score against cost, as SVG.</param>
    public static string Render(Page page, string picture)
    {
        ArgumentNullException.ThrowIfNull(page);
        ArgumentNullException.ThrowIfNull(picture);
        return ReportPage.Render(
            $"{Html.Text(page.Title)} – ZenNas front",
            $"""
            <header>
            <p class="kicker">ZenNas front</p>
            <h1>Best networks: {Html.Text(page.Title)}</h1>
            <p class="lead">{Html.Text(page.Lead)}</p>
            </header>
            <section aria-labelledby="front">
            <h2 id="front">Score against cost</h2>
            <figure>{picture[Math.Max(0, picture.IndexOf("<svg", StringComparison.Ordinal))..]}</figure>
            {Table(page)}
            <p class="note">Zen-Scores are computed in closed form, natural logarithm, no unit. At a knee the front bends: costs bring much less behind it than before it.</p>
            </section>
            {Knees(page)}
            """,
            "{}", "");
    }

    private static string Table(Page page) => $"""
        <div class="scroll"><table>
        <thead><tr>{string.Concat(page.Columns.Select(column => $"<th>{Html.Text(column)}</th>"))}<th>knee</th></tr></thead>
        <tbody>
        {string.Join('\n', page.Rows.Select(row => $"<tr>{string.Concat(row.Cells.Select(cell => $"<td>{Html.Text(cell)}</td>"))}<td>{(row.IsKnee ? "yes" : "")}</td></tr>"))}
        </tbody>
        </table></div>
        """;

    /// <summary>The networks at the knees; where there is none, the one of the largest budget.</summary>
    private static string Knees(Page page)
    {
        var shown = page.Rows.Any(row => row.IsKnee) ? page.Rows.Where(row => row.IsKnee) : page.Rows.TakeLast(1);
        return string.Join('\n', shown.Select(row => $"""
            <section>
            <h2>{(row.IsKnee ? "Network at the knee" : "Network of the largest budget")}, {Html.Text(row.Cells[0])} {Html.Text(page.Columns[0])}</h2>
            {ArchitectureDrawing.Render(row.Network)}
            {ArchitectureText.Box(row.Network)}
            </section>
            """));
    }
}
