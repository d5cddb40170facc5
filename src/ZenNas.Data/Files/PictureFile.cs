using System.Buffers;
using SkiaSharp;

namespace ZenNas.Data.Files;

/// <summary>Decodes JPEG and PNG files to red, green and blue. Transparency, colour profiles and a camera's orientation are passed over.</summary>
internal static class PictureFile
{
    public const int MostFileBytes = 1 << 28;
    public const int MostPixels = 100_000_000;

    /// <exception cref="BrokenPictureException">The file can't be read, isn't a whole picture, or is too large.</exception>
    public static Picture Read(string path)
    {
        byte[] content;
        try
        {
            content = DataFile.Read(path, MostFileBytes);
        }
        catch (InvalidInputException e)
        {
            throw new BrokenPictureException(e.Message, e);
        }

        using var data = SKData.CreateCopy(content);
        using var codec = SKCodec.Create(data);
        if (codec is not { EncodedFormat: SKEncodedImageFormat.Jpeg or SKEncodedImageFormat.Png })
        {
            throw new BrokenPictureException($"{DataFile.Shown(path)}: isn't a picture that can be decoded; allowed are JPEG and PNG");
        }

        var (height, width) = (codec.Info.Height, codec.Info.Width);
        if (height is < 1 or > Picture.MostSide || width is < 1 or > Picture.MostSide || height * width > MostPixels)
        {
            throw new BrokenPictureException(
                $"{DataFile.Shown(path)}: has {height}×{width} pixels; allowed are sides of up to {Picture.MostSide} and {MostPixels} pixels in all");
        }

        return new Picture(height, width, 3, Decode(codec, path));
    }

    private static byte[] Decode(SKCodec codec, string path)
    {
        // Without a colour space nothing is converted between colour spaces.
        var info = new SKImageInfo(codec.Info.Width, codec.Info.Height, SKColorType.Rgba8888, SKAlphaType.Unpremul);
        var decoded = ArrayPool<byte>.Shared.Rent(info.BytesSize);
        try
        {
            var result = codec.GetPixels(info, decoded);
            return result == SKCodecResult.Success
                ? WithoutAlpha(decoded.AsSpan(0, info.BytesSize))
                : throw new BrokenPictureException($"{DataFile.Shown(path)}: can't be decoded ({result}); allowed is a whole picture");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(decoded);
        }
    }

    private static byte[] WithoutAlpha(ReadOnlySpan<byte> pixels)
    {
        var kept = new byte[pixels.Length / 4 * 3];
        var target = kept.AsSpan();
        for (; pixels.Length >= 4; pixels = pixels[4..], target = target[3..])
        {
            target[2] = pixels[2];
            target[1] = pixels[1];
            target[0] = pixels[0];
        }

        return kept;
    }
}
