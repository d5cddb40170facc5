using ZenNas.Architectures;

namespace ZenNas.Runs.Reports;

/// <summary>A feature map: what flows between two blocks.</summary>
/// <param name="Channels">Channels.</param>
/// <param name="Size">Height and width in pixels.</param>
internal readonly record struct FeatureMap(int Channels, int Size)
{
    /// <summary>The maps of a network: its input, what each block puts out, what the classifier puts out.</summary>
    public static FeatureMap[] Of(Architecture architecture)
    {
        var maps = new FeatureMap[architecture.Blocks.Length + 2];
        maps[0] = new FeatureMap(architecture.InputChannels, architecture.Resolution);
        foreach (var layer in Network.Lower(architecture).Layers.Where(l => l.Branch is Branch.Main or Branch.Head))
        {
            maps[layer.Block + 1] = new FeatureMap(layer.OutChannels, layer.OutSize);
        }

        return maps;
    }
}
