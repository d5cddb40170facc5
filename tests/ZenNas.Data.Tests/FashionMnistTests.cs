using ZenNas.Data.Augmentation;
using ZenNas.Data.Loading;

namespace ZenNas.Data.Tests;

/// <summary>On real data: Debian's package <c>dataset-fashion-mnist</c>.</summary>
public sealed class FashionMnistTests
{
    private const string Folder = "/usr/share/datasets/fashion-mnist";

    public static bool IsThere => Directory.Exists(Folder);

    [Fact(Skip = "needs Debian's package dataset-fashion-mnist", SkipUnless = nameof(IsThere))]
    public void Should_read_real_files()
    {
        var (training, test, statistics) = DatasetFolder.Open(Folder);
        Assert.Equal(("Fashion-MNIST", 60_000, 10_000), (training.Name, training.Count, test.Count));
        Assert.All(
            Enumerable.Range(0, test.Count).CountBy(test.Label), count => Assert.Equal(1_000, count.Value));
        var measured = ImageStatistics.Measure(training);
        Assert.Equal(measured.Mean[0], statistics.Mean[0], 1e-4);
        Assert.Equal(measured.StandardDeviation[0], statistics.StandardDeviation[0], 1e-4);
    }

    [Fact(Skip = "needs Debian's package dataset-fashion-mnist", SkipUnless = nameof(IsThere))]
    public void Should_normalise_real_pictures()
    {
        var (training, _, statistics) = DatasetFolder.Open(Folder);
        var loader = new BatchLoader(
            training, new AugmentationSettings { Resolution = 28 }, statistics, new BatchLoaderSettings { BatchSize = 1_000, InputChannels = 1, Workers = 2 });
        var (sum, squares, count) = (0.0, 0.0, 0L);
        foreach (var batch in loader.EvaluationPass(TestContext.Current.CancellationToken))
        {
            foreach (var value in batch.Images)
            {
                sum += value;
                squares += value * value;
            }

            count += batch.Images.Length;
        }

        Assert.Equal(60_000L * 28 * 28, count);
        Assert.Equal(0, sum / count, 1e-3);
        Assert.Equal(1, squares / count, 1e-3);
    }
}
