using ZenNas.Data.Augmentation;
using ZenNas.Search;

namespace ZenNas.Data.Tests.Augmentation;

public sealed class PlacementTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Should_cut_the_window_out_of_the_padded_picture(int channels)
    {
        var source = SamplePictures.Random(5, 7, channels);
        var target = new PixelMap();
        for (var top = -6; top <= 6; top++)
        {
            for (var left = -8; left <= 8; left++)
            {
                PadAndCrop.Crop(source.View, top, left, target);
                for (var i = 0; i < 5 * 7 * channels; i++)
                {
                    var (y, x, c) = (i / channels / 7, i / channels % 7, i % channels);
                    var isInside = y + top is >= 0 and < 5 && x + left is >= 0 and < 7;
                    Assert.Equal(isInside ? source.At(y + top, x + left, c) : 0, target.At(y, x, c));
                }
            }
        }
    }

    [Fact]
    public void Should_draw_every_offset_equally_often()
    {
        // One bright pixel in the middle shows where the window lies.
        var source = SamplePictures.Of(9, 9, 1, (y, x, _) => y == 4 && x == 4 ? 255 : 0);
        var target = new PixelMap();
        var random = new StepRandom(1, 0);
        var counts = new int[9, 9];
        for (var i = 0; i < 25_000; i++)
        {
            PadAndCrop.Apply(source.View, 2, ref random, target);
            var at = target.Pixels.IndexOf((byte)255);
            counts[at / 9, at % 9]++;
        }

        for (var y = 0; y < 9; y++)
        {
            for (var x = 0; x < 9; x++)
            {
                var expected = y is >= 2 and <= 6 && x is >= 2 and <= 6 ? 1_000 : 0;
                Assert.InRange(counts[y, x], expected * 0.84, expected * 1.16);
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Should_mirror_left_to_right_and_back(int channels)
    {
        var source = SamplePictures.Random(4, 7, channels);
        var map = SamplePictures.ToMap(source);
        HorizontalFlip.Apply(map);
        for (var i = 0; i < 4 * 7 * channels; i++)
        {
            var (y, x, c) = (i / channels / 7, i / channels % 7, i % channels);
            Assert.Equal(source.At(y, 6 - x, c), map.At(y, x, c));
        }

        HorizontalFlip.Apply(map);
        Assert.Equal(source.Pixels.ToArray(), map.Pixels.ToArray());
    }

    [Fact]
    public void Should_draw_crops_of_the_stated_areas_and_aspects()
    {
        var random = new StepRandom(2, 0);
        var areas = new List<double>();
        var logAspects = new List<double>();
        for (var i = 0; i < 20_000; i++)
        {
            var box = RandomResizedCrop.Draw(1_000, 1_000, 0.08, ref random);
            Assert.True(box is { Top: >= 0, Left: >= 0 } && box.Top + box.Height <= 1_000 && box.Left + box.Width <= 1_000);
            areas.Add(box.Height * box.Width / 1e6);
            logAspects.Add(Math.Log((double)box.Width / box.Height));
        }

        Assert.InRange(areas.Min(), 0.079, 0.1);
        Assert.InRange(areas.Max(), 0.95, 1);
        Assert.InRange(logAspects.Min(), Math.Log(0.75) - 0.01, Math.Log(0.75) + 0.01);
        Assert.InRange(logAspects.Max(), Math.Log(4.0 / 3) - 0.01, Math.Log(4.0 / 3) + 0.01);
        Assert.Equal(0, logAspects.Average(), 0.01);
        // Below three quarters no aspect can be refused, and areas are uniform.
        Assert.Equal(0.5, areas.Count(a => a < 0.41) / (double)areas.Count(a => a < 0.74), 0.03);
    }

    [Theory]
    [InlineData(10, 1_000, 10, 13)]
    [InlineData(1_000, 10, 13, 10)]
    [InlineData(1, 500, 1, 1)]
    public void Should_fall_back_to_the_centre(int height, int width, int expectedHeight, int expectedWidth)
    {
        var random = new StepRandom(3, 0);
        var box = RandomResizedCrop.Draw(height, width, 1, ref random);
        Assert.Equal(new Box((height - expectedHeight) / 2, (width - expectedWidth) / 2, expectedHeight, expectedWidth), box);
    }

    [Theory]
    [InlineData(375, 500, 256, 341, 16, 58)]
    [InlineData(500, 375, 341, 256, 58, 16)]
    [InlineData(224, 224, 256, 256, 16, 16)]
    public void Should_resize_and_cut_the_centre_for_evaluation(int height, int width, int resizedHeight, int resizedWidth, int top, int left) =>
        Assert.Equal(
            new EvaluationCrop(resizedHeight, resizedWidth, new Box(top, left, 224, 224)), EvaluationCrop.Of(height, width, 224, 0.875));
}
