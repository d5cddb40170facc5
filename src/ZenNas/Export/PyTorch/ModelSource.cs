using System.Collections.Immutable;
using System.Globalization;
using ZenNas.Architectures;

namespace ZenNas.Export.PyTorch;

/// <summary>The source of a network, put together from the layers that it was lowered to.</summary>
internal static class ModelSource
{
    public static string Of(Network network, double epsilon, bool isFolded, bool featuresOnly)
    {
        var blocks = Blocks(network, isFolded);
        var calls = blocks.SelectMany(units => units).ToImmutableArray();
        var maps = FeatureMap.Of(network);
        var parts = Parts(network, calls, maps) | (isFolded ? ModelParts.None : ModelParts.BatchNorm) | (featuresOnly ? ModelParts.FeaturesOnly : ModelParts.None);
        var used = calls.SelectMany(call => call.Classes).ToHashSet();
        ImmutableArray<string> sections =
        [
            ModelText.Head(network.Architecture, maps, epsilon.ToString(CultureInfo.InvariantCulture).Replace('E', 'e')),
            .. PythonClass.All.Where(used.Contains).Select(type => type.Template),
            NetText.Of(network, maps, BlockTable.Of(blocks)),
            ModelText.Loading,
            ModelText.Script(network.Architecture),
        ];
        return PythonTemplate.Fill(string.Join("\n\n\n", sections), parts) + "\n";
    }

    /// <summary>The calls that make the units of every block.</summary>
    private static ImmutableArray<ImmutableArray<UnitCall>> Blocks(Network network, bool isFolded) =>
        [.. network.Layers.Where(layer => layer.Branch != Branch.Head)
            .GroupBy(layer => layer.Block, (_, block) => Units(block, isFolded))];

    private static ImmutableArray<UnitCall> Units(IEnumerable<Layer> block, bool isFolded) =>
        [.. block.GroupBy(layer => layer.Unit, (_, unit) => UnitCall.Of(unit, isFolded))];

    private static ModelParts Parts(Network network, ImmutableArray<UnitCall> calls, ImmutableArray<FeatureMap> maps)
    {
        var parts = calls.Any(call => call.Excitation is not null) ? ModelParts.Excitation : ModelParts.None;
        parts |= calls.Any(call => call.HasGroups) ? ModelParts.Groups : ModelParts.None;
        if (maps.IsEmpty)
        {
            return parts;
        }

        var isWhole = NetText.EndOf(maps[^1], network) == network.Architecture.Blocks.Length;
        return parts | ModelParts.Maps | (isWhole ? ModelParts.None : ModelParts.Tail);
    }
}
