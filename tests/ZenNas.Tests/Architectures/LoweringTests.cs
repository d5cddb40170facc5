using CsCheck;
using ZenNas.Architectures;
using ZenNas.Complexity;

namespace ZenNas.Tests.Architectures;

public sealed class LoweringTests
{
    [Fact]
    public void Should_read_layers_that_stand_before_and_fit() => ArchitectureGen.Any.Sample(a =>
    {
        var layers = Network.Lower(a).Layers;
        for (var i = 0; i < layers.Length; i++)
        {
            var layer = layers[i];
            Assert.InRange(layer.Input, -1, i - 1);
            Assert.Equal(ShapeOf(layer.Input), (layer.InChannels, layer.InSize));
            switch (layer.Kind)
            {
                case LayerKind.Add:
                    Assert.InRange(layer.Other, -1, i - 1);
                    Assert.Equal((layer.InChannels, layer.InSize), ShapeOf(layer.Other));
                    break;
                case LayerKind.Scale:
                    Assert.InRange(layer.Other, 0, i - 1);
                    Assert.Equal((layer.InChannels, 1), ShapeOf(layer.Other));
                    break;
                default:
                    Assert.Equal(-1, layer.Other);
                    break;
            }
        }

        (int Channels, int Size) ShapeOf(int position) =>
            position < 0 ? (a.InputChannels, a.Resolution) : (layers[position].OutChannels, layers[position].OutSize);
    });

    [Fact]
    public void Should_change_shapes_only_where_the_kind_of_layer_does() => ArchitectureGen.Any.Sample(a =>
    {
        foreach (var layer in Network.Lower(a).Layers)
        {
            Assert.Equal(layer.Kind == LayerKind.GlobalAveragePool ? 1 : (layer.InSize + layer.Stride - 1) / layer.Stride, layer.OutSize);
            Assert.True(layer.Stride == 1 || layer.Kind is LayerKind.Convolution or LayerKind.MaxPool);
            Assert.True(layer.Kernel == 1 || layer.Kind is LayerKind.Convolution or LayerKind.MaxPool);
            Assert.True(layer.InChannels == layer.OutChannels || layer.Kind is LayerKind.Convolution or LayerKind.Linear);
            Assert.Equal((0, 0), (layer.InChannels % layer.Groups, layer.OutChannels % layer.Groups));
        }
    });

    [Fact]
    public void Should_use_every_output_and_end_in_the_classifier() => ArchitectureGen.Any.Sample(a =>
    {
        var layers = Network.Lower(a).Layers;
        var used = layers.SelectMany(l => new[] { l.Input, l.Other }).ToHashSet();
        Assert.All(Enumerable.Range(0, layers.Length - 1), i => Assert.Contains(i, used));
        var last = layers[^1];
        Assert.Equal((LayerKind.Linear, Branch.Head, a.Classes, true), (last.Kind, last.Branch, last.OutChannels, last.Bias));
        Assert.Equal(a.Blocks[^1].Width, last.InChannels);
    });

    [Fact]
    public void Should_keep_every_main_convolution_in_the_vanilla_chain() => ArchitectureGen.Any.Sample(a =>
    {
        var network = Network.Lower(a);
        var chain = network.Vanilla.Layers;
        var convolutions = a.Blocks.Sum(b => b.Repeats * b switch
        {
            ConvolutionBlock => 1,
            BasicBlock => 2,
            BottleneckBlock x => 3 * x.UnitsPerRepeat,
            InvertedBottleneckBlock => 6,
            _ => 0,
        });
        Assert.Equal(convolutions, NetworkCost.Of(network).ConvLayers);
        Assert.Equal(convolutions, chain.Count(l => l.Kind == VanillaKind.Convolution));
        Assert.Equal(a.Blocks.Count(b => b is MaxPoolBlock), chain.Count(l => l.Kind == VanillaKind.MaxPool));
        Assert.Equal((a.InputChannels, a.Resolution), (network.Vanilla.InputChannels, network.Vanilla.Resolution));
        for (var i = 1; i < chain.Length; i++)
        {
            Assert.Equal((chain[i - 1].OutChannels, chain[i - 1].OutSize), (chain[i].InChannels, chain[i].InSize));
        }

        Assert.Equal(a.Blocks[^1].Width, chain[^1].OutChannels);
        Assert.All(chain, l => Assert.Equal(l.Kind == VanillaKind.Convolution, l.Relu));
    });

    [Fact]
    public void Should_leave_the_vanilla_chain_as_it_is_without_links_and_excitation() => ArchitectureGen.Any.Sample(a =>
        Assert.Equal(
            Network.Lower(a.WithSqueezeExcitation(SqueezeExcitation.None)).Vanilla.Layers,
            Network.Lower(a).Vanilla.Layers.AsEnumerable()));

