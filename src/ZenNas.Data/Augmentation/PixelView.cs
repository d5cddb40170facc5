namespace ZenNas.Data.Augmentation;

/// <summary>Pixels of shape (height, width, channels) to read from.</summary>
internal readonly ref struct PixelView
{
    public PixelView(int height, int width, int channels, ReadOnlySpan<byte> pixels)
    {
        (Height, Width, Channels) = (height, width, channels);
        Pixels = pixels;
    }

    public int Height { get; }

    public int Width { get; }

    public int Channels { get; }

    public ReadOnlySpan<byte> Pixels { get; }

    public ReadOnlySpan<byte> Row(int y) => Pixels.Slice(y * Width * Channels, Width * Channels);
}
