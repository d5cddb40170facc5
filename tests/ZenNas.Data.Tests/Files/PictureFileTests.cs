using System.Buffers.Binary;
using SkiaSharp;
using ZenNas.Data.Files;

namespace ZenNas.Data.Tests.Files;

public sealed class PictureFileTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Should_read_png_exactly()
    {
        var picture = SamplePictures.Random(7, 5, 3);
        var read = Read("a.png", EncodedPictures.Of(picture, SKEncodedImageFormat.Png));
        Assert.Equal((7, 5, 3), (read.Height, read.Width, read.Channels));
        Assert.Equal(picture.Pixels.ToArray(), read.Pixels.ToArray());
    }

    [Fact]
    public void Should_pass_over_transparency()
    {
        var picture = SamplePictures.Random(4, 4, 3);
        var read = Read("a.png", EncodedPictures.Of(picture, SKEncodedImageFormat.Png, alpha: 40));
        Assert.Equal(picture.Pixels.ToArray(), read.Pixels.ToArray());
    }

    [Fact]
    public void Should_read_jpeg_nearly()
    {
        var picture = SamplePictures.Of(24, 40, 3, (y, x, c) => 4 * y + 3 * x + 10 * c);
        var read = Read("a.jpeg", EncodedPictures.Of(picture, SKEncodedImageFormat.Jpeg));
        var differences = picture.Pixels.ToArray().Zip(read.Pixels.ToArray(), (a, b) => Math.Abs(a - b));
        Assert.InRange(differences.Average(), 0, 3);
    }

    [Theory]
    [InlineData(SKEncodedImageFormat.Png)]
    [InlineData(SKEncodedImageFormat.Jpeg)]
    public void Should_give_grey_pictures_three_channels(SKEncodedImageFormat format)
    {
        var read = Read("a", EncodedPictures.Grey(8, 9, 77, format));
        Assert.Equal((8, 9, 3), (read.Height, read.Width, read.Channels));
        Assert.All(read.Pixels.ToArray(), value => Assert.Equal(77, value));
    }

    [Theory]
    [InlineData(SKEncodedImageFormat.Png)]
    [InlineData(SKEncodedImageFormat.Jpeg)]
    public void Should_name_a_file_cut_short(SKEncodedImageFormat format)
    {
        var content = EncodedPictures.Of(SamplePictures.Random(32, 32, 3), format);
        foreach (var length in new[] { 0, 1, 20, content.Length / 2 })
        {
            Assert.Contains("cut.jpg", Sentence.Of(() => Read("cut.jpg", content[..length])), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Should_refuse_other_formats()
    {
        Assert.Contains("JPEG and PNG", Sentence.Of(() => Read("a.jpg", EncodedPictures.Of(SamplePictures.Random(8, 8, 3), SKEncodedImageFormat.Webp))), StringComparison.Ordinal);
        Assert.Contains("JPEG and PNG", Sentence.Of(() => Read("a.jpg", "<html>Not found</html>"u8.ToArray())), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(16_385, 1)]
    [InlineData(1, 16_385)]
    [InlineData(16_000, 16_000)]
    public void Should_refuse_large_pictures_before_they_are_decoded(int height, int width)
    {
        var content = EncodedPictures.Of(SamplePictures.Random(4, 4, 3), SKEncodedImageFormat.Png);
        // The header, whose sizes and checksum are made to say something else.
        BinaryPrimitives.WriteInt32BigEndian(content.AsSpan(16), width);
        BinaryPrimitives.WriteInt32BigEndian(content.AsSpan(20), height);
        BinaryPrimitives.WriteUInt32BigEndian(content.AsSpan(29), Crc32(content.AsSpan(12, 17)));
        Assert.Contains($"has {height}×{width} pixels", Sentence.Of(() => Read("large.png", content)), StringComparison.Ordinal);
    }

    [Fact]
    public void Should_name_a_file_that_is_gone()
    {
        var message = Sentence.Of(() => PictureFile.Read(_folder["gone.png"]));
        Assert.Contains("gone.png", message, StringComparison.Ordinal);
    }

    private static uint Crc32(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ ((crc & 1) * 0xEDB88320);
            }
        }

        return ~crc;
    }

    private Picture Read(string name, byte[] content)
    {
        File.WriteAllBytes(_folder[name], content);
        return PictureFile.Read(_folder[name]);
    }
}
