using System.Collections.Immutable;
using ZenNas.Architectures.Zoo;

namespace ZenNas.Architectures;

/// <summary>A published network by name.</summary>
/// <param name="Name">Canonical name.</param>
/// <param name="Family">Family: <c>zennet</c>, <c>resnet</c>, <c>resnext</c>, <c>regnetx</c> or <c>regnety</c>.</param>
/// <param name="Architecture">The network at its published resolution and class count.</param>
public sealed record ZooEntry(string Name, string Family, Architecture Architecture);

/// <summary>
/// Published networks: the twelve released ZenNets; ResNet-18/34/50/101/152 (He et al., 2016); ResNeXt-50/101/152 with 32 groups (Xie et al.,
/// 2017); RegNetX and RegNetY from 200 MF to 32 GF (Radosavovic et al., 2020).
/// </summary>
public static class ModelZoo
{
    private static readonly Lazy<ImmutableArray<ZooEntry>> Loaded = new(() => [.. ZenNetFamily.All(), .. ResNetFamily.All(), .. RegNetFamily.All()]);

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
}
