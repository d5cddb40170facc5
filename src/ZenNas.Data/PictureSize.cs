namespace ZenNas.Data;

/// <summary>Size of a picture.</summary>
/// <param name="Height">Height in pixels.</param>
/// <param name="Width">Width in pixels.</param>
public readonly record struct PictureSize(int Height, int Width);
