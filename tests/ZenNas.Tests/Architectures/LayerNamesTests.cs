using CsCheck;
using ZenNas.Architectures;

namespace ZenNas.Tests.Architectures;

public sealed class LayerNamesTests
{
    [Fact]
    public void Should_be_unique_and_the_same_again() => ArchitectureGen.Any.Sample(a =>
    {
        var network = Network.Lower(a);
        var names = LayerNames.Of(network);
        Assert.Equal(network.Layers.Length, names.Length);
        Assert.Equal(names.Length, names.Distinct().Count());
        Assert.Equal(names, LayerNames.Of(Network.Lower(ArchitectureJson.Parse(ArchitectureJson.Write(a)))).AsEnumerable());
    }, iter: 500);

    [Fact]
    public void Should_say_block_unit_branch_kind_and_number() => Assert.Equal(
        """
        block1.unit1.conv1
        block1.unit1.bn1
        block1.unit1.relu1
        block1.unit2.conv1
        block1.unit2.bn1
        block1.unit2.relu1
        block2.unit1.maxpool1
        block3.unit1.conv1
        block3.unit1.bn1
        block3.unit1.relu1
        block3.unit1.conv2
        block3.unit1.bn2
        block3.unit1.relu2
        block3.unit1.se.avgpool1
        block3.unit1.se.conv1
        block3.unit1.se.relu1
        block3.unit1.se.conv2
        block3.unit1.se.sigmoid1
        block3.unit1.se.scale1
        block3.unit1.conv3
        block3.unit1.bn3
        block3.unit1.shortcut.conv1
        block3.unit1.shortcut.bn1
        block3.unit1.shortcut.add1
        block3.unit1.relu3
        head.avgpool1
        head.linear1
        """.ReplaceLineEndings("\n"),
        string.Join('\n', LayerNames.Of(Network.Lower(new Architecture(
            [
                new ConvolutionBlock(3, 8, 1, 2),
                new MaxPoolBlock(3, 2, 8),
                new BottleneckBlock(3, 12, 2, 8, 1, 1, squeezeExcitation: SqueezeExcitation.InputQuarter),
            ],
            16, 10)))));

    [Fact]
    public void Should_tell_kinds_apart()
    {
        var kinds = Enum.GetValues<LayerKind>();
        Assert.Equal(kinds.Length, kinds.Select(LayerNames.KindName).Distinct().Count());
        Assert.Throws<ArgumentOutOfRangeException>(() => LayerNames.KindName((LayerKind)200));
    }
}
