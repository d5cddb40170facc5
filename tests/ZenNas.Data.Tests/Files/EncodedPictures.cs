using SkiaSharp;

namespace ZenNas.Data.Tests.Files;

/// <summary>Pictures as files.</summary>
internal static class EncodedPictures
{
    public static byte[] Of(Picture picture, SKEncodedImageFormat format, byte alpha = 255)
    {
        var pixels = new byte[picture.Height * picture.Width * 4];
        for (var i = 0; i < picture.Height * picture.Width; i++)
        {
            picture.Pixels.Span.Slice(3 * i, 3).CopyTo(pixels.AsSpan(4 * i));
            pixels[4 * i + 3] = alpha;
        }

        return Encode(new SKImageInfo(picture.Width, picture.Height, SKColorType.Rgba8888, SKAlphaType.Unpremul), pixels, format);
    }

    public static byte[] Grey(int height, int width, byte value, SKEncodedImageFormat format)
    {
        var pixels = new byte[height * width];
        Array.Fill(pixels, value);
        return Encode(new SKImageInfo(width, height, SKColorType.Gray8, SKAlphaType.Opaque), pixels, format);
    }

    private static byte[] Encode(SKImageInfo info, byte[] pixels, SKEncodedImageFormat format)
    {
        using var image = SKImage.FromPixelCopy(info, pixels);
        using var data = image.Encode(format, 95);
        return data.ToArray();
    }
}