    [Fact]
    public void Should_lower_plain_convolutions() => AssertLayers(
        """
        0 Convolution Main 3x7->8x4 k3 s2 <- -1 @0.0
        1 BatchNorm Main 8x4->8x4 <- 0 @0.0
        2 Relu Main 8x4->8x4 <- 1 @0.0
        3 Convolution Main 8x4->8x4 k3 s1 <- 2 @0.1
        4 BatchNorm Main 8x4->8x4 <- 3 @0.1
        5 Relu Main 8x4->8x4 <- 4 @0.1
        6 GlobalAveragePool Head 8x4->8x1 <- 5 @1.0
        7 Linear Head 8x1->5x1 bias <- 6 @1.0
        """,
        new ConvolutionBlock(3, 8, 2, 2));

    [Fact]
    public void Should_lower_max_pools() => AssertLayers(
        """
        0 Convolution Main 3x7->8x7 k1 s1 <- -1 @0.0
        1 BatchNorm Main 8x7->8x7 <- 0 @0.0
        2 Relu Main 8x7->8x7 <- 1 @0.0
        3 MaxPool Main 8x7->8x3 k5 s3 <- 2 @1.0
        4 GlobalAveragePool Head 8x3->8x1 <- 3 @2.0
        5 Linear Head 8x1->5x1 bias <- 4 @2.0
        """,
        new ConvolutionBlock(1, 8), new MaxPoolBlock(5, 3, 8));

    [Fact]
    public void Should_lower_basic_residuals_whose_first_unit_is_projected() => AssertLayers(
        """
        0 Convolution Main 3x7->4x7 k5 s1 <- -1 @0.0
        1 BatchNorm Main 4x7->4x7 <- 0 @0.0
        2 Relu Main 4x7->4x7 <- 1 @0.0
        3 Convolution Main 4x7->3x7 k5 s1 <- 2 @0.0
        4 BatchNorm Main 3x7->3x7 <- 3 @0.0
        5 Convolution Shortcut 3x7->3x7 k1 s1 bias <- -1 @0.0
        6 BatchNorm Shortcut 3x7->3x7 <- 5 @0.0
        7 Add Shortcut 3x7->3x7 <- 4,6 @0.0
        8 Relu Main 3x7->3x7 <- 7 @0.0
        9 Convolution Main 3x7->4x7 k5 s1 <- 8 @0.1
        10 BatchNorm Main 4x7->4x7 <- 9 @0.1
        11 Relu Main 4x7->4x7 <- 10 @0.1
        12 Convolution Main 4x7->3x7 k5 s1 <- 11 @0.1
        13 BatchNorm Main 3x7->3x7 <- 12 @0.1
        14 Add Shortcut 3x7->3x7 <- 13,8 @0.1
        15 Relu Main 3x7->3x7 <- 14 @0.1
        16 GlobalAveragePool Head 3x7->3x1 <- 15 @1.0
        17 Linear Head 3x1->5x1 bias <- 16 @1.0
        """,
        new BasicBlock(5, 3, 1, 4, 2));

    [Fact]
    public void Should_lower_basic_residuals_with_squeeze_and_excitation_after_the_first_relu() => AssertLayers(
        """
        0 Convolution Main 3x7->6x4 k3 s2 <- -1 @0.0
        1 BatchNorm Main 6x4->6x4 <- 0 @0.0
        2 Relu Main 6x4->6x4 <- 1 @0.0
        3 GlobalAveragePool SqueezeExcitation 6x4->6x1 <- 2 @0.0
        4 Convolution SqueezeExcitation 6x1->2x1 k1 s1 <- 3 @0.0
        5 BatchNorm SqueezeExcitation 2x1->2x1 <- 4 @0.0
        6 Relu SqueezeExcitation 2x1->2x1 <- 5 @0.0
        7 Convolution SqueezeExcitation 2x1->6x1 k1 s1 <- 6 @0.0
        8 BatchNorm SqueezeExcitation 6x1->6x1 <- 7 @0.0
        9 Sigmoid SqueezeExcitation 6x1->6x1 <- 8 @0.0
        10 Scale SqueezeExcitation 6x4->6x4 <- 2,9 @0.0
        11 Convolution Main 6x4->3x4 k3 s1 <- 10 @0.0
        12 BatchNorm Main 3x4->3x4 <- 11 @0.0
        13 Convolution Shortcut 3x7->3x4 k1 s2 <- -1 @0.0
        14 BatchNorm Shortcut 3x4->3x4 <- 13 @0.0
        15 Add Shortcut 3x4->3x4 <- 12,14 @0.0
        16 Relu Main 3x4->3x4 <- 15 @0.0
        17 GlobalAveragePool Head 3x4->3x1 <- 16 @1.0
        18 Linear Head 3x1->5x1 bias <- 17 @1.0
        """,
        new BasicBlock(3, 3, 2, 6, 1, Projection.WhereShapeChanges, SqueezeExcitation.Quarter));

