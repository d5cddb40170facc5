namespace ZenNas.Data.Augmentation;

/// <summary>How a picture is brought to the resolution without chance.</summary>
/// <param name="Height">Height that the whole picture is resized to.</param>
/// <param name="Width">Width that it is resized to.</param>
/// <param name="Window">The centre that is kept.</param>
internal readonly record struct EvaluationCrop(int Height, int Width, Box Window)
{
    /// <summary>The shorter side is resized to resolution / share, the longer one by as much; lengths are rounded down.</summary>
    public static EvaluationCrop Of(int height, int width, int resolution, double share)
    {
        var shorter = (int)(resolution / share);
        var longer = (int)((long)shorter * Math.Max(height, width) / Math.Min(height, width));
        var (h, w) = height <= width ? (shorter, longer) : (longer, shorter);
        return new EvaluationCrop(h, w, new Box(HalfOf(h - resolution), HalfOf(w - resolution), resolution, resolution));
    }

    // Halves go to the even side, so that windows lie where they lie in other libraries.
    private static int HalfOf(int margin) => (int)Math.Round(margin / 2.0, MidpointRounding.ToEven);
}
