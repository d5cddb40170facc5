using ZenNas.Architectures;

namespace ZenNas.Tests.Architectures;

public sealed class ArchitectureJsonTests
{
    private const string Small = """
        {
          "format": "zennas/architecture", "version": 1, "resolution": 32, "classes": 10,
          "blocks": [
            { "type": "convolution", "kernel": 3, "width": 8 },
            { "type": "max-pool", "kernel": 3, "width": 8 },
            { "type": "basic", "kernel": 5, "width": 9, "bottleneckWidth": 4 },
            { "type": "bottleneck", "kernel": 7, "width": 10, "bottleneckWidth": 6, "groupWidth": 3 },
            { "type": "inverted-bottleneck", "kernel": 3, "width": 11, "bottleneckWidth": 5, "expansion": 6 }
          ]
        }
        """;

    [Fact]
    public void Should_take_the_documented_values_for_what_is_missing() => Assert.Equal(
        new Architecture(
            [
                new ConvolutionBlock(3, 8, stride: 1, repeats: 1),
                new MaxPoolBlock(3, stride: 1, width: 8),
                new BasicBlock(5, 9, 1, 4, 1, Projection.FirstUnit, SqueezeExcitation.None),
                new BottleneckBlock(7, 10, 1, 6, 1, unitsPerRepeat: 2, groupWidth: 3, Projection.FirstUnit, SqueezeExcitation.None),
                new InvertedBottleneckBlock(6, 3, 11, 1, 5, 1, Projection.FirstUnit, SqueezeExcitation.None),
            ],
            32, 10, inputChannels: 3),
        ArchitectureJson.Parse(Small));

    [Theory]
    [InlineData("\"resolution\": 32", "\"resolution\": 0", "architecture file, resolution: is 0; allowed is a whole number from 1 to 4096")]
    [InlineData("\"resolution\": 32", "\"resolution\": \"32\"", "architecture file, resolution: is \"32\"; allowed is a whole number from 1 to 4096")]
    [InlineData("\"classes\": 10,", "", "architecture file, classes: is missing")]
    [InlineData("\"convolution\", \"kernel\": 3", "\"convolution\", \"kernel\": 2", "architecture file, blocks[0]: kernel is 2; allowed is one of 1, 3, 5, 7")]
    [InlineData("\"type\": \"convolution\"", "\"type\": \"dense\"", "architecture file, blocks[0].type: is \"dense\"; allowed is one of convolution, max-pool, basic, bottleneck, inverted-bottleneck")]
    [InlineData("\"kernel\": 3, \"width\": 8 },\n    { \"type\": \"basic\"", "\"kernel\": 3, \"width\": 9 },\n    { \"type\": \"basic\"", "architecture file: block 2 is a max pool of width 9; allowed is the width before it, 8")]
    [InlineData("\"groupWidth\": 3", "\"groupWidth\": 4", "architecture file, blocks[3]: group width is 4; allowed is a divisor of the bottleneck width 6")]
    [InlineData("\"expansion\": 6", "\"expansion\": 5", "architecture file, blocks[4]: expansion is 5; allowed is one of 1, 2, 4, 6")]
    [InlineData("\"expansion\": 6", "\"expansion\": 6, \"groupWidth\": 1", "architecture file, blocks[4].groupWidth: is unknown here; remove it")]
    [InlineData("\"bottleneckWidth\": 4", "\"bottleneckWidth\": 4, \"projection\": \"always\"", "architecture file, blocks[2].projection: is \"always\"; allowed is one of first-unit, where-shape-changes")]
    [InlineData("\"expansion\": 6", "\"expansion\": 6, \"squeezeExcitation\": \"half\"", "architecture file, blocks[4].squeezeExcitation: is \"half\"; allowed is one of none, quarter, input-quarter")]
    [InlineData("\"classes\": 10", "\"classes\": [[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]", "architecture file, line 2: not valid JSON of at most 16 levels")]
    [InlineData("\"classes\": 10", "\"classes\": {}", "architecture file, classes: is an object; allowed is a whole number from 1 to 1000000")]
    [InlineData("\"classes\": 10", "\"classes\": [1, 2]", "architecture file, classes: is a list of 2 items; allowed is a whole number from 1 to 1000000")]
    [InlineData("\"classes\": 10,", "\"classes\": 10", "architecture file, line 3: not valid JSON of at most 16 levels")]
    public void Should_say_what_is_wrong_and_what_is_allowed(string part, string replacement, string message)
    {
        var document = Small.ReplaceLineEndings("\n");
        Assert.Contains(part, document, StringComparison.Ordinal);
        var text = document.Replace(part, replacement, StringComparison.Ordinal);
        Assert.Equal(message, Assert.Throws<InvalidInputException>(() => ArchitectureJson.Parse(text)).Message);
    }

    [Theory]
    [InlineData("none", SqueezeExcitation.None)]
    [InlineData("quarter", SqueezeExcitation.Quarter)]
    [InlineData("input-quarter", SqueezeExcitation.InputQuarter)]
    public void Should_know_every_squeeze_and_excitation_by_name(string name, SqueezeExcitation kind)
    {
        var text = Small.Replace("\"expansion\": 6", $"\"expansion\": 6, \"squeezeExcitation\": \"{name}\"", StringComparison.Ordinal);
        Assert.Equal(kind, Assert.IsType<InvertedBottleneckBlock>(ArchitectureJson.Parse(text).Blocks[^1]).SqueezeExcitation);
    }

    [Fact]
    public void Should_refuse_what_is_no_object() => Assert.Equal(
        "architecture file is a list of 1 items; allowed is an object",
        Assert.Throws<InvalidInputException>(() => ArchitectureJson.Parse("[1]")).Message);
}
