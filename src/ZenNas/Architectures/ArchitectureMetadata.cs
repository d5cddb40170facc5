using System.Collections.Immutable;
using System.Globalization;

namespace ZenNas.Architectures;

/// <summary>What files in formats of others say about their network, so that they can be read without a second file.</summary>
public static class ArchitectureMetadata
{
    /// <summary>Key of the architecture in JSON.</summary>
    public const string ArchitectureKey = "zennas.architecture";

    /// <summary>
    /// Keys and values: <c>zennas.resolution</c>, <c>zennas.classes</c>, <c>zennas.architecture</c>, and <c>zennas.structure</c> where the
    /// grammar of structure strings can express the network.
    /// </summary>
    public static ImmutableArray<(string Key, string Value)> Of(Architecture architecture)
    {
        ArgumentNullException.ThrowIfNull(architecture);
        ImmutableArray<(string Key, string Value)> always =
        [
            ("zennas.resolution", architecture.Resolution.ToString(CultureInfo.InvariantCulture)),
            ("zennas.classes", architecture.Classes.ToString(CultureInfo.InvariantCulture)),
            (ArchitectureKey, ArchitectureJson.ToNode(architecture).ToJsonString()),
        ];
        return StructureString.TryFormat(architecture) is { } structure ? always.Add(("zennas.structure", structure)) : always;
    }
}
