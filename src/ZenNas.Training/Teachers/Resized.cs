using static TorchSharp.torch;

namespace ZenNas.Training.Teachers;

/// <summary>Images in the size that a network wants.</summary>
internal static class Resized
{
    /// <summary>Bicubic, antialiased where it becomes smaller.</summary>
    public static Tensor To(Tensor images, int resolution) => images.shape[2] == resolution && images.shape[3] == resolution
        ? images
        : nn.functional.interpolate(images, size: [resolution, resolution], mode: InterpolationMode.Bicubic, align_corners: false, antialias: true);
}