    [Fact]
    public void Should_lower_a_released_bottleneck_to_two_units() => AssertLayers(
        """
        0 Convolution Main 3x7->4x7 k1 s1 <- -1 @0.0
        1 BatchNorm Main 4x7->4x7 <- 0 @0.0
        2 Relu Main 4x7->4x7 <- 1 @0.0
        3 Convolution Main 4x7->4x4 k7 s2 <- 2 @0.0
        4 BatchNorm Main 4x4->4x4 <- 3 @0.0
        5 Relu Main 4x4->4x4 <- 4 @0.0
        6 Convolution Main 4x4->9x4 k1 s1 <- 5 @0.0
        7 BatchNorm Main 9x4->9x4 <- 6 @0.0
        8 Convolution Shortcut 3x7->9x4 k1 s2 bias <- -1 @0.0
        9 BatchNorm Shortcut 9x4->9x4 <- 8 @0.0
        10 Add Shortcut 9x4->9x4 <- 7,9 @0.0
        11 Relu Main 9x4->9x4 <- 10 @0.0
        12 Convolution Main 9x4->4x4 k1 s1 <- 11 @0.1
        13 BatchNorm Main 4x4->4x4 <- 12 @0.1
        14 Relu Main 4x4->4x4 <- 13 @0.1
        15 Convolution Main 4x4->4x4 k7 s1 <- 14 @0.1
        16 BatchNorm Main 4x4->4x4 <- 15 @0.1
        17 Relu Main 4x4->4x4 <- 16 @0.1
        18 Convolution Main 4x4->9x4 k1 s1 <- 17 @0.1
        19 BatchNorm Main 9x4->9x4 <- 18 @0.1
        20 Add Shortcut 9x4->9x4 <- 19,11 @0.1
        21 Relu Main 9x4->9x4 <- 20 @0.1
        22 GlobalAveragePool Head 9x4->9x1 <- 21 @1.0
        23 Linear Head 9x1->5x1 bias <- 22 @1.0
        """,
        new BottleneckBlock(7, 9, 2, 4));

    [Fact]
    public void Should_lower_a_grouped_bottleneck_of_one_unit_with_excitation_after_the_spatial_convolution() => AssertLayers(
        """
        0 Convolution Main 3x7->8x7 k1 s1 <- -1 @0.0
        1 BatchNorm Main 8x7->8x7 <- 0 @0.0
        2 Relu Main 8x7->8x7 <- 1 @0.0
        3 Convolution Main 8x7->8x7 k3 s1 g4 <- 2 @0.0
        4 BatchNorm Main 8x7->8x7 <- 3 @0.0
        5 Relu Main 8x7->8x7 <- 4 @0.0
        6 GlobalAveragePool SqueezeExcitation 8x7->8x1 <- 5 @0.0
        7 Convolution SqueezeExcitation 8x1->2x1 k1 s1 <- 6 @0.0
        8 BatchNorm SqueezeExcitation 2x1->2x1 <- 7 @0.0
        9 Relu SqueezeExcitation 2x1->2x1 <- 8 @0.0
        10 Convolution SqueezeExcitation 2x1->8x1 k1 s1 <- 9 @0.0
        11 BatchNorm SqueezeExcitation 8x1->8x1 <- 10 @0.0
        12 Sigmoid SqueezeExcitation 8x1->8x1 <- 11 @0.0
        13 Scale SqueezeExcitation 8x7->8x7 <- 5,12 @0.0
        14 Convolution Main 8x7->3x7 k1 s1 <- 13 @0.0
        15 BatchNorm Main 3x7->3x7 <- 14 @0.0
        16 Add Shortcut 3x7->3x7 <- 15,-1 @0.0
        17 Relu Main 3x7->3x7 <- 16 @0.0
        18 GlobalAveragePool Head 3x7->3x1 <- 17 @1.0
        19 Linear Head 3x1->5x1 bias <- 18 @1.0
        """,
        new BottleneckBlock(3, 3, 1, 8, 1, 1, 2, Projection.WhereShapeChanges, SqueezeExcitation.Quarter));

