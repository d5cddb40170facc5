namespace ZenNas.Data.Augmentation;

/// <summary>Pixels of shape (height, width, channels) to work on; its memory is used again for pictures of other sizes.</summary>
internal sealed class PixelMap
{
    private byte[] _pixels = [];

    public int Height { get; private set; }

    public int Width { get; private set; }

    public int Channels { get; private set; }

    public Span<byte> Pixels => _pixels.AsSpan(0, Height * Width * Channels);

    public PixelView View => new(Height, Width, Channels, Pixels);

    public Span<byte> Row(int y) => _pixels.AsSpan(y * Width * Channels, Width * Channels);

    /// <summary>Takes another size; what the pixels are then isn't said.</summary>
    public void Resize(int height, int width, int channels)
    {
        (Height, Width, Channels) = (height, width, channels);
        if (_pixels.Length < height * width * channels)
        {
            _pixels = new byte[height * width * channels];
        }
    }

    public void CopyFrom(PixelView source)
    {
        Resize(source.Height, source.Width, source.Channels);
        source.Pixels.CopyTo(Pixels);
    }
}
