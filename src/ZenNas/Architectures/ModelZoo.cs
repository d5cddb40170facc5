using System.Collections.Immutable;
using System.Text.Json;

namespace ZenNas.Architectures;

/// <summary>A published network by name.</summary>
/// <param name="Name">Canonical name.</param>
/// <param name="Family">Family: <c>zennet</c> or <c>resnet</c>.</param>
/// <param name="Architecture">The network at its published resolution and class count.</param>
public sealed record ZooEntry(string Name, string Family, Architecture Architecture);

/// <summary>Published networks: the twelve released ZenNets, ResNet-18/34/50/101/152 (He et al., 2016).</summary>
public static class ModelZoo
{
    private static readonly Lazy<ImmutableArray<ZooEntry>> Loaded = new(() => [.. ZenNets(), .. ResNets()]);

    /// <summary>All entries.</summary>
    public static ImmutableArray<ZooEntry> Entries => Loaded.Value;

    /// <summary>Finds an entry; case, '-' and '_' don't matter, so <c>resnet18</c> and <c>ResNet-18</c> are the same.</summary>
    public static ZooEntry? Find(string name)
    {
        var wanted = Normalise(name);
        return Entries.FirstOrDefault(e => Normalise(e.Name) == wanted);
    }

    private static string Normalise(string name) =>
        string.Concat(name.Where(c => c is not ('-' or '_'))).ToLowerInvariant();

    private static IEnumerable<ZooEntry> ZenNets()
    {
        using var stream = typeof(ModelZoo).Assembly.GetManifestResourceStream("zoo/zennets.json")!;
        using var document = JsonDocument.Parse(stream);
        foreach (var e in document.RootElement.EnumerateArray().ToArray())
        {
            yield return new ZooEntry(
                e.GetProperty("name").GetString()!, "zennet",
                StructureString.Parse(
                    e.GetProperty("structure").GetString()!, e.GetProperty("resolution").GetInt32(), e.GetProperty("classes").GetInt32()));
        }
    }

    private static IEnumerable<ZooEntry> ResNets()
    {
        yield return ResNet("resnet-18", bottleneck: false, 2, 2, 2, 2);
        yield return ResNet("resnet-34", bottleneck: false, 3, 4, 6, 3);
        yield return ResNet("resnet-50", bottleneck: true, 3, 4, 6, 3);
        yield return ResNet("resnet-101", bottleneck: true, 3, 4, 23, 3);
        yield return ResNet("resnet-152", bottleneck: true, 3, 8, 36, 3);
    }

    /// <summary>Stem 7×7 stride 2 and 3×3 max-pool stride 2; stages of 64, 128, 256, 512 channels, ×4 for bottlenecks; stride in the k×k convolution.</summary>
    private static ZooEntry ResNet(string name, bool bottleneck, params ReadOnlySpan<int> depths)
    {
        var blocks = ImmutableArray.CreateBuilder<Block>();
        blocks.Add(new ConvolutionBlock(7, 64, 2));
        blocks.Add(new MaxPoolBlock(3, 2, 64));
        for (var stage = 0; stage < depths.Length; stage++)
        {
            var width = 64 << stage;
            var stride = stage == 0 ? 1 : 2;
            blocks.Add(bottleneck
                ? new BottleneckBlock(3, 4 * width, stride, width, depths[stage], unitsPerRepeat: 1, projection: Projection.WhereShapeChanges)
                : new BasicBlock(3, width, stride, width, depths[stage], Projection.WhereShapeChanges));
        }

        return new ZooEntry(name, "resnet", new Architecture(blocks.ToImmutable(), 224, 1000));
    }
}
