using ZenNas.Search;

namespace ZenNas.Data.Augmentation;

/// <summary>Draws the part of a picture that is resized in training (Szegedy et al., 2015).</summary>
internal static class RandomResizedCrop
{
    public const double LeastAspect = 3.0 / 4;
    public const double MostAspect = 4.0 / 3;
    private const int Tries = 10;

    /// <summary>
    /// Area uniform between the smallest share of the picture's and all of it, aspect (width to height) uniform in its logarithm. Where ten such
    /// parts don't fit into the picture, its largest centred part of an allowed aspect.
    /// </summary>
    public static Box Draw(int height, int width, double smallestArea, ref StepRandom random)
    {
        for (var i = 0; i < Tries; i++)
        {
            var area = random.Uniform(smallestArea, 1) * height * width;
            var aspect = random.LogUniform(LeastAspect, MostAspect);
            var w = (int)Math.Round(Math.Sqrt(area * aspect));
            var h = (int)Math.Round(Math.Sqrt(area / aspect));
            if (w > 0 && w <= width && h > 0 && h <= height)
            {
                return new Box(random.Next(0, height - h), random.Next(0, width - w), h, w);
            }
        }

        var tallest = Math.Clamp((int)Math.Round(width / LeastAspect), 1, height);
        var widest = Math.Clamp((int)Math.Round(height * MostAspect), 1, width);
        return Box.Centre(height, width, tallest, widest);
    }
}
