namespace ZenNas.Data.Augmentation;

/// <summary>Part of a picture, in pixels.</summary>
internal readonly record struct Box(int Top, int Left, int Height, int Width)
{
    /// <summary>The box of a size in the middle of a larger one.</summary>
    public static Box Centre(int outerHeight, int outerWidth, int height, int width) =>
        new((outerHeight - height) / 2, (outerWidth - width) / 2, height, width);
}
