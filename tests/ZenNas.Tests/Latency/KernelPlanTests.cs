using CsCheck;
using ZenNas.Architectures;
using ZenNas.Complexity;
using ZenNas.Latency;
using ZenNas.Tests.Architectures;

namespace ZenNas.Tests.Latency;

public sealed class KernelPlanTests
{
    [Fact]
    public void Should_list_the_kernels_of_a_basic_residual_network()
    {
        var network = Network.Lower(StructureString.Parse("SuperConvK3BNRELU(3,8,1,1)SuperResK3K3(8,16,2,24,1)", 32, 10));

        Assert.Equal(
            [
                new KernelShape(KernelKind.Convolution, 3, 8, 32, 32, 3, 1, 1, false),
                new KernelShape(KernelKind.Convolution, 8, 24, 32, 16, 3, 2, 1, false),
                new KernelShape(KernelKind.Convolution, 24, 16, 16, 16, 3, 1, 1, false),
                new KernelShape(KernelKind.Convolution, 8, 16, 32, 16, 1, 2, 1, true),
                new KernelShape(KernelKind.Head, 16, 10, 16, 16, 1, 1, 1, false),
            ],
            KernelPlan.Of(network).Kernels);
    }

    [Fact]
    public void Should_take_squeeze_and_excitation_as_one_kernel()
    {
        var network = Network.Lower(StructureString.Parse("SuperConvK3BNRELU(3,8,1,1)SuperResIDWE2K5(8,8,1,8,1)", 8, 10).WithSqueezeExcitation(SqueezeExcitation.Quarter));
        var plan = KernelPlan.Of(network);

        Assert.Equal(2, plan.Kernels.Count(k => k.Kind == KernelKind.DepthwiseConvolution));
        Assert.Equal([new KernelShape(KernelKind.SqueezeExcitation, 16, 4, 8, 8, 1, 1, 1, false)], plan.Kernels.Where(k => k.Kind == KernelKind.SqueezeExcitation).Distinct());
        Assert.All(
            Enumerable.Range(0, network.Layers.Length).Where(i => network.Layers[i].Branch == Branch.SqueezeExcitation),
            i => Assert.Equal(KernelKind.SqueezeExcitation, plan.Kernels[plan.KernelOf[i]].Kind));
    }

    /// <summary>Convolutions and head keep all MACs; the sum over kernels is the sum over layers.</summary>
    [Fact]
    public void Should_lose_nothing() => ArchitectureGen.Small.Sample(a =>
    {
        var network = Network.Lower(a);
        var plan = KernelPlan.Of(network);
        double[] times = [.. Enumerable.Range(0, network.Layers.Length).Select(i => i + 1.0)];

        Assert.Equal((double)NetworkCost.Of(network).Macs, plan.Kernels.Sum(k => k.Macs));
        Assert.Equal(times.Sum(), plan.Sum(times).Sum());
        Assert.All(plan.Kernels, k => Assert.True(k.Elements > 0 && k.OutChannels > 0));
    }, iter: 500);
}
