using ZenNas.Data.Augmentation;
using ZenNas.Data.Loading;

namespace ZenNas.Data.Tests.Loading;

public sealed class BatchLoaderTests
{
    private static readonly AugmentationSettings Augmentation = new()
    {
        Resolution = 8,
        Pad = 2,
        Flip = true,
        AutoAugment = AutoAugmentPolicy.Cifar,
        PcaLighting = 0.1,
        ErasingProbability = 0.5,
    };

    private static readonly AugmentationSettings Plain = new() { Resolution = 8 };

    private static readonly BatchLoaderSettings Settings = new() { BatchSize = 10, InputChannels = 3, Seed = 5 };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void Should_give_the_same_batches_whatever_the_number_of_threads()
    {
        var mixed = Settings with { MixupAlpha = 0.4 };
        var one = Copies(Loader(95, Augmentation, mixed).TrainingEpoch(3, Cancellation));
        foreach (var (workers, ahead) in new[] { (2, 1), (4, 4), (3, 16) })
        {
            var many = Copies(Loader(95, Augmentation, mixed with { Workers = workers, BatchesAhead = ahead }).TrainingEpoch(3, Cancellation));
            AssertSame(one, many);
        }
    }

    [Fact]
    public void Should_give_the_same_epoch_again_and_others_differently()
    {
        var loader = Loader(95, Augmentation, Settings);
        var first = Copies(loader.TrainingEpoch(0, Cancellation));
        var second = Copies(loader.TrainingEpoch(1, Cancellation));
        AssertSame(first, Copies(loader.TrainingEpoch(0, Cancellation)));
        Assert.NotEqual(first.SelectMany(batch => batch.Labels), second.SelectMany(batch => batch.Labels));
        Assert.NotEqual(
            first.SelectMany(batch => batch.Labels), Copies(Loader(95, Augmentation, Settings with { Seed = 6 }).TrainingEpoch(0, Cancellation)).SelectMany(batch => batch.Labels));
        // A picture that both epochs show isn't augmented alike.
        var label = first[0].Labels[0];
        Assert.NotEqual(first[0].Picture(0), second.SelectMany(batch => batch.Labels.Select((l, i) => (l, Image: batch.Picture(i)))).First(p => p.l == label).Image);
    }

    [Fact]
    public void Should_show_every_picture_once_an_epoch_and_drop_the_rest()
    {
        var full = Loader(90, Plain, Settings);
        Assert.Equal(9, full.TrainingBatches);
        Assert.Equal(Enumerable.Range(0, 90), Copies(full.TrainingEpoch(0, Cancellation)).SelectMany(batch => batch.Labels).Order());
        var rest = Loader(99, Plain, Settings);
        var shown = Copies(rest.TrainingEpoch(0, Cancellation)).SelectMany(batch => batch.Labels).ToArray();
        Assert.Equal((9, 90, 90), (rest.TrainingBatches, shown.Length, shown.Distinct().Count()));
    }

    [Fact]
    public void Should_pair_pictures_with_their_labels()
    {
        var dataset = new SampleDataset(50);
        var loader = new BatchLoader(dataset, Plain, ImageStatistics.Cifar10, Settings with { Workers = 2 });
        foreach (var batch in Copies(loader.TrainingEpoch(0, Cancellation)))
        {
            Assert.Equal(1, batch.Lambda);
            Assert.Equal(batch.Labels, batch.OtherLabels);
            for (var i = 0; i < 10; i++)
            {
                Assert.Equal(Normalised(dataset.Read(batch.Labels[i])), batch.Picture(i));
            }
        }
    }

    [Fact]
    public void Should_evaluate_all_pictures_in_order()
    {
        var dataset = new SampleDataset(34);
        var loader = new BatchLoader(dataset, Augmentation, ImageStatistics.Cifar10, Settings with { Workers = 3, MixupAlpha = 1 });
        Assert.Equal(4, loader.EvaluationBatches);
        var batches = Copies(loader.EvaluationPass(Cancellation));
        Assert.Equal([10, 10, 10, 4], batches.Select(batch => batch.Labels.Length));
        Assert.Equal(Enumerable.Range(0, 34), batches.SelectMany(batch => batch.Labels));
        Assert.All(batches, batch => Assert.Equal(1, batch.Lambda));
        Assert.Equal(Normalised(dataset.Read(33)), batches[3].Picture(3));
    }

    [Fact]
    public void Should_mix_each_picture_with_another_by_the_share_it_says()
    {
        var dataset = new SampleDataset(33);
        var loader = new BatchLoader(dataset, Plain, ImageStatistics.Cifar10, Settings with { BatchSize = 11, MixupAlpha = 1 });
        var batches = Copies(loader.TrainingEpoch(0, Cancellation));
        Assert.Equal(3, batches.Select(batch => batch.Lambda).Distinct().Count());
        foreach (var batch in batches)
        {
            Assert.InRange(batch.Lambda, 0, 1);
            for (var i = 0; i < 11; i++)
            {
                Assert.Equal(batch.Labels[10 - i], batch.OtherLabels[i]);
                var (own, other) = (Normalised(dataset.Read(batch.Labels[i])), Normalised(dataset.Read(batch.OtherLabels[i])));
                Assert.All(batch.Picture(i), (value, at) => Assert.Equal(batch.Lambda * own[at] + (1 - batch.Lambda) * other[at], value, 1e-5f));
            }
        }
    }

