using ZenNas.Architectures;
using ZenNas.Complexity;
using ZenNas.Scores;
using ZenNas.Search.Scaling;
using ZenNas.Spaces;

namespace ZenNas.Tests.Search;

public sealed class NetworkScalingTests
{
    private static readonly ClosedFormZenScore Score = new();

    public static TheoryData<string> Networks => ["zennet_cifar_model_size1M_res32", "zennet_imagenet1k_flops400M_res224", "resnet-50", "regnetx-400mf"];

    [Theory, MemberData(nameof(Networks))]
    public void Should_be_the_network_itself_at_one(string name)
    {
        var network = ModelZoo.Find(name)!.Architecture;
        Assert.Equal(network, NetworkScaling.Scaled(network, 1, 1, 1));
    }

    /// <summary>The budget is used up, nothing but widths and repeats changes, and no other depth of the same budget scores higher.</summary>
    [Theory, MemberData(nameof(Networks))]
    public void Should_use_the_budget_up(string name)
    {
        var network = ModelZoo.Find(name)!.Architecture;
        var lowered = Network.Lower(network);
        var ratio = DepthToWidth.Of(lowered.Vanilla);
        var budget = new Budget(MaxMacs: 3 * NetworkCost.Of(lowered).Macs);

        var scaled = NetworkScaling.Best(network, budget, 8, ratio, Score)!;

        Assert.InRange(scaled.Cost.Macs, 0.8 * budget.MaxMacs!.Value, budget.MaxMacs!.Value);
        Assert.InRange(DepthToWidth.Of(Network.Lower(scaled.Network).Vanilla), 0, ratio);
        Assert.True(scaled.Score > Score.Score(lowered.Vanilla));
        Assert.All(network.Blocks.Zip(scaled.Network.Blocks), pair =>
        {
            Assert.Equal((pair.First.GetType(), pair.First.Kernel, pair.First.Stride), (pair.Second.GetType(), pair.Second.Kernel, pair.Second.Stride));
            Assert.True(pair.Second is MaxPoolBlock || pair.Second.Width % 8 == 0);
        });
    }

    [Fact]
    public void Should_say_that_nothing_fits() => Assert.Null(
        NetworkScaling.Best(ModelZoo.Find("resnet-18")!.Architecture, new Budget(MaxParameters: 100), 8, double.PositiveInfinity, Score));
}