    [Fact]
    public void Should_lower_squeeze_and_excitation_with_biases_to_a_quarter_of_what_enters_the_unit() => AssertLayers(
        """
        0 Convolution Main 3x7->8x7 k1 s1 <- -1 @0.0
        1 BatchNorm Main 8x7->8x7 <- 0 @0.0
        2 Relu Main 8x7->8x7 <- 1 @0.0
        3 Convolution Main 8x7->8x7 k3 s1 g4 <- 2 @0.0
        4 BatchNorm Main 8x7->8x7 <- 3 @0.0
        5 Relu Main 8x7->8x7 <- 4 @0.0
        6 GlobalAveragePool SqueezeExcitation 8x7->8x1 <- 5 @0.0
        7 Convolution SqueezeExcitation 8x1->1x1 k1 s1 bias <- 6 @0.0
        8 Relu SqueezeExcitation 1x1->1x1 <- 7 @0.0
        9 Convolution SqueezeExcitation 1x1->8x1 k1 s1 bias <- 8 @0.0
        10 Sigmoid SqueezeExcitation 8x1->8x1 <- 9 @0.0
        11 Scale SqueezeExcitation 8x7->8x7 <- 5,10 @0.0
        12 Convolution Main 8x7->3x7 k1 s1 <- 11 @0.0
        13 BatchNorm Main 3x7->3x7 <- 12 @0.0
        14 Add Shortcut 3x7->3x7 <- 13,-1 @0.0
        15 Relu Main 3x7->3x7 <- 14 @0.0
        16 GlobalAveragePool Head 3x7->3x1 <- 15 @1.0
        17 Linear Head 3x1->5x1 bias <- 16 @1.0
        """,
        new BottleneckBlock(3, 3, 1, 8, 1, 1, 2, Projection.WhereShapeChanges, SqueezeExcitation.InputQuarter));

    [Fact]
    public void Should_lower_an_inverted_bottleneck_to_two_depthwise_units() => AssertLayers(
        """
        0 Convolution Main 3x7->16x7 k1 s1 <- -1 @0.0
        1 BatchNorm Main 16x7->16x7 <- 0 @0.0
        2 Relu Main 16x7->16x7 <- 1 @0.0
        3 Convolution Main 16x7->16x4 k5 s2 g16 <- 2 @0.0
        4 BatchNorm Main 16x4->16x4 <- 3 @0.0
        5 Relu Main 16x4->16x4 <- 4 @0.0
        6 Convolution Main 16x4->3x4 k1 s1 <- 5 @0.0
        7 BatchNorm Main 3x4->3x4 <- 6 @0.0
        8 Convolution Shortcut 3x7->3x4 k1 s2 bias <- -1 @0.0
        9 BatchNorm Shortcut 3x4->3x4 <- 8 @0.0
        10 Add Shortcut 3x4->3x4 <- 7,9 @0.0
        11 Relu Main 3x4->3x4 <- 10 @0.0
        12 Convolution Main 3x4->24x4 k1 s1 <- 11 @0.1
        13 BatchNorm Main 24x4->24x4 <- 12 @0.1
        14 Relu Main 24x4->24x4 <- 13 @0.1
        15 Convolution Main 24x4->24x4 k5 s1 g24 <- 14 @0.1
        16 BatchNorm Main 24x4->24x4 <- 15 @0.1
        17 Relu Main 24x4->24x4 <- 16 @0.1
        18 Convolution Main 24x4->6x4 k1 s1 <- 17 @0.1
        19 BatchNorm Main 6x4->6x4 <- 18 @0.1
        20 Convolution Shortcut 3x4->6x4 k1 s1 bias <- 11 @0.1
        21 BatchNorm Shortcut 6x4->6x4 <- 20 @0.1
        22 Add Shortcut 6x4->6x4 <- 19,21 @0.1
        23 Relu Main 6x4->6x4 <- 22 @0.1
        24 GlobalAveragePool Head 6x4->6x1 <- 23 @1.0
        25 Linear Head 6x1->5x1 bias <- 24 @1.0
        """,
        new InvertedBottleneckBlock(4, 5, 6, 2, 3));

    [Theory]
    [InlineData(1, 1, 8)]
    [InlineData(4, 1, 8)]
    [InlineData(12, 1, 16)]
    [InlineData(20, 1, 16)]
    [InlineData(3, 4, 16)]
    [InlineData(5, 4, 16)]
    [InlineData(40, 6, 240)]
    [InlineData(7, 6, 40)]
    public void Should_round_depthwise_widths_to_multiples_of_eight_with_ties_to_even(int channels, int expansion, int expected) =>
        Assert.Equal(expected, new InvertedBottleneckBlock(expansion, 3, 8, 1, 8).DepthwiseWidth(channels));

    private static void AssertLayers(string expected, params Block[] blocks) =>
        Assert.Equal(expected.ReplaceLineEndings("\n"), LayerText.Of(Network.Lower(new Architecture([.. blocks], 7, 5))));
}
