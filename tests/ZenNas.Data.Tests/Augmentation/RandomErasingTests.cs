using ZenNas.Data.Augmentation;
using ZenNas.Search;

namespace ZenNas.Data.Tests.Augmentation;

public sealed class RandomErasingTests
{
    private static readonly AugmentationSettings Settings = new() { Resolution = 32, ErasingProbability = 1 };

    [Fact]
    public void Should_draw_areas_and_aspects_in_range()
    {
        var random = new StepRandom(1, 0);
        var areas = new List<double>();
        for (var i = 0; i < 10_000; i++)
        {
            var box = RandomErasing.Draw(1_000, 1_000, Settings, ref random)!.Value;
            Assert.True(box is { Top: >= 0, Left: >= 0 } && box.Top + box.Height <= 1_000 && box.Left + box.Width <= 1_000);
            Assert.InRange((double)box.Height / box.Width, 0.297, 3.37);
            areas.Add(box.Height * box.Width / 1e6);
        }

        Assert.InRange(areas.Min(), 0.0195, 0.022);
        Assert.InRange(areas.Max(), 0.3, 0.335);
    }

    [Fact]
    public void Should_give_up_where_nothing_fits()
    {
        var random = new StepRandom(1, 0);
        Assert.Null(RandomErasing.Draw(1, 1, Settings with { SmallestErasedArea = 1, LargestErasedArea = 1 }, ref random));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Should_fill_the_box_with_normal_noise_and_nothing_else(int channels)
    {
        var picture = new float[40 * 50 * channels];
        Array.Fill(picture, 100);
        var random = new StepRandom(1, 0);
        RandomErasing.Fill(picture, 50, channels, new Box(3, 6, 31, 41), ref random);
        var erased = new List<float>();
        for (var i = 0; i < picture.Length; i++)
        {
            var (y, x) = (i / channels / 50, i / channels % 50);
            if (y is >= 3 and < 34 && x is >= 6 and < 47)
            {
                erased.Add(picture[i]);
            }
            else
            {
                Assert.Equal(100, picture[i]);
            }
        }

        Assert.Equal(31 * 41 * channels, erased.Count);
        Assert.Equal(0, erased.Average(), 0.15f);
        Assert.Equal(1, erased.Average(value => value * value), 0.2f);
    }
}
