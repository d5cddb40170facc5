using ZenNas.Architectures;
using ZenNas.Spaces;
using ZenNas.Tests.Reference;

namespace ZenNas.Tests.Spaces;

public sealed class SpaceMembershipTests
{
    public static TheoryData<string> ZenNets => [.. ZooRow.All.Select(r => r.Name)];

    [Theory, MemberData(nameof(ZenNets))]
    public void Should_find_the_released_networks_in_the_space_they_came_from(string name)
    {
        var architecture = ModelZoo.Find(name)!.Architecture;
        var isMobile = name.Contains("_flops", StringComparison.Ordinal);
        Assert.Null(SpaceMembership.WhyOutside(SearchSpaceJson.Builtin(isMobile ? "mobile" : "residual")!, architecture));
        Assert.NotNull(SpaceMembership.WhyOutside(SearchSpaceJson.Builtin(isMobile ? "residual" : "mobile")!, architecture));
    }

    [Theory]
    [InlineData("SuperConvK3BNRELU(3,5,1,1)SuperResK3K3(5,12,1,7,1)SuperResK3K3(12,12,1,7,1)SuperResK3K3(12,12,2,7,1)", null)]
    [InlineData("SuperConvK3BNRELU(3,40,1,1)SuperResK7K7(40,96,1,49,8)SuperResK1K7K1(96,12,1,7,1)SuperResIDWE6K3(12,12,2,7,1)", null)]
    // Six blocks of stride 1 fill the two first stages, three the last.
    [InlineData("SuperConvK3BNRELU(3,5,1,1)SuperResK3K3(5,12,1,7,1)SuperResK3K3(12,12,1,7,1)SuperResK3K3(12,12,1,7,1)SuperResK3K3(12,12,1,7,1)SuperResK3K3(12,12,1,7,1)SuperResK3K3(12,12,1,7,1)SuperResK3K3(12,12,2,7,1)SuperResK3K3(12,12,1,7,1)SuperResK3K3(12,12,1,7,1)", null)]
    [InlineData("SuperConvK3BNRELU(3,5,1,1)SuperResK3K3(5,12,1,7,1)SuperResK3K3(12,12,1,7,1)SuperResK3K3(12,12,1,7,1)SuperResK3K3(12,12,1,7,1)SuperResK3K3(12,12,1,7,1)SuperResK3K3(12,12,1,7,1)SuperResK3K3(12,12,1,7,1)SuperResK3K3(12,12,2,7,1)", "a stage has 7 blocks; allowed are 2 to 6")]
    [InlineData("SuperConvK3BNRELU(3,5,1,1)SuperResK3K3(5,12,1,7,1)SuperResK3K3(12,12,2,7,1)SuperResK3K3(12,12,1,7,1)", "a stage has 1 blocks; allowed are 2 to 6")]
    [InlineData("SuperConvK3BNRELU(3,5,1,1)SuperResK3K3(5,12,1,7,1)SuperResK3K3(12,12,1,7,1)SuperResK3K3(12,12,1,7,1)", "its strides differ from the space's stages (1, 1, 2)")]
    [InlineData("SuperConvK3BNRELU(3,5,1,1)SuperResK3K3(5,12,1,7,1)SuperResK3K3(12,12,1,7,1)SuperResK3K3(12,12,2,7,1)SuperResK3K3(12,12,2,7,1)", "its strides differ from the space's stages (1, 1, 2)")]
    [InlineData("SuperConvK3BNRELU(3,5,1,1)SuperResK3K3(5,12,1,7,1)SuperResK3K3(12,12,1,7,1)SuperResK3K3(12,12,3,7,1)", "its strides differ from the space's stages (1, 1, 2)")]
    [InlineData("SuperConvK3BNRELU(3,5,1,1)SuperResK3K3(5,12,1,7,1)", "it has 2 blocks; allowed are a stem, at least one block for each of 3 stages and the head")]
    [InlineData("SuperConvK3BNRELU(1,5,1,1)SuperResK3K3(5,12,1,7,1)SuperResK3K3(12,12,1,7,1)SuperResK3K3(12,12,2,7,1)", "input channels are 1; allowed is 3")]
    [InlineData("SuperConvK3BNRELU(3,6,1,1)SuperResK3K3(6,12,1,7,1)SuperResK3K3(12,12,1,7,1)SuperResK3K3(12,12,2,7,1)", "its stem or head differs; allowed is one 3×3 convolution of stride 1 and width 5 to 40 in steps of 5")]
    [InlineData("SuperConvK3BNRELU(3,5,1,2)SuperResK3K3(5,12,1,7,1)SuperResK3K3(12,12,1,7,1)SuperResK3K3(12,12,2,7,1)", "its stem or head differs; allowed is one 3×3 convolution of stride 1 and width 5 to 40 in steps of 5")]
    [InlineData("SuperConvK3BNRELU(3,5,1,1)SuperResK3K3(5,10,1,7,1)SuperResK3K3(10,12,1,7,1)SuperResK3K3(12,12,2,7,1)", "block 2: width is 10; allowed is 12 to 96 in steps of 12")]
    [InlineData("SuperConvK3BNRELU(3,5,1,1)SuperResK3K3(5,12,1,7,1)SuperResK3K3(12,12,1,50,1)SuperResK3K3(12,12,2,7,1)", "block 3: bottleneck width is 50; allowed is 7 to 49 in steps of 7")]
    [InlineData("SuperConvK3BNRELU(3,5,1,1)SuperResK3K3(5,12,1,7,1)SuperResK3K3(12,12,1,7,9)SuperResK3K3(12,12,2,7,1)", "block 3: repeats are 9; allowed is 1 to 8")]
    [InlineData("SuperConvK3BNRELU(3,5,1,1)SuperResK3K3(5,12,1,7,1)SuperResK5K5(12,12,1,7,1)SuperResK3K3(12,12,2,7,1)", "block 3: kernel 5 or its expansion isn't among the space's")]
    [InlineData("SuperConvK3BNRELU(3,5,1,1)SuperResK3K3(5,12,1,7,1)SuperResIDWE4K3(12,12,1,7,1)SuperResK3K3(12,12,2,7,1)", "block 3: kernel 3 or its expansion isn't among the space's")]
    [InlineData("SuperConvK3BNRELU(3,5,1,1)SuperResK3K3(5,12,1,7,1)SuperConvK3BNRELU(12,12,1,1)SuperResK3K3(12,12,2,7,1)", "block 3: type convolution isn't among the space's blocks")]
    public void Should_say_what_does_not_fit(string structure, string? reason) =>
        Assert.Equal(reason, SpaceMembership.WhyOutside(TestSpaces.Named("flat"), StructureString.Parse(structure, 32, 10)));

    [Fact]
    public void Should_refuse_blocks_that_the_released_program_does_not_have()
    {
        var space = TestSpaces.Named("flat");
        Assert.Null(Why(new BottleneckBlock(3, 12, 1, 7)));
        foreach (var block in new[]
        {
            new BottleneckBlock(3, 12, 1, 7, unitsPerRepeat: 1), new BottleneckBlock(3, 12, 1, 7, groupWidth: 1),
            new BottleneckBlock(3, 12, 1, 7, projection: Projection.WhereShapeChanges),
            new BottleneckBlock(3, 12, 1, 7, squeezeExcitation: SqueezeExcitation.Quarter),
        })
        {
            Assert.Equal("block 3: it isn't one of the released blocks (projection, squeeze-and-excitation, units or groups differ)", Why(block));
        }

        string? Why(Block block) => SpaceMembership.WhyOutside(space, new Architecture(
            [new ConvolutionBlock(3, 5), new BasicBlock(3, 12, 1, 7), block, new BasicBlock(3, 12, 2, 7)], 32, 10));
    }
}
