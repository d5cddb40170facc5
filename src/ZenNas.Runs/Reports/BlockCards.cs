using ZenNas.Architectures;

namespace ZenNas.Runs.Reports;

/// <summary>Cards of the drawing: a picture of the feature map above the attributes of the block.</summary>
internal sealed class BlockCards(FeatureMapScale scale)
{
    public string Input(FeatureMap map) =>
        Card("end", "Image", scale.Draw(map, 1), [("Channels", Html.Count(map.Channels)), ("Out", Html.Pixels(map.Size))]);

    public string Classifier(FeatureMap map) =>
        Card("end", "Classifier", scale.Draw(map, 1), [("Global pool", "mean"), ("Classes", Html.Count(map.Channels))]);

    public string Block(Block block, int number, FeatureMap map)
    {
        var type = ArchitectureJson.TypeName(block);
        var repeats = block.Repeats > 1 ? $" <b>×{Html.Count(block.Repeats)}</b>" : "";
        return Card(type, $"{Html.Count(number)}. {Title(type)}{repeats}", scale.Draw(map, block.Repeats), Attributes(block, map));
    }

    private static string Title(string type) => char.ToUpperInvariant(type[0]) + type[1..].Replace('-', ' ');

    private static string Card(string type, string title, string picture, IEnumerable<(string Name, string Value)> attributes)
    {
        var rows = string.Concat(attributes.Select(a => $"<div><dt>{a.Name}</dt><dd>{a.Value}</dd></div>"));
        return $"""<li class="{type}"><h4><span>{title}</span></h4>{picture}<dl>{rows}</dl></li>""";
    }

    private static IEnumerable<(string Name, string Value)> Attributes(Block block, FeatureMap map) =>
    [
        ("Kernel", $"{Html.Count(block.Kernel)} × {Html.Count(block.Kernel)}"),
        ("Stride", Html.Count(block.Stride)),
        ("Width", Html.Count(block.Width)),
        .. Inner(block),
        ("Out", Html.Pixels(map.Size)),
    ];

    private static IEnumerable<(string Name, string Value)> Inner(Block block)
    {
        if (block is ResidualBlock residual)
        {
            yield return ("Bottleneck", Html.Count(residual.BottleneckWidth));
        }

        if (block is InvertedBottleneckBlock inverted)
        {
            yield return ("Expansion", $"×{Html.Count(inverted.Expansion)}");
        }

        if (block is BottleneckBlock { UnitsPerRepeat: 1 })
        {
            yield return ("Units/repeat", "1");
        }

        if (block is BottleneckBlock { GroupWidth: { } groupWidth })
        {
            yield return ("Group width", Html.Count(groupWidth));
        }

        if (block is ResidualBlock { SqueezeExcitation: not SqueezeExcitation.None } excited)
        {
            yield return ("Squeeze-exc.", excited.SqueezeExcitation == SqueezeExcitation.InputQuarter ? "1/4 of input" : "1/4");
        }
    }
}
