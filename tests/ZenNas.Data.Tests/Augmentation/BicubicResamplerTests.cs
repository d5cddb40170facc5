using ZenNas.Data.Augmentation;

namespace ZenNas.Data.Tests.Augmentation;

public sealed class BicubicResamplerTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Should_agree_with_the_definition(int channels)
    {
        // Values far from both ends, as what overshoots them is cut off after each axis.
        var random = SamplePictures.Random(23, 31, channels);
        var source = SamplePictures.Of(23, 31, channels, (y, x, c) => 64 + random.At(y, x, c) / 2);
        var part = new Box(3, 5, 17, 20);
        foreach (var (height, width) in new[] { (8, 8), (17, 20), (40, 9), (7, 33), (1, 1) })
        {
            var target = Resize(source, part, height, width, new Box(0, 0, height, width));
            for (var i = 0; i < height * width * channels; i++)
            {
                var (y, x, c) = (i / channels / width, i / channels % width, i % channels);
                // Rounding between the axes, and of the weights, adds less than 2 in all.
                Assert.Equal(Defined(source, part, height, width, y, x, c), target.At(y, x, c), 1.99);
            }
        }
    }

    [Theory]
    [InlineData(5, 9)]
    [InlineData(64, 50)]
    public void Should_keep_a_picture_of_one_value(int height, int width)
    {
        var source = SamplePictures.Of(20, 30, 3, (_, _, c) => 100 + 77 * c);
        var target = Resize(source, new Box(0, 0, 20, 30), height, width, new Box(0, 0, height, width));
        Assert.All(Enumerable.Range(0, height * width * 3), i => Assert.Equal((100 + 77 * (i % 3)) % 256, target.Pixels[i]));
    }

    [Fact]
    public void Should_keep_a_picture_of_the_same_size()
    {
        var source = SamplePictures.Random(20, 30, 3);
        Assert.Equal(source.Pixels.ToArray(), Resize(source, new Box(0, 0, 20, 30), 20, 30, new Box(0, 0, 20, 30)).Pixels.ToArray());
    }

    [Theory]
    [InlineData(20)]
    [InlineData(80)]
    public void Should_keep_a_ramp_a_ramp(int width)
    {
        var source = SamplePictures.Of(4, 40, 1, (_, x, _) => 20 + 5 * x);
        var target = Resize(source, new Box(0, 0, 4, 40), 4, width, new Box(0, 0, 4, width));
        for (var x = width / 8; x < width - width / 8; x++)
        {
            Assert.Equal(20 + 5 * ((x + 0.5) * 40 / width - 0.5), target.At(2, x, 0), 1.0);
        }
    }

    [Fact]
    public void Should_compute_a_window_as_a_part_of_the_whole()
    {
        var source = SamplePictures.Random(37, 50, 3);
        var all = new Box(0, 0, 37, 50);
        var whole = Resize(source, all, 24, 33, new Box(0, 0, 24, 33));
        var window = new Box(5, 7, 11, 20);
        var part = Resize(source, all, 24, 33, window);
        for (var y = 0; y < window.Height; y++)
        {
            Assert.Equal(whole.Row(y + 5).Slice(7 * 3, 20 * 3).ToArray(), part.Row(y).ToArray());
        }
    }

    [Fact]
    public void Should_use_its_memory_again_for_other_sizes()
    {
        var resampler = new BicubicResampler();
        var target = new PixelMap();
        foreach (var (side, channels, result) in new[] { (64, 3, 32), (8, 1, 20), (30, 3, 7), (100, 1, 90) })
        {
            var source = SamplePictures.Random(side, side, channels);
            var (part, window) = (new Box(0, 0, side, side), new Box(0, 0, result, result));
            resampler.Resize(source.View, part, result, result, window, target);
            Assert.Equal(Resize(source, part, result, result, window).Pixels.ToArray(), target.Pixels.ToArray());
        }
    }

    private static PixelMap Resize(Picture source, Box part, int height, int width, Box window)
    {
        var target = new PixelMap();
        new BicubicResampler().Resize(source.View, part, height, width, window, target);
        return target;
    }

    /// <summary>The two-dimensional weighted mean, in one go and without rounding.</summary>
    private static double Defined(Picture source, Box part, int height, int width, int y, int x, int c)
    {
        var (sum, weights) = (0.0, 0.0);
        for (var sy = 0; sy < part.Height; sy++)
        {
            for (var sx = 0; sx < part.Width; sx++)
            {
                var weight = Weight(sy, y, part.Height, height) * Weight(sx, x, part.Width, width);
                sum += weight * source.At(part.Top + sy, part.Left + sx, c);
                weights += weight;
            }
        }

        return sum / weights;
    }

    private static double Weight(int from, int to, int sourceLength, int targetLength)
    {
        var scale = (double)sourceLength / targetLength;
        var d = Math.Abs((from + 0.5 - (to + 0.5) * scale) / Math.Max(1, scale));
        return d >= 2 ? 0 : d >= 1 ? -0.5 * d * d * d + 2.5 * d * d - 4 * d + 2 : 1.5 * d * d * d - 2.5 * d * d + 1;
    }
}
