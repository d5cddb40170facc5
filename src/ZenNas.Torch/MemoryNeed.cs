using System.Globalization;
using ZenNas.Architectures;

namespace ZenNas.Torch;

/// <summary>How much memory an evaluation takes, so that one which can't fit is refused before it starts.</summary>
/// <param name="Bytes">In all.</param>
/// <param name="LargestTensor">For the largest tensor.</param>
/// <param name="Batch">Images of the mini-batch.</param>
/// <param name="Resolution">Height and width of the images in pixels.</param>
internal readonly record struct MemoryNeed(double Bytes, double LargestTensor, int Batch, int Resolution)
{
    private const double UsableShare = 0.8;

    // As drawn, and in the convolution's own layout.
    private const double WeightCopies = 2;

    /// <summary>What may be taken in all.</summary>
    public static double Limit => UsableShare * GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;

    public bool Fits => Bytes <= Limit && LargestTensor <= int.MaxValue;

    /// <summary>Both passes of Algorithm 1: one layer at a time, its weights drawn when it is reached.</summary>
    public static MemoryNeed OfChain(VanillaNetwork network, int batchSize)
    {
        var images = 2.0 * batchSize;
        double need = 0, largest = 0;
        foreach (var layer in network.Layers)
        {
            var input = images * layer.InChannels * layer.InSize * layer.InSize;
            var output = images * layer.OutChannels * layer.OutSize * layer.OutSize;
            need = Math.Max(need, sizeof(float) * (input + output + WeightCopies * layer.Weights));
            largest = Math.Max(largest, sizeof(float) * Math.Max(layer.Weights, Math.Max(input, output)));
        }

        return new MemoryNeed(need, largest, batchSize, network.Resolution);
    }

    /// <summary>A forward pass of the whole network: all weights, and the maps that are still read.</summary>
    public static MemoryNeed OfForward(Network network, int batchSize, int bytesPerElement)
    {
        var lastReaders = LastReaders.Of(network);
        double live = 0, peak = 0;
        for (var i = 0; i < network.Layers.Length; i++)
        {
            live += network.Layers[i].OutputElements;
            peak = Math.Max(peak, live + InputElements(network.Layers[i]));
            foreach (var finished in lastReaders[i])
            {
                live -= network.Layers[finished].OutputElements;
            }
        }

        return Of(network, batchSize, bytesPerElement, peak, WeightCopies);
    }

    /// <summary>Forward and backward passes: every map is kept, and as many copies of the gradient.</summary>
    public static MemoryNeed OfBackward(Network network, int batchSize, int bytesPerElement, int gradients) =>
        Of(network, batchSize, bytesPerElement, network.Layers.Sum(l => (double)l.OutputElements), WeightCopies + gradients);

    /// <summary>How many evaluations fit at the same time, at least one and at most as many as asked for.</summary>
    /// <exception cref="InvalidInputException">Not even one fits.</exception>
    public int AtOnce(int most) => Fits
        ? (int)Math.Clamp(Limit / Bytes, 1, most)
        : throw new InvalidInputException($"measuring this network {Detail}");

    /// <summary>What is needed and what is there.</summary>
    public string Detail =>
        $"takes {Shown(Bytes)} for a batch of {Batch} image{(Batch == 1 ? "" : "s")} at {Resolution}×{Resolution}, "
        + $"{Shown(LargestTensor)} for one tensor; allowed here are {Shown(Limit)}, and 2.0 GiB for one tensor";

    private static MemoryNeed Of(Network network, int batchSize, int bytesPerElement, double elementsPerImage, double weightCopies)
    {
        double weights = 0, largest = 0;
        foreach (var layer in network.Layers)
        {
            weights += layer.Weights;
            largest = Math.Max(largest, Math.Max(layer.Weights, (double)batchSize * Math.Max(layer.OutputElements, InputElements(layer))));
        }

        return new MemoryNeed(
            bytesPerElement * (batchSize * elementsPerImage + weightCopies * weights), bytesPerElement * largest, batchSize,
            network.Architecture.Resolution);
    }

    private static double InputElements(in Layer layer) => (double)layer.InChannels * layer.InSize * layer.InSize;

    private static string Shown(double bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / (1L << 30):F1} GiB");
}
