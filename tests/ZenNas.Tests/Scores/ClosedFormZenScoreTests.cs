using CsCheck;
using ZenNas.Architectures;
using ZenNas.Scores;
using ZenNas.Tests.Architectures;

namespace ZenNas.Tests.Scores;

public sealed class ClosedFormZenScoreTests
{
    private static readonly ClosedFormZenScore Score = new();

    [Fact]
    public void Should_agree_with_the_recursion_as_printed() => ArchitectureGen.Small.Sample(
        a => Assert.Equal(TextbookZenScore.Of(a), Score.Score(Network.Lower(a).Vanilla), tolerance: 1e-9), iter: 300);

    [Theory]
    [InlineData(0.001)]
    [InlineData(0.1)]
    [InlineData(1)]
    public void Should_agree_with_the_recursion_for_other_perturbations(double alpha)
    {
        var architecture = new Architecture(
            [new ConvolutionBlock(3, 16), new BottleneckBlock(5, 24, 2, 8, 4), new InvertedBottleneckBlock(2, 3, 12, 2, 8, 2)], 20, 10);
        Assert.Equal(
            TextbookZenScore.Of(architecture, alpha), new ClosedFormZenScore(alpha).Score(Network.Lower(architecture).Vanilla), tolerance: 1e-9);
    }

    [Fact]
    public void Should_not_depend_on_links_excitation_classes_or_seed() => ArchitectureGen.Any.Sample(a =>
    {
        var score = Score.Evaluate(Network.Lower(a), 1);
        Assert.Equal(score, Score.Evaluate(Network.Lower(a.With(classes: 7).WithSqueezeExcitation(SqueezeExcitation.Quarter)), 2));
        Assert.Equal((0, 0.0), (score.Repeats, score.StandardError));
        Assert.True(double.IsFinite(score.Mean));
    });

    [Fact]
    public void Should_stay_finite_for_the_largest_network()
    {
        var block = new InvertedBottleneckBlock(6, 7, Limits.Width, 1, Limits.Width, Limits.Repeats);
        var largest = new Architecture([block, block, block, block], Limits.Resolution, 10, Limits.Width);
        Assert.True(double.IsFinite(Score.Score(Network.Lower(largest).Vanilla)));
    }

    [Fact]
    public void Should_grow_by_half_the_logarithm_of_a_wider_fan_in()
    {
        // Twice the inner width of a 1×1 bottleneck: the convolution after it sees twice the channels.
        Assert.Equal(0.5 * Math.Log(2), Of(32) - Of(16), tolerance: 1e-12);

        static double Of(int width) => Score.Score(Network.Lower(
            new Architecture([new ConvolutionBlock(3, width), new ConvolutionBlock(1, 8)], 16, 10)).Vanilla);
    }

    [Fact]
    public void Should_allocate_nothing()
    {
        VanillaNetwork[] networks =
        [
            Network.Lower(ModelZoo.Find("zennet_cifar_model_size1M_res32")!.Architecture).Vanilla,
            Network.Lower(ModelZoo.Find("zennet_imagenet1k_flops400M_res224")!.Architecture).Vanilla,
            Network.Lower(ModelZoo.Find("resnet-18")!.Architecture).Vanilla,
        ];
        var sum = ScoreAll(networks, 1_000);
        var before = GC.GetAllocatedBytesForCurrentThread();
        sum -= ScoreAll(networks, 1_000);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal((0, 0.0), (allocated, sum));

        static double ScoreAll(VanillaNetwork[] networks, int times)
        {
            double sum = 0;
            for (var i = 0; i < times; i++)
            {
                sum += Score.Score(networks[i % networks.Length]);
            }

            return sum;
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-0.01)]
    [InlineData(1.0000001)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Should_refuse_a_perturbation_out_of_range(double alpha)
    {
        var error = Assert.Throws<InvalidInputException>(() => new ClosedFormZenScore(alpha));
        Assert.Equal(FormattableString.Invariant($"alpha is {alpha}; allowed is above 0 and at most 1"), error.Message);
    }
}
