using System.Text;
using ZenNas.Architectures;

namespace ZenNas.Runs.Reports;

/// <summary>Draws a network as a row of cards, one per block, grouped by the resolution they put out.</summary>
internal static class ArchitectureDrawing
{
    public static string Render(Architecture architecture)
    {
        var maps = FeatureMap.Of(architecture);
        var cards = new BlockCards(new FeatureMapScale(maps));
        var html = new StringBuilder();
        html.Append("""
            <p class="note">Input first. A box is the feature map that a block puts out: its height grows with the logarithm of the resolution, its width with the logarithm of the channels. Sheets behind a box are repeats. A panel holds the blocks that put out one resolution.</p>
            <div class="stages">

            """);
        AppendPanel(html, "Input", "", cards.Input(maps[0]));
        AppendStages(html, architecture, maps, cards);
        AppendPanel(html, "Output", "", cards.Classifier(maps[^1]));
        return html.Append("</div>").ToString();
    }

    private static void AppendStages(StringBuilder html, Architecture architecture, FeatureMap[] maps, BlockCards cards)
    {
        var blocks = architecture.Blocks.Select((block, i) => (Block: block, Number: i + 1, Map: maps[i + 1])).ToArray();
        var stage = 1;
        foreach (var group in blocks.GroupBy(b => b.Map.Size))
        {
            AppendPanel(html, $"Stage {stage++}", Html.Pixels(group.Key), [.. group.Select(b => cards.Block(b.Block, b.Number, b.Map))]);
        }
    }

    private static void AppendPanel(StringBuilder html, string title, string resolution, params ReadOnlySpan<string> cards)
    {
        html.Append("<section class=\"stage\"><h3>").Append(title).Append(" <span>").Append(resolution).Append("</span></h3><ol>\n");
        foreach (var card in cards)
        {
            html.Append(card).Append('\n');
        }

        html.Append("</ol></section>\n");
    }
}
