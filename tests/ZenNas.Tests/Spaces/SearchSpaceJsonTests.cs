using ZenNas.Architectures;
using ZenNas.Spaces;

namespace ZenNas.Tests.Spaces;

public sealed class SearchSpaceJsonTests
{
    [Theory, MemberData(nameof(TestSpaces.Names), MemberType = typeof(TestSpaces))]
    public void Should_read_equal_spaces_from_equal_files(string name)
    {
        var (first, second) = (TestSpaces.Named(name), TestSpaces.Named(name));
        Assert.NotSame(first, second);
        Assert.Equal(first, second);
        Assert.Equal(first.GetHashCode(), second.GetHashCode());
        Assert.Equal(name, first.Name);
    }

    [Fact]
    public void Should_tell_spaces_apart()
    {
        var space = TestSpaces.Named("flat");
        var layout = space.Layouts[0];
        SearchSpace[] others =
        [
            space with { Name = "other" }, space with { InputChannels = 4 }, space with { Blocks = [BlockKind.Basic] }, space with { Kernels = [3] },
            space with { Expansions = [2] }, space with { Repeats = new IntRange(1, 7) }, space with { MaxBlocksPerStage = 2 },
            With(layout with { MaxResolution = 9 }), With(layout with { Stem = layout.Stem with { Kernel = 5 } }),
            With(layout with { StageStrides = [1, 2, 1] }), With(layout with { Head = layout.Stem }),
            With(layout with { Width = layout.BottleneckWidth }), With(layout with { BottleneckWidth = layout.Width }),
        ];
        Assert.All(others, o => Assert.NotEqual(space, o));

        SearchSpace With(SpaceLayout changed) => space with { Layouts = [changed] };
    }

    [Fact]
    public void Should_hold_the_two_spaces_of_the_paper()
    {
        Assert.Equal(["residual", "mobile"], SearchSpaceJson.BuiltinNames);
        var residual = SearchSpaceJson.Builtin("residual")!;
        Assert.Equal([BlockKind.Basic, BlockKind.Bottleneck], residual.Blocks);
        var mobile = SearchSpaceJson.Builtin("mobile")!;
        Assert.Equal([BlockKind.InvertedBottleneck], mobile.Blocks);
        Assert.Equal([1, 2, 4, 6], mobile.Expansions);
        foreach (var space in new[] { residual, mobile })
        {
            Assert.Equal([3, 5, 7], space.Kernels);
            Assert.Equal([1, 2, 2, 2], space.LayoutFor(64).StageStrides);
            Assert.Equal([2, 2, 2, 2], space.LayoutFor(65).StageStrides);
            Assert.Equal((1, 2), (space.LayoutFor(32).Stem.Stride, space.LayoutFor(224).Stem.Stride));
        }

        Assert.Null(SearchSpaceJson.Builtin("none"));
        Assert.Null(SearchSpaceJson.BuiltinText("none"));
    }

    [Fact]
    public void Should_read_every_property()
    {
        var space = SearchSpaceJson.Parse(TestSpaces.Narrow);
        Assert.Equal(1, space.InputChannels);
        Assert.Equal([BlockKind.InvertedBottleneck], space.Blocks);
        Assert.Equal([5], space.Kernels);
        Assert.Equal([1, 2, 4, 6], space.Expansions);
        Assert.Equal(new IntRange(2, 12), space.Repeats);
        Assert.Equal(1, space.MaxBlocksPerStage);
        var layout = Assert.Single(space.Layouts);
        Assert.Equal(512, layout.MaxResolution);
        Assert.Equal(new SpaceConvolution(7, 4, new IntRange(16, 16)), layout.Stem);
        Assert.Equal([2, 1, 1, 1, 3], layout.StageStrides);
        Assert.Equal(new SpaceConvolution(1, 1, new IntRange(64, 64, 8)), layout.Head);
        Assert.Equal(new IntRange(3, 33), layout.Width);
        Assert.Equal(new IntRange(8, 64, 8), layout.BottleneckWidth);

        var flat = SearchSpaceJson.Parse(TestSpaces.Flat);
        Assert.Null(flat.Layouts[0].Head);
        Assert.Equal((Limits.Resolution, 3), (flat.Layouts[0].MaxResolution, flat.InputChannels));
        Assert.Equal([3, 7], flat.Kernels);
        Assert.Equal([2, 6], flat.Expansions);
    }

    [Fact]
    public void Should_take_the_smallest_layout_that_serves_a_resolution()
    {
        var space = TestSpaces.Named("narrow");
        var small = space.Layouts[0] with { MaxResolution = 64 };
        space = space with { Layouts = [small, space.Layouts[0]] };
        Assert.Same(small, space.LayoutFor(64));
        Assert.Same(space.Layouts[1], space.LayoutFor(65));
        var error = Assert.Throws<InvalidInputException>(() => space.LayoutFor(513));
        Assert.Equal("resolution is 513; space 'narrow' allows at most 512", error.Message);
    }

