using ZenNas.Search;

namespace ZenNas.Data.Augmentation;

/// <summary>Replaces a rectangle by noise (Zhong et al., 2020).</summary>
internal static class RandomErasing
{
    private const int Tries = 10;

    /// <summary>
    /// Area uniform in its range, aspect (height to width) uniform in its logarithm and place uniform; null where ten such rectangles are as high or wide as the
    /// picture.
    /// </summary>
    public static Box? Draw(int height, int width, AugmentationSettings settings, ref StepRandom random)
    {
        for (var i = 0; i < Tries; i++)
        {
            var area = random.Uniform(settings.SmallestErasedArea, settings.LargestErasedArea) * height * width;
            var aspect = random.LogUniform(1 / settings.LargestErasedAspect, settings.LargestErasedAspect);
            var h = (int)Math.Round(Math.Sqrt(area * aspect));
            var w = (int)Math.Round(Math.Sqrt(area / aspect));
            if (h < height && w < width)
            {
                return new Box(random.Next(0, height - h), random.Next(0, width - w), h, w);
            }
        }

        return null;
    }

    /// <summary>Fills a box of a picture of shape (height, width, channels) with N(0, 1), each value on its own.</summary>
    public static void Fill(Span<float> picture, int width, int channels, Box box, ref StepRandom random)
    {
        for (var y = box.Top; y < box.Top + box.Height; y++)
        {
            random.FillNormal(picture.Slice((y * width + box.Left) * channels, box.Width * channels));
        }
    }
}
