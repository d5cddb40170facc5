using CsCheck;
using ZenNas.Architectures;
using ZenNas.Complexity;
using ZenNas.Tests.Architectures;

namespace ZenNas.Tests.Complexity;

public sealed class NetworkCostTests
{
    [Fact]
    public void Should_agree_with_a_count_from_blocks() => ArchitectureGen.Any.Sample(a =>
    {
        var expected = BlockwiseCount.Of(a);
        var cost = NetworkCost.Of(Network.Lower(a));
        Assert.Equal(expected.Parameters, cost.Parameters);
        Assert.Equal(Int128.Min(expected.Macs, long.MaxValue), cost.Macs);
        Assert.Equal(expected.Activations, cost.Activations);
        Assert.Equal(a.Layers, cost.Layers);
        var pycls = NetworkCost.Of(Network.Lower(a), Counting.Pycls);
        Assert.Equal(cost with { Macs = (long)Int128.Min(expected.Macs + expected.BiasedOutputs, long.MaxValue) }, pycls);
    }, iter: 2_000);

    [Fact]
    public void Should_stop_at_the_largest_number_where_macs_exceed_it()
    {
        // 7×7, 65,536 channels in and out, 4,096×4,096 positions: 2⁶¹·⁶ multiply–adds for each of 1,024 layers.
        var block = new ConvolutionBlock(7, Limits.Width, 1, Limits.Repeats);
        var largest = new Architecture([block, block, block, block], Limits.Resolution, Limits.Classes, Limits.Width);
        var cost = NetworkCost.Of(Network.Lower(largest));
        Assert.Equal(long.MaxValue, cost.Macs);
        Assert.Equal(long.MaxValue, NetworkCost.Of(Network.Lower(largest), Counting.ReleasedCode).Macs);
        Assert.Equal(long.MaxValue, NetworkCost.Of(Network.Lower(largest), Counting.Pycls).Macs);
        Assert.Equal(BlockwiseCount.Of(largest).Parameters, cost.Parameters);
        Assert.False(new Budget(MaxMacs: long.MaxValue - 1).Fits(Network.Lower(largest)));
    }

    [Fact]
    public void Should_sum_the_costs_of_its_layers() => ArchitectureGen.Small.Sample(a =>
    {
        var network = Network.Lower(a);
        foreach (var counting in Enum.GetValues<Counting>())
        {
            var layers = network.Layers.Select(l => NetworkCost.Of(l, counting)).ToArray();
            Assert.Equal(
                new NetworkCost(
                    layers.Sum(l => l.Parameters), layers.Sum(l => l.Macs), layers.Sum(l => l.Activations), a.Layers, layers.Sum(l => l.ConvLayers)),
                NetworkCost.Of(network, counting));
        }
    });

    [Fact]
    public void Should_count_one_convolution_by_hand()
    {
        var network = Network.Lower(new Architecture([new ConvolutionBlock(3, 8, 2)], 9, 10));

        // 3·3·3·8 weights, 2·8 of the batch normalisation, 8·10 + 10 of the classifier; 5×5 positions.
        Assert.Equal(new NetworkCost(216 + 16 + 90, 216 * 25 + 80, 8 * 25 + 10, 1, 1), NetworkCost.Of(network));

        // Batch normalisation as C and C·H·W, the linear bias as 1, and the convolution at (9/2)² positions.
        Assert.Equal(
            new NetworkCost(216 + 8 + 80 + 1, 216 * 81 / 4 + 8 * 25 + 80, 8 * 25 + 10, 1, 1), NetworkCost.Of(network, Counting.ReleasedCode));

        // The classifier's 10 biases are operations.
        Assert.Equal(new NetworkCost(216 + 16 + 90, 216 * 25 + 90, 8 * 25 + 10, 1, 1), NetworkCost.Of(network, Counting.Pycls));
    }

    [Fact]
    public void Should_refuse_a_counting_that_does_not_exist() => Assert.Throws<ArgumentOutOfRangeException>(
        () => NetworkCost.Of(Network.Lower(new Architecture([new ConvolutionBlock(3, 8)], 9, 10)), (Counting)99));

    [Fact]
    public void Should_count_squeeze_and_excitation_as_the_released_program_does()
    {
        var plain = new Architecture([new BasicBlock(3, 12, 2, 20)], 8, 10);
        var without = NetworkCost.Of(Network.Lower(plain), Counting.ReleasedCode);
        var with = NetworkCost.Of(Network.Lower(plain.WithSqueezeExcitation(SqueezeExcitation.Quarter)), Counting.ReleasedCode);

        // 2cq + c, and c·H·W more multiplications; c = 20, q = 5, 4×4 positions.
        Assert.Equal(2 * 20 * 5 + 20, with.Parameters - without.Parameters);
        Assert.Equal(2 * 20 * 5 + 20 + 20 * 16, with.Macs - without.Macs);

        // The same rule and q + c biases, with q = 1 of the 3 channels that enter.
        var biased = NetworkCost.Of(Network.Lower(plain.WithSqueezeExcitation(SqueezeExcitation.InputQuarter)), Counting.ReleasedCode);
        Assert.Equal(2 * 20 * 1 + 20 + (1 + 20), biased.Parameters - without.Parameters);
        Assert.Equal(2 * 20 * 1 + 20 + (1 + 20) + 20 * 16, biased.Macs - without.Macs);
    }
}
