using ZenNas.Data.Augmentation;

namespace ZenNas.Data;

/// <summary>A picture of 8 bits a channel; immutable.</summary>
public sealed class Picture
{
    /// <summary>Largest height and width in pixels.</summary>
    public const int MostSide = 16_384;

    /// <summary>Makes a picture of pixels.</summary>
    /// <param name="height">Height in pixels, 1 to <see cref="MostSide"/>.</param>
    /// <param name="width">Width in pixels, 1 to <see cref="MostSide"/>.</param>
    /// <param name="channels">1 (grey) or 3 (red, green, blue).</param>
    /// <param name="pixels">Row by row, the channels of a pixel side by side. They aren't copied, and must not change.</param>
    /// <exception cref="ArgumentException">A size isn't allowed, or there are more or fewer pixels than it asks for.</exception>
    public Picture(int height, int width, int channels, ReadOnlyMemory<byte> pixels)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(height, MostSide);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(width, MostSide);
        if (channels is not (1 or 3))
        {
            throw new ArgumentOutOfRangeException(nameof(channels), channels, "1 or 3");
        }

        if (pixels.Length != height * width * channels)
        {
            throw new ArgumentException($"there are {pixels.Length} bytes; {height}×{width}×{channels} are needed", nameof(pixels));
        }

        (Height, Width, Channels, Pixels) = (height, width, channels, pixels);
    }

    /// <summary>Height in pixels.</summary>
    public int Height { get; }

    /// <summary>Width in pixels.</summary>
    public int Width { get; }

    /// <summary>1 (grey) or 3 (red, green, blue).</summary>
    public int Channels { get; }

    /// <summary>Shape (height, width, channels), row-major.</summary>
    public ReadOnlyMemory<byte> Pixels { get; }

    internal PixelView View => new(Height, Width, Channels, Pixels.Span);
}
