using System.Runtime.InteropServices;
using ZenNas.Data.Loading;
using static TorchSharp.torch;

namespace ZenNas.Training;

/// <summary>Batches as tensors.</summary>
internal static class BatchTensors
{
    /// <summary>(N, C, H, W), channels-last in memory.</summary>
    public static Tensor Images(ImageBatch batch, Device device)
    {
        var images = empty([batch.Count, batch.Resolution, batch.Resolution, batch.Channels], ScalarType.Float32);
        var source = batch.Images.AsSpan(0, batch.Count * batch.Resolution * batch.Resolution * batch.Channels);
        MemoryMarshal.AsBytes(source).CopyTo(images.bytes);
        return images.to(device).permute(0, 3, 1, 2);
    }

    /// <summary>(N) of whole numbers.</summary>
    public static Tensor Labels(int[] labels, int count, Device device) => tensor(labels.AsSpan(0, count).ToArray()).to_type(ScalarType.Int64).to(device);
}