    [Fact]
    public void Should_surface_a_broken_picture_in_its_batch()
    {
        var dataset = new SampleDataset(40, broken: 25);
        var loader = new BatchLoader(dataset, Plain, ImageStatistics.Cifar10, Settings with { Workers = 4 });
        var seen = 0;
        var e = Assert.Throws<BrokenPictureException>(() =>
        {
            foreach (var batch in loader.EvaluationPass(Cancellation))
            {
                seen += batch.Count;
            }
        });
        Assert.Equal(20, seen);
        Assert.Contains("picture-25.jpg", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Should_replace_broken_pictures_in_training_and_name_each_once(int workers)
    {
        var dataset = new SampleDataset(40, broken: [7, 8, 39]);
        var loader = new BatchLoader(
            dataset, Plain, ImageStatistics.Cifar10, Settings with { Workers = workers, BrokenPictures = BrokenPictureHandling.Skip });
        foreach (var epoch in Enumerable.Range(0, 2))
        {
            var labels = Copies(loader.TrainingEpoch(epoch, Cancellation)).SelectMany(batch => batch.Labels).Order().ToArray();
            Assert.Equal([0, 0, .. Enumerable.Range(1, 6), 9, 9, 9, .. Enumerable.Range(10, 29)], labels);
        }

        Assert.Equal([7, 8, 39], loader.BrokenPictures.Select(text => int.Parse(text.Split('-', '.')[1], null)));
    }

    [Fact]
    public void Should_leave_broken_pictures_out_of_an_evaluation()
    {
        var dataset = new SampleDataset(30, broken: [3, .. Enumerable.Range(10, 10)]);
        var loader = new BatchLoader(dataset, Plain, ImageStatistics.Cifar10, Settings with { BrokenPictures = BrokenPictureHandling.Skip });
        var batches = Copies(loader.EvaluationPass(Cancellation));
        Assert.Equal([9, 10], batches.Select(batch => batch.Labels.Length));
        Assert.Equal([0, 1, 2, 4, 5, 6, 7, 8, 9, .. Enumerable.Range(20, 10)], batches.SelectMany(batch => batch.Labels));
        Assert.Equal(11, loader.BrokenPictures.Length);
    }

    [Fact]
    public void Should_refuse_a_dataset_without_any_good_picture()
    {
        var loader = new BatchLoader(
            new SampleDataset(10, broken: [.. Enumerable.Range(0, 10)]), Plain, ImageStatistics.Cifar10, Settings with { BrokenPictures = BrokenPictureHandling.Skip });
        Assert.Contains("none of 10 pictures", Sentence.Of(() => Copies(loader.TrainingEpoch(0, Cancellation))), StringComparison.Ordinal);
    }

    [Fact]
    public void Should_refuse_settings_that_do_not_fit()
    {
        Assert.Contains("batch size is 10; allowed are at most the 9", Sentence.Of(() => Loader(9, Plain, Settings).TrainingEpoch(0, Cancellation)), StringComparison.Ordinal);
        Assert.Contains("number of input channels is 1", Sentence.Of(() => Loader(9, Plain, Settings with { InputChannels = 1 })), StringComparison.Ordinal);
        Assert.Contains("number of input channels is 2", Sentence.Of(() => Loader(9, Plain, Settings with { InputChannels = 2 })), StringComparison.Ordinal);
        Assert.Contains("number of loading threads is 0", Sentence.Of(() => Loader(9, Plain, Settings with { Workers = 0 })), StringComparison.Ordinal);
        Assert.Contains("mixup's alpha", Sentence.Of(() => Loader(9, Plain, Settings with { MixupAlpha = -1 })), StringComparison.Ordinal);
        Assert.Contains("has 3221225472 numbers", Sentence.Of(() => Loader(9, Plain with { Resolution = 4096 }, Settings with { BatchSize = 64 })), StringComparison.Ordinal);
        Assert.Contains("PCA lighting", Sentence.Of(() => _ = new BatchLoader(
            new SampleDataset(9, channels: 1), Augmentation, ImageStatistics.Mnist, Settings with { InputChannels = 1 })), StringComparison.Ordinal);
    }

    private static BatchLoader Loader(int count, AugmentationSettings augmentation, BatchLoaderSettings settings) =>
        new(new SampleDataset(count), augmentation, ImageStatistics.Cifar10, settings);

    private static float[] Normalised(Picture picture)
    {
        var values = new float[picture.Pixels.Length];
        new Normalisation(ImageStatistics.Cifar10, 3).Apply(picture.View, default, values);
        return values;
    }

    private static Copy[] Copies(IEnumerable<ImageBatch> batches) => [.. batches.Select(batch => new Copy(
        [.. batch.Images.Take(batch.Count * 192)], [.. batch.Labels.Take(batch.Count)], [.. batch.OtherLabels.Take(batch.Count)], batch.Lambda))];

    private static void AssertSame(Copy[] one, Copy[] other)
    {
        Assert.Equal(one.Length, other.Length);
        foreach (var (a, b) in one.Zip(other))
        {
            Assert.Equal(a.Lambda, b.Lambda);
            Assert.Equal(a.Labels, b.Labels);
            Assert.Equal(a.OtherLabels, b.OtherLabels);
            Assert.Equal(a.Images, b.Images);
        }
    }

    /// <summary>What is in a batch, as its arrays are used again.</summary>
    private sealed record Copy(float[] Images, int[] Labels, int[] OtherLabels, float Lambda)
    {
        public float[] Picture(int index) => Images[(index * 192)..((index + 1) * 192)];
    }
}
