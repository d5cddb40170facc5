using ZenNas.Scores;
using ZenNas.Torch.Tests.Reference;

namespace ZenNas.Torch.Tests;

/// <summary>The closed form is a limit of what is measured; both have to agree but for its known small bias.</summary>
public sealed class ClosedFormAgreementTests
{
    [Theory, InlineData("resnet-18"), InlineData("resnet-34"), InlineData("resnet-50")]
    public void Should_agree_within_three_percent_for_resnets(string name)
    {
        var network = TestNetworks.Zoo(name);
        var closedForm = new ClosedFormZenScore().Score(network);

        // ResNets are wide: the spread of a single repeat is 0.05.
        var measured = new MeasuredZenScore(new ScoreSettings()).MeasureOnce(network, 1);

        Assert.InRange(measured / closedForm, 0.97, 1.03);
    }

    /// <summary>Narrow bottlenecks, where the closed form is 3 % and more below the measurement.</summary>
    [Theory]
    [InlineData("SuperConvK3BNRELU(3,40,1,1)SuperResK1K5K1(40,104,1,16,10)SuperResK1K3K1(104,256,2,32,4)SuperResK3K3(256,8,2,80,2)SuperResK1K3K1(8,48,2,80,1)SuperConvK1BNRELU(48,192,1,1)")]
    [InlineData("SuperConvK3BNRELU(3,360,1,1)SuperResK1K3K1(360,56,1,16,6)SuperResK1K3K1(56,88,2,8,6)SuperResK1K3K1(88,112,2,160,2)SuperResK1K3K1(112,16,2,56,2)SuperConvK1BNRELU(16,432,1,1)")]
    public void Should_be_nearer_with_finite_widths(string structure)
    {
        var network = Architectures.Network.Lower(Architectures.StructureString.Parse(structure, 32, 10)).Vanilla;

        var measured = new MeasuredZenScore(new ScoreSettings()).Measure(network, 1, RepeatPolicy.Exactly(6), 2, cancellation: TestContext.Current.CancellationToken);

        Assert.InRange(measured.Mean / new ClosedFormZenScore().Score(network), 1.02, 1.06);
        Assert.InRange(measured.Mean / new FiniteWidthZenScore().Score(network), 0.985, 1.015);
    }

    /// <summary>Another α moves both alike: the closed form knows how the perturbation saturates.</summary>
    [Theory, InlineData(0.001), InlineData(0.1), InlineData(1)]
    public void Should_agree_for_other_perturbations(double alpha)
    {
        var network = TestNetworks.Chain(
            32, new Architectures.ConvolutionBlock(3, 64, 1), new Architectures.BasicBlock(3, 96, 2, 128, 2), new Architectures.BottleneckBlock(5, 128, 2, 96, 1));
        var closedForm = new ClosedFormZenScore(alpha).Score(network);

        var measured = new MeasuredZenScore(new ScoreSettings { Alpha = alpha }).Measure(network, 1, RepeatPolicy.Exactly(3), 2, cancellation: TestContext.Current.CancellationToken);

        Assert.InRange(measured.Mean / closedForm, 0.98, 1.02);
    }

    [Theory, InlineData("zennet_cifar_model_size05M_res32"), InlineData("zennet_imagenet1k_flops400M_res224")]
    public void Should_measure_the_same_in_bfloat16_within_half_a_percent(string name)
    {
        var network = ZooMeasurement.Named(name).Network;

        var ratio = Mean(Precision.Bf16) / Mean(Precision.Fp32);

        Assert.InRange(ratio, 0.995, 1.005);
        Assert.NotEqual(1, ratio);

        // The same seeds give the same tensors but for rounding, so noise cancels.
        double Mean(Precision precision) =>
            new MeasuredZenScore(new ScoreSettings { Precision = precision }).Measure(network, 1, RepeatPolicy.Exactly(2), 2, cancellation: TestContext.Current.CancellationToken).Mean;
    }
}
