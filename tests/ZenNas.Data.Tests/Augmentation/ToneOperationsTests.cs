using ZenNas.Data.Augmentation;

namespace ZenNas.Data.Tests.Augmentation;

public sealed class ToneOperationsTests
{
    [Fact]
    public void Should_keep_upper_bits_when_posterizing()
    {
        var source = SamplePictures.Random(6, 6, 3);
        for (var bits = 4; bits <= 8; bits++)
        {
            var map = SamplePictures.ToMap(source);
            ToneOperations.Posterize(map, bits);
            var step = 1 << (8 - bits);
            Assert.Equal(source.Pixels.ToArray().Select(v => (byte)(v / step * step)), map.Pixels.ToArray());
        }
    }

    [Fact]
    public void Should_invert_all_or_only_bright_values()
    {
        var source = SamplePictures.Random(6, 6, 3);
        var map = SamplePictures.ToMap(source);
        ToneOperations.Solarize(map, 100.5);
        Assert.Equal(source.Pixels.ToArray().Select(v => v <= 100 ? v : (byte)(255 - v)), map.Pixels.ToArray());
        map.CopyFrom(source.View);
        ToneOperations.Invert(map);
        Assert.Equal(source.Pixels.ToArray().Select(v => (byte)(255 - v)), map.Pixels.ToArray());
    }

    [Fact]
    public void Should_stretch_each_channel_to_the_whole_range()
    {
        var source = SamplePictures.Of(10, 10, 3, (y, x, c) => 50 + 20 * c + y + 2 * x);
        var map = SamplePictures.ToMap(source);
        ToneOperations.AutoContrast(map);
        for (var c = 0; c < 3; c++)
        {
            for (var i = 0; i < 100; i++)
            {
                // Values of a channel are 0 to 27 above the least; rounding may lose 1.
                var exact = (source.At(i / 10, i % 10, c) - 50 - 20 * c) * 255.0 / 27;
                Assert.InRange(map.At(i / 10, i % 10, c), exact - 1.001, exact);
            }
        }
    }

    [Fact]
    public void Should_equalize_to_the_cumulative_distribution()
    {
        // 4,096 pixels with squared values: dark ones are frequent.
        var source = SamplePictures.Of(64, 64, 1, (y, x, _) => (64 * y + x) * (64 * y + x) / 66_000);
        var map = SamplePictures.ToMap(source);
        ToneOperations.Equalize(map);
        var sorted = source.Pixels.ToArray().Order().ToArray();
        for (var i = 0; i < 4096; i++)
        {
            var below = (double)Array.IndexOf(sorted, source.Pixels.Span[i]) / sorted.Length;
            Assert.Equal(below * 255, map.Pixels[i], 3.0);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Should_leave_a_picture_of_one_value_as_it_is(int channels)
    {
        var source = SamplePictures.Of(5, 5, channels, (_, _, _) => 93);
        foreach (var operation in new Action<PixelMap>[] { ToneOperations.Equalize, ToneOperations.AutoContrast, m => ToneOperations.Contrast(m, 0.3) })
        {
            var map = SamplePictures.ToMap(source);
            operation(map);
            Assert.Equal(source.Pixels.ToArray(), map.Pixels.ToArray());
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Should_change_nothing_at_a_factor_of_1(int channels)
    {
        var source = SamplePictures.Random(9, 7, channels);
        foreach (var operation in new Action<PixelMap>[] { m => ToneOperations.Brightness(m, 1), m => ToneOperations.Contrast(m, 1), m => Blending.Color(m, 1) })
        {
            var map = SamplePictures.ToMap(source);
            operation(map);
            Assert.Equal(source.Pixels.ToArray(), map.Pixels.ToArray());
        }
    }
}
