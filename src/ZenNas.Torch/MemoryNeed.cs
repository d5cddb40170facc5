using System.Globalization;
using ZenNas.Architectures;

namespace ZenNas.Torch;

/// <summary>How much memory a measurement takes, so that one which can't fit is refused before it starts.</summary>
internal static class MemoryNeed
{
    private const double UsableShare = 0.8;

    // As drawn, and in the convolution's own layout.
    private const double WeightCopies = 2;

    /// <summary>How many repeats fit at the same time, at least one and at most as many as asked for.</summary>
    /// <exception cref="InvalidInputException">Not even one fits.</exception>
    public static int RepeatsAtOnce(VanillaNetwork network, MeasurementOptions options, int most)
    {
        var images = 2.0 * options.BatchSize;
        double need = 0, largestTensor = 0;
        foreach (var layer in network.Layers)
        {
            var input = images * layer.InChannels * layer.InSize * layer.InSize;
            var output = images * layer.OutChannels * layer.OutSize * layer.OutSize;
            need = Math.Max(need, sizeof(float) * (input + output + WeightCopies * layer.Weights));
            largestTensor = Math.Max(largestTensor, sizeof(float) * Math.Max(layer.Weights, Math.Max(input, output)));
        }

        var limit = UsableShare * GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        return need <= limit && largestTensor <= int.MaxValue
            ? (int)Math.Clamp(limit / need, 1, most)
            : throw new InvalidInputException(
                $"measuring this network takes {Shown(need)} for a batch of {options.BatchSize} images at {network.Resolution}×{network.Resolution}, "
                + $"{Shown(largestTensor)} for one tensor; allowed here are {Shown(limit)}, and 2.0 GiB for one tensor");
    }

    private static string Shown(double bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / (1L << 30):F1} GiB");
}
