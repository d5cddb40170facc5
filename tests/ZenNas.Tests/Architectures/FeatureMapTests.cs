using CsCheck;
using ZenNas.Architectures;

namespace ZenNas.Tests.Architectures;

public sealed class FeatureMapTests
{
    /// <summary>As in He et al. (2016), Table 1: the outputs of conv2_x to conv5_x. The max pool at stride 4 is not the last of its stride.</summary>
    [Fact]
    public void Should_find_the_ends_of_the_stages_of_resnet_18() => Assert.Equal(
        [
            (4, "block3.unit2.relu2", 64, 56), (8, "block4.unit2.relu2", 128, 28), (16, "block5.unit2.relu2", 256, 14), (32, "block6.unit2.relu2", 512, 7),
        ],
        Named(ModelZoo.Find("resnet-18")!.Architecture));

    /// <summary>
    /// SuperConvK3BNRELU(3,16,2,1)SuperResIDWE1K7(16,40,2,40,1)SuperResIDWE1K7(40,64,2,64,1)SuperResIDWE4K7(64,96,2,96,5)
    /// SuperResIDWE2K7(96,224,2,224,5)SuperConvK1BNRELU(224,2048,1,1), two units a repeat; the classifier reads the last convolution.
    /// </summary>
    [Fact]
    public void Should_find_the_ends_of_the_stages_of_a_mobile_network() => Assert.Equal(
        [
            (4, "block2.unit2.relu3", 40, 56), (8, "block3.unit2.relu3", 64, 28), (16, "block4.unit10.relu3", 96, 14), (32, "block6.unit1.relu1", 2048, 7),
        ],
        Named(ModelZoo.Find("zennet_imagenet1k_flops400M_res224")!.Architecture.WithSqueezeExcitation(SqueezeExcitation.Quarter)));

    [Fact]
    public void Should_end_with_the_map_that_the_classifier_reads() => ArchitectureGen.Any.Sample(a =>
    {
        var network = Network.Lower(a);
        var maps = FeatureMap.Of(network);
        Assert.Equal(maps.Select(map => map.Stride).Distinct().Order(), maps.Select(map => map.Stride));
        Assert.All(maps, map =>
        {
            Assert.True(map.Stride is 4 or 8 or 16 or 32);
            var layer = network.Layers[map.Layer];
            Assert.Equal((layer.OutChannels, layer.OutSize), (map.Channels, map.Size));
            Assert.True(layer.Branch == Branch.Main && layer.Kind is LayerKind.Relu or LayerKind.MaxPool);
        });
        if (a.Blocks.Aggregate(1, (stride, block) => Math.Min(64, stride * block.Stride)) is 4 or 8 or 16 or 32)
        {
            Assert.Equal(network.Layers[^2].Input, maps[^1].Layer);
        }
    }, iter: 300);

    private static (int, string, int, int)[] Named(Architecture architecture)
    {
        var network = Network.Lower(architecture);
        var names = LayerNames.Of(network);
        return [.. FeatureMap.Of(network).Select(map => (map.Stride, names[map.Layer], map.Channels, map.Size))];
    }
}
