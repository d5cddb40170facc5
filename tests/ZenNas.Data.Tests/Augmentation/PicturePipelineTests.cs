using ZenNas.Data.Augmentation;
using ZenNas.Search;

namespace ZenNas.Data.Tests.Augmentation;

public sealed class PicturePipelineTests
{
    [Fact]
    public void Should_only_normalise_a_small_picture_for_evaluation()
    {
        var picture = SamplePictures.Random(8, 8, 3);
        var values = new float[8 * 8 * 3];
        Pipeline(new AugmentationSettings { Resolution = 8, Flip = true, Pad = 2, ErasingProbability = 1 }, new PictureSize(8, 8)).Evaluate(picture, values);
        Assert.All(Enumerable.Range(0, values.Length), i => Assert.Equal(Normalised(picture, i), values[i], 1e-6f));
    }

    [Fact]
    public void Should_resize_a_picture_of_the_resolution_too_where_sizes_differ()
    {
        var picture = SamplePictures.Random(8, 8, 3);
        var (kept, resized) = (new float[8 * 8 * 3], new float[8 * 8 * 3]);
        var settings = new AugmentationSettings { Resolution = 8 };
        Pipeline(settings, new PictureSize(8, 8)).Evaluate(picture, kept);
        Pipeline(settings, null).Evaluate(picture, resized);
        Assert.NotEqual(kept, resized);
        Pipeline(settings with { EvaluationCropShare = 1 }, null).Evaluate(picture, resized);
        Assert.Equal(kept, resized);
    }

    [Fact]
    public void Should_repeat_grey_for_three_channels()
    {
        var picture = SamplePictures.Random(6, 6, 1);
        var settings = new AugmentationSettings { Resolution = 6 };
        var (one, three) = (new float[36], new float[108]);
        new PicturePipeline(settings, ImageStatistics.Mnist, new PictureSize(6, 6), 1).Evaluate(picture, one);
        new PicturePipeline(settings, ImageStatistics.Mnist, new PictureSize(6, 6), 3).Evaluate(picture, three);
        Assert.Equal(one.SelectMany(value => new[] { value, value, value }), three);
    }

    [Fact]
    public void Should_flip_half_of_the_pictures()
    {
        var picture = SamplePictures.Random(8, 8, 3);
        var pipeline = Pipeline(new AugmentationSettings { Resolution = 8, Flip = true }, new PictureSize(8, 8));
        var values = new float[8 * 8 * 3];
        var (unchanged, flipped) = (0, 0);
        for (ulong step = 0; step < 2_000; step++)
        {
            pipeline.Train(picture, new StepRandom(1, step), values);
            unchanged += Math.Abs(values[0] - Normalised(picture, 0)) < 1e-6f ? 1 : 0;
            flipped += Math.Abs(values[0] - Normalised(picture, 21)) < 1e-6f ? 1 : 0;
        }

        Assert.Equal(2_000, unchanged + flipped);
        Assert.InRange(flipped, 900, 1_100);
    }

    [Fact]
    public void Should_erase_as_often_as_asked_for()
    {
        var picture = SamplePictures.Of(16, 16, 3, (_, _, _) => 128);
        var pipeline = Pipeline(new AugmentationSettings { Resolution = 16, ErasingProbability = 0.3 }, new PictureSize(16, 16));
        var values = new float[16 * 16 * 3];
        var erased = 0;
        for (ulong step = 0; step < 4_000; step++)
        {
            pipeline.Train(picture, new StepRandom(1, step), values);
            erased += values.Where((value, i) => Math.Abs(value - Normalised(picture, i)) > 1e-5f).Any() ? 1 : 0;
        }

        Assert.InRange(erased, 1_100, 1_300);
    }

    [Theory]
    [InlineData(20, 33)]
    [InlineData(7, 5)]
    [InlineData(300, 2)]
    public void Should_bring_pictures_of_any_size_to_the_resolution(int height, int width)
    {
        var picture = SamplePictures.Of(height, width, 3, (_, _, c) => 60 * c + 40);
        var values = new float[12 * 12 * 3];
        foreach (var settings in new[]
        {
            new AugmentationSettings { Resolution = 12, RandomResizedCrop = true, Flip = true },
            new AugmentationSettings { Resolution = 12, Flip = true },
        })
        {
            var pipeline = Pipeline(settings, null);
            for (ulong step = 0; step < 50; step++)
            {
                pipeline.Train(picture, new StepRandom(1, step), values);
                Assert.All(Enumerable.Range(0, values.Length), i => Assert.Equal(Normalised(picture, i % 3), values[i], 1e-5f));
            }

            pipeline.Evaluate(picture, values);
            Assert.All(Enumerable.Range(0, values.Length), i => Assert.Equal(Normalised(picture, i % 3), values[i], 1e-5f));
        }
    }

    private static PicturePipeline Pipeline(AugmentationSettings settings, PictureSize? size) => new(settings, ImageStatistics.Cifar10, size, 3);

    private static float Normalised(Picture picture, int at) =>
        (picture.Pixels.Span[at] / 255f - ImageStatistics.Cifar10.Mean[at % 3]) / ImageStatistics.Cifar10.StandardDeviation[at % 3];
}
