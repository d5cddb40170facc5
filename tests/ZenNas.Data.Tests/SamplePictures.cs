using ZenNas.Data.Augmentation;
using ZenNas.Search;

namespace ZenNas.Data.Tests;

/// <summary>Small pictures.</summary>
internal static class SamplePictures
{
    /// <summary>Pixels without any pattern.</summary>
    public static Picture Random(int height, int width, int channels, ulong seed = 0)
    {
        var random = new StepRandom(seed, 0);
        var pixels = new byte[height * width * channels];
        foreach (ref var value in pixels.AsSpan())
        {
            value = (byte)random.Next(256);
        }

        return new Picture(height, width, channels, pixels);
    }

    public static Picture Of(int height, int width, int channels, Func<int, int, int, int> value)
    {
        var pixels = new byte[height * width * channels];
        for (var i = 0; i < pixels.Length; i++)
        {
            pixels[i] = (byte)value(i / channels / width, i / channels % width, i % channels);
        }

        return new Picture(height, width, channels, pixels);
    }

    public static PixelMap ToMap(Picture picture)
    {
        var map = new PixelMap();
        map.CopyFrom(picture.View);
        return map;
    }

    public static int At(this Picture picture, int y, int x, int c) => picture.Pixels.Span[(y * picture.Width + x) * picture.Channels + c];

    public static int At(this PixelMap map, int y, int x, int c) => map.Pixels[(y * map.Width + x) * map.Channels + c];
}