    [Theory]
    [InlineData("\"version\": 1", "\"version\": 2", "space file, version: is 2; allowed is a whole number from 1 to 1")]
    [InlineData("zennas/space", "zennas/room", "space file, format: is \"zennas/room\"; allowed is \"zennas/space\"")]
    [InlineData("\"name\": \"flat\"", "\"name\": \"\"", "space file, name: is \"\"; allowed is a text of 1 to 64 printable characters")]
    [InlineData("\"name\": \"flat\"", "\"name\": \"a\\nb\"", "space file, name: is \"a\\nb\"; allowed is a text of 1 to 64 printable characters")]
    [InlineData("\"name\": \"flat\",", "", "space file, name: is missing")]
    [InlineData("\"basic\"", "\"dense\"", "space file, blocks[1]: is \"dense\"; allowed is one of basic, bottleneck, inverted-bottleneck")]
    [InlineData("\"kernels\": [7, 3]", "\"kernels\": [7, 4]", "space file, kernels[1]: is 4; allowed is one of 3, 5, 7")]
    [InlineData("\"kernels\": [7, 3]", "\"kernels\": []", "space file, kernels: is a list of 0 items; allowed is a list of 1 to 1024 items")]
    [InlineData("\"kernels\": [7, 3]", "\"kernels\": 7", "space file, kernels: is 7; allowed is a list of 1 to 1024 items")]
    [InlineData("\"expansions\": [6, 2]", "\"expansions\": [3]", "space file, expansions[0]: is 3; allowed is one of 1, 2, 4, 6")]
    [InlineData("\"max\": 8 }", "\"max\": 257 }", "space file, repeats.max: is 257; allowed is a whole number from 1 to 256")]
    [InlineData("\"min\": 1, \"max\": 8", "\"min\": 8, \"max\": 1", "space file, repeats.max: is 1; allowed is a whole number from 8 to 256")]
    [InlineData("\"max\": 8 }", "\"max\": 8, \"step\": 2 }", "space file, repeats.step: is unknown here; remove it")]
    [InlineData("\"max\": 8 }", "\"max\": 200 }", "space file: number of layers (those blocks times repeats.max, stem and head) is 1802; allowed is 1 to 1024")]
    [InlineData("\"maxBlocksPerStage\": 3", "\"maxBlocksPerStage\": 17", "space file, maxBlocksPerStage: is 17; allowed is a whole number from 1 to 16")]
    [InlineData("[1, 1, 2]", "[1, 5]", "space file, layouts[0].stages[1]: is 5; allowed is one of 1, 2, 3, 4")]
    [InlineData("\"kernel\": 3,", "\"kernel\": 4,", "space file, layouts[0].stem: kernel is 4; allowed is one of 1, 3, 5, 7")]
    [InlineData("\"max\": 100, \"step\": 12", "\"max\": 11, \"step\": 12", "space file, layouts[0].width: no multiple of step 12 lies from 10 to 11; allowed is a range that holds one")]
    [InlineData("\"name\": \"flat\"", "\"name\": \"flat\", \"name\": \"flat\"", "space file, name: is given twice; allowed is once")]
    [InlineData("\"name\": \"flat\"", "\"name\": \"flat\", \"nom\": 1", "space file, nom: is unknown here; remove it")]
    public void Should_say_what_is_wrong_and_what_is_allowed(string part, string replacement, string message)
    {
        Assert.Contains(part, TestSpaces.Flat, StringComparison.Ordinal);
        var text = TestSpaces.Flat.Replace(part, replacement, StringComparison.Ordinal);
        Assert.Equal(message, Assert.Throws<InvalidInputException>(() => SearchSpaceJson.Parse(text)).Message);
    }

    [Fact]
    public void Should_refuse_more_blocks_than_an_architecture_holds()
    {
        var text = TestSpaces.Flat
            .Replace("[1, 1, 2]", "[1, 1, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]", StringComparison.Ordinal)
            .Replace("\"maxBlocksPerStage\": 3", "\"maxBlocksPerStage\": 16", StringComparison.Ordinal)
            .Replace("\"max\": 8 }", "\"max\": 1 }", StringComparison.Ordinal);
        Assert.Equal(
            "space file: number of blocks (stages times maxBlocksPerStage, stem and head) is 258; allowed is 1 to 256",
            Assert.Throws<InvalidInputException>(() => SearchSpaceJson.Parse(text)).Message);
    }
}
