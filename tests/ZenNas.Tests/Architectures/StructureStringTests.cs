using ZenNas.Architectures;

namespace ZenNas.Tests.Architectures;

public sealed class StructureStringTests
{
    [Theory]
    [InlineData("SuperConvK1BNRELU(3,8,1,1)")]
    [InlineData("SuperConvK7BNRELU(3,8,4,2)")]
    [InlineData("SuperResK3K3(3,8,1,4,1)")]
    [InlineData("SuperResK1K5K1(3,8,2,4,9)")]
    [InlineData("SuperResIDWE6K7(3,8,2,4,1)")]
    public void Should_write_what_it_read(string text) => Assert.Equal(text, StructureString.TryFormat(StructureString.Parse(text, 32, 10)));

    [Fact]
    public void Should_read_every_argument_into_its_place()
    {
        var read = StructureString.Parse("SuperConvK5BNRELU(2,10,3,4)SuperResK7K7(10,11,2,12,5)SuperResK1K3K1(11,13,4,14,6)SuperResIDWE2K5(13,15,1,16,7)", 48, 9);
        Assert.Equal(
            new Architecture(
                [
                    new ConvolutionBlock(5, 10, 3, 4),
                    new BasicBlock(7, 11, 2, 12, 5),
                    new BottleneckBlock(3, 13, 4, 14, 6),
                    new InvertedBottleneckBlock(2, 5, 15, 1, 16, 7),
                ],
                48, 9, 2),
            read);
    }

    [Theory]
    [InlineData("  SuperConvK3BNRELU(3,8,1,1)\r\n")]
    [InlineData("SuperConvK3BNRELU(stem|3,8,1,1)")]
    [InlineData("SuperConvK3BNRELU(|3,8,1,1)")]
    [InlineData("\tSuperConvK3BNRELU(a b-c,d|3,8,1,1)\n\n")]
    public void Should_ignore_surrounding_white_space_and_block_names(string text) =>
        Assert.Equal(new Architecture([new ConvolutionBlock(3, 8)], 32, 10), StructureString.Parse(text, 32, 10));

    [Theory]
    [InlineData("", "structure string is empty; allowed is Name(args)Name(args)…, for example SuperConvK3BNRELU(3,8,1,1)")]
    [InlineData("SuperConvK3BNRELU", "structure string, block 1, character 1: found 'SuperConvK3BNRELU'; allowed is a block name and '('")]
    [InlineData("SuperConvK3BNRELU(3,8,1,1", "structure string, block 1, character 26: found the end; allowed is ',' or ')'")]
    [InlineData("SuperConvK3BNRELU(3,8,1,)", "structure string, block 1, character 25: found ')'; allowed is a whole number from 0 to 2147483647")]
    [InlineData("SuperConvK3BNRELU(3,8,x)", "structure string, block 1, character 23: found 'x)'; allowed is a whole number from 0 to 2147483647")]
    // 2⁶⁴ + 8, which is 8 to arithmetic that wraps.
    [InlineData("SuperConvK3BNRELU(3,18446744073709551624,1,1)", "structure string, block 1, character 21: found '18446744073709551624,1,1…'; allowed is a whole number from 0 to 2147483647")]
    [InlineData("SuperConvK3BNRELU(3,8,1)", "structure string, block 1: SuperConvK3BNRELU has 3 arguments; allowed is SuperConvK3BNRELU(in,out,stride,n)")]
    [InlineData("SuperResK3K3(3,8,1,1)", "structure string, block 1: SuperResK3K3 has 4 arguments; allowed is SuperResK3K3(in,out,stride,b,n)")]
    [InlineData("SuperConvK3BNRELU(3,8,5,1)", "structure string, block 1: stride is 5; allowed is 1 to 4")]
    [InlineData("SuperConvK3BNRELU(0,8,1,1)", "structure string, block 1: input channels is 0; allowed is 1 to 65536")]
    [InlineData("SuperConvK3BNRELU(3,8,1,1)SuperResK3K3(9,8,1,8,1)", "structure string, block 2: input channels are 9; allowed is the width before it, 8")]
    [InlineData("SuperConvK2BNRELU(3,8,1,1)", "structure string, block 1, character 1: found block name 'SuperConvK2BNRELU'; allowed is SuperConvK{1,3,5,7}BNRELU, SuperResK{k}K{k}, SuperResK1K{k}K1 or SuperResIDWE{1,2,4,6}K{k} with k = 3, 5 or 7")]
    public void Should_say_where_it_stopped_and_what_is_allowed(string text, string message) =>
        Assert.Equal(message, Assert.Throws<InvalidInputException>(() => StructureString.Parse(text, 32, 10)).Message);

    [Theory]
    [InlineData("SuperResK3K5")]
    [InlineData("SuperResK1K1")]
    [InlineData("SuperResK1K1K1")]
    [InlineData("SuperResIDWE3K3")]
    [InlineData("SuperResIDWE1K1")]
    [InlineData("superResK3K3")]
    [InlineData("SuperResK3K3 ")]
    [InlineData("")]
    public void Should_refuse_names_that_the_grammar_does_not_have(string name) =>
        Assert.Throws<InvalidInputException>(() => StructureString.Parse($"{name}(3,8,1,8,1)", 32, 10));

    [Fact]
    public void Should_write_nothing_where_the_grammar_lacks_a_block()
    {
        Block[] beyond =
        [
            new MaxPoolBlock(3, 2, 8), new BasicBlock(3, 8, 1, 8, 1, Projection.WhereShapeChanges), new BottleneckBlock(3, 8, 1, 8, 1, 1),
            new BottleneckBlock(3, 8, 1, 8, groupWidth: 4), new InvertedBottleneckBlock(1, 3, 8, 1, 8, squeezeExcitation: SqueezeExcitation.Quarter),
        ];
        Assert.All(beyond, b => Assert.Null(StructureString.TryFormat(new Architecture([new ConvolutionBlock(3, 8), b], 32, 10))));
    }
}
