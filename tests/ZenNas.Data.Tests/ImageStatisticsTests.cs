namespace ZenNas.Data.Tests;

public sealed class ImageStatisticsTests
{
    [Fact]
    public void Should_measure_mean_and_deviation_of_each_channel()
    {
        var dataset = new SampleDataset(count: 20, side: 8);
        var measured = ImageStatistics.Measure(dataset);
        for (var c = 0; c < 3; c++)
        {
            var values = Enumerable.Range(0, 20).SelectMany(i => dataset.Read(i).Pixels.ToArray().Where((_, at) => at % 3 == c)).Select(v => v / 255.0).ToArray();
            Assert.Equal(values.Average(), measured.Mean[c], 1e-6);
            Assert.Equal(Math.Sqrt(values.Average(v => v * v) - values.Average() * values.Average()), measured.StandardDeviation[c], 1e-6);
        }
    }

    [Fact]
    public void Should_refuse_numbers_that_cannot_be_statistics()
    {
        Assert.Throws<ArgumentException>(() => new ImageStatistics([0.5f], [0f]));
        Assert.Throws<ArgumentException>(() => new ImageStatistics([0.5f, 0.5f], [1f, 1f]));
        Assert.Throws<ArgumentException>(() => new ImageStatistics([float.NaN], [1f]));
        Assert.Throws<ArgumentException>(() => new ImageStatistics([0.5f], [0.1f, 0.1f, 0.1f]));
    }
}
