using System.Text.Json;

namespace ZenNas.Architectures.Zoo;

/// <summary>
/// RegNetX and RegNetY: stem 3×3 stride 2 to 32 channels; stages of grouped bottlenecks whose inner width is their width, each with stride 2;
/// RegNetY with squeeze-and-excitation.
/// </summary>
internal static class RegNetFamily
{
    public static IEnumerable<ZooEntry> All()
    {
        using var document = ZooFile.Read("regnets.json");
        foreach (var family in document.RootElement.EnumerateObject())
        {
            var excitation = family.Name == "regnety" ? SqueezeExcitation.InputQuarter : SqueezeExcitation.None;
            foreach (var network in family.Value.EnumerateArray())
            {
                yield return new ZooEntry(network.GetProperty("name").GetString()!, family.Name, Build(network, excitation));
            }
        }
    }

    private static Architecture Build(JsonElement network, SqueezeExcitation excitation)
    {
        var (depths, widths, groupWidths) = (Numbers(network, "depths"), Numbers(network, "widths"), Numbers(network, "groupWidths"));
        var stages = widths.Select((width, i) => new BottleneckBlock(
            3, width, 2, width, depths[i], unitsPerRepeat: 1, groupWidths[i], Projection.WhereShapeChanges, excitation));
        return new Architecture([new ConvolutionBlock(3, 32, 2), .. stages], 224, 1000);
    }

    private static int[] Numbers(JsonElement network, string name) => [.. network.GetProperty(name).EnumerateArray().Select(n => n.GetInt32())];
}
