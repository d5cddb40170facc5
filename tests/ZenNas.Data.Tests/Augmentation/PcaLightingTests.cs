using ZenNas.Data.Augmentation;
using ZenNas.Search;

namespace ZenNas.Data.Tests.Augmentation;

public sealed class PcaLightingTests
{
    [Fact]
    public void Should_have_the_covariance_of_scaled_components()
    {
        double[][] vectors = [[-0.5675, -0.5808, -0.5836], [0.7192, -0.0045, -0.6948], [0.4009, -0.8140, 0.4203]];
        double[] values = [0.2175, 0.0188, 0.0045];
        const int Draws = 50_000;
        var random = new StepRandom(1, 0);
        var sums = new double[3, 3];
        for (var i = 0; i < Draws; i++)
        {
            var light = PcaLighting.Draw(0.1, ref random);
            float[] shift = [light.Red, light.Green, light.Blue];
            for (var at = 0; at < 9; at++)
            {
                sums[at / 3, at % 3] += shift[at / 3] * shift[at % 3];
            }
        }

        for (var at = 0; at < 9; at++)
        {
            var expected = Enumerable.Range(0, 3).Sum(k => Math.Pow(0.1 * values[k], 2) * vectors[k][at / 3] * vectors[k][at % 3]);
            Assert.Equal(expected, sums[at / 3, at % 3] / Draws, 5e-6);
        }
    }

    [Fact]
    public void Should_shift_each_channel_before_normalisation()
    {
        var source = SamplePictures.Random(5, 5, 3);
        var target = new float[75];
        new Normalisation(ImageStatistics.ImageNet, 3).Apply(source.View, new Light(0.1f, -0.2f, 0.3f), target);
        float[] light = [0.1f, -0.2f, 0.3f];
        Assert.All(Enumerable.Range(0, 75), i => Assert.Equal(
            (source.Pixels.Span[i] / 255f + light[i % 3] - ImageStatistics.ImageNet.Mean[i % 3]) / ImageStatistics.ImageNet.StandardDeviation[i % 3], target[i], 1e-5f));
    }
}
