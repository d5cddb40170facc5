using System.Runtime.InteropServices;
using ZenNas.Data.Loading;
using static TorchSharp.torch;

namespace ZenNas.Training;

/// <summary>Batches as tensors.</summary>
internal static class BatchTensors
{
    /// <summary>All pictures of a batch, as (N, C, H, W), channels-last in memory.</summary>
    public static Tensor Images(ImageBatch batch, Device device) => Images(batch, new Share(0, batch.Count), device);

    /// <summary>A share of them.</summary>
    public static Tensor Images(ImageBatch batch, Share share, Device device)
    {
        var images = empty([share.Count, batch.Resolution, batch.Resolution, batch.Channels], ScalarType.Float32);
        var picture = batch.Resolution * batch.Resolution * batch.Channels;
        MemoryMarshal.AsBytes(batch.Images.AsSpan(share.First * picture, share.Count * picture)).CopyTo(images.bytes);
        return images.to(device).permute(0, 3, 1, 2);
    }

    /// <summary>All labels, (N) of whole numbers.</summary>
    public static Tensor Labels(int[] labels, int count, Device device) => Labels(labels, new Share(0, count), device);

    /// <summary>A share of them.</summary>
    public static Tensor Labels(int[] labels, Share share, Device device) =>
        tensor(labels.AsSpan(share.First, share.Count).ToArray()).to_type(ScalarType.Int64).to(device);
}
