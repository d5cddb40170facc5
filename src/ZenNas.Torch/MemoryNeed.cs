using ZenNas.Architectures;

namespace ZenNas.Torch;

/// <summary>How much memory a measurement takes, so that one which can't fit is refused before it starts.</summary>
internal static class MemoryNeed
{
    private const double UsableShare = 0.8;

    public static void Check(VanillaNetwork network, MeasurementOptions options)
    {
        var need = Of(network, options);
        var limit = UsableShare * GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        if (need > limit)
        {
            throw new InvalidInputException(
                $"measuring this network takes about {need / (1L << 30):F1} GiB for a batch of {options.BatchSize} images at "
                + $"{network.Resolution}×{network.Resolution}; allowed here are {limit / (1L << 30):F1} GiB");
        }
    }

    /// <summary>Bytes at the layer that takes most: both maps in and out, weights in single precision and in the kernel's layout.</summary>
    private static double Of(VanillaNetwork network, MeasurementOptions options)
    {
        var images = 2.0 * options.BatchSize;
        double largest = 0;
        foreach (var layer in network.Layers)
        {
            var maps = images * ((double)layer.InChannels * layer.InSize * layer.InSize + (double)layer.OutChannels * layer.OutSize * layer.OutSize);
            largest = Math.Max(largest, sizeof(float) * (maps + 3.0 * layer.Weights));
        }

        return largest;
    }
}
