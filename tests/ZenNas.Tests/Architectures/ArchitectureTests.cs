using System.Collections.Immutable;
using CsCheck;
using ZenNas.Architectures;

namespace ZenNas.Tests.Architectures;

public sealed class ArchitectureTests
{
    [Fact]
    public void Should_equal_another_one_built_from_equal_parts()
    {
        var (a, b) = (Build(), Build());
        Assert.NotSame(a, b);
        Assert.Equal(a, b);
        Assert.True(a.Equals((object)b));
        Assert.Equal(a.GetHashCode(), b.GetHashCode());
        Assert.Single(new HashSet<Architecture> { a, b });

        static Architecture Build() => new(
            [
                new ConvolutionBlock(3, 16, 2),
                new MaxPoolBlock(3, 2, 16),
                new BasicBlock(5, 24, 1, 8, 2, Projection.WhereShapeChanges, SqueezeExcitation.Quarter),
                new BottleneckBlock(3, 32, 2, 16, 1, 1, 4),
                new InvertedBottleneckBlock(4, 7, 40, 1, 12, 3),
            ],
            64, 10);
    }

    [Fact]
    public void Should_differ_when_any_attribute_does()
    {
        var variants = ArchitectureVariants.All;
        Assert.Equal(variants.Length, variants.Distinct().Count());
        Assert.All(variants, v => Assert.False(v.Equals(null)));
    }

    [Fact]
    public void Should_read_back_equal_from_json() => ArchitectureGen.Any.Sample(a =>
    {
        var read = ArchitectureJson.Parse(ArchitectureJson.Write(a));
        return !ReferenceEquals(a, read) && a.Equals(read) && a.GetHashCode() == read.GetHashCode() && Fingerprint.Of(a) == Fingerprint.Of(read);
    }, iter: 2_000);

    [Fact]
    public void Should_read_back_equal_from_a_structure_string() => ArchitectureGen.Released.Sample(a =>
    {
        var text = StructureString.TryFormat(a)!;
        var read = StructureString.Parse(text, a.Resolution, a.Classes);
        return a.Equals(read) && StructureString.TryFormat(read) == text;
    }, iter: 2_000);

    [Fact]
    public void Should_show_its_structure_string_or_its_size()
    {
        Assert.Equal("SuperConvK3BNRELU(3,8,1,2)", new Architecture([new ConvolutionBlock(3, 8, 1, 2)], 32, 10).ToString());
        Assert.Equal(
            "2 blocks, 1 layers, 32×32", new Architecture([new ConvolutionBlock(3, 8), new MaxPoolBlock(3, 2, 8)], 32, 10).ToString());
    }

    [Fact]
    public void Should_change_resolution_and_classes_only() => ArchitectureGen.Any.Sample(a =>
    {
        var b = a.With(resolution: 77);
        Assert.Equal((77, a.Classes, a.InputChannels), (b.Resolution, b.Classes, b.InputChannels));
        Assert.Equal(a.Blocks, b.Blocks.AsEnumerable());
        var c = b.With(classes: 5);
        Assert.Equal((77, 5), (c.Resolution, c.Classes));
        Assert.Equal(a, c.With(a.Resolution, a.Classes));
    });

    [Fact]
    public void Should_set_squeeze_and_excitation_of_residual_blocks_only() => ArchitectureGen.Any.Sample(a =>
    {
        var excited = a.WithSqueezeExcitation(SqueezeExcitation.Quarter);
        Assert.All(excited.Blocks.OfType<ResidualBlock>(), b => Assert.Equal(SqueezeExcitation.Quarter, b.SqueezeExcitation));
        Assert.Equal(a.Blocks.Where(b => b is not ResidualBlock), excited.Blocks.Where(b => b is not ResidualBlock));
        Assert.Equal(a.WithSqueezeExcitation(SqueezeExcitation.None), excited.WithSqueezeExcitation(SqueezeExcitation.None));
    });

    [Fact]
    public void Should_count_layers_as_repeats_without_pools()
    {
        var architecture = new Architecture(
            [new ConvolutionBlock(3, 8, 1, 3), new MaxPoolBlock(3, 2, 8), new BottleneckBlock(3, 8, 1, 8, 4, 2), new BasicBlock(3, 8, 1, 8, 5)], 32, 10);
        Assert.Equal(12, architecture.Layers);
    }

    [Fact]
    public void Should_accept_what_is_at_the_limits()
    {
        ImmutableArray<Block> most = [.. Enumerable.Repeat(new ConvolutionBlock(1, 1, 1, 4), Limits.Blocks)];
        Assert.Equal(Limits.Layers, new Architecture(most, Limits.Resolution, Limits.Classes, Limits.Width).Layers);
        Assert.Equal(Limits.Width, new BottleneckBlock(7, Limits.Width, Limits.Stride, Limits.Width, Limits.Repeats).Width);
    }

    public static TheoryData<string, string> Refused => new()
    {
        { "number of blocks", "number of blocks is 257; allowed is 1 to 256" },
        { "no block", "number of blocks is 0; allowed is 1 to 256" },
        { "default", "number of blocks is 0; allowed is 1 to 256" },
        { "layers", "number of layers (repeats summed over blocks) is 1280; allowed is 1 to 1024" },
        { "resolution", "resolution is 4097; allowed is 1 to 4096" },
        { "classes", "classes is 0; allowed is 1 to 1000000" },
        { "input channels", "input channels is 65537; allowed is 1 to 65536" },
        { "pool first", "block 1 is a max pool; allowed only directly after a block with convolutions" },
        { "pool after pool", "block 3 is a max pool; allowed only directly after a block with convolutions" },
        { "pool width", "block 2 is a max pool of width 9; allowed is the width before it, 8" },
        { "kernel", "kernel is 4; allowed is one of 1, 3, 5, 7" },
        { "residual kernel", "kernel is 1; allowed is one of 3, 5, 7" },
        { "width", "width is 65537; allowed is 1 to 65536" },
        { "stride", "stride is 5; allowed is 1 to 4" },
        { "repeats", "repeats is 257; allowed is 1 to 256" },
        { "bottleneck width", "bottleneck width is 0; allowed is 1 to 65536" },
        { "expansion", "expansion is 3; allowed is one of 1, 2, 4, 6" },
        { "units", "units per repeat is 3; allowed is 1 to 2" },
        { "group width", "group width is 5; allowed is a divisor of the bottleneck width 8" },
        { "group width range", "group width is 9; allowed is 1 to 8" },
    };

    [Theory, MemberData(nameof(Refused))]
    public void Should_refuse_what_is_beyond_the_limits_and_say_what_is_allowed(string what, string message)
    {
        var conv = new ConvolutionBlock(3, 8);
        var error = Assert.Throws<InvalidInputException>(() => _ = what switch
        {
            "number of blocks" => Of([.. Enumerable.Repeat(conv, Limits.Blocks + 1)]),
            "no block" => Of(),
            "default" => new Architecture(default, 32, 10),
            "layers" => Of([.. Enumerable.Repeat(new ConvolutionBlock(1, 1, 1, 256), 5)]),
            "resolution" => Of(conv).With(resolution: Limits.Resolution + 1),
            "classes" => Of(conv).With(classes: 0),
            "input channels" => new Architecture([conv], 32, 10, Limits.Width + 1),
            "pool first" => Of(new MaxPoolBlock(3, 2, 8), conv),
            "pool after pool" => Of(conv, new MaxPoolBlock(3, 2, 8), new MaxPoolBlock(3, 2, 8)),
            "pool width" => Of(conv, new MaxPoolBlock(3, 2, 9)),
            "kernel" => Of(new ConvolutionBlock(4, 8)),
            "residual kernel" => Of(new BasicBlock(1, 8, 1, 8)),
            "width" => Of(new ConvolutionBlock(3, Limits.Width + 1)),
            "stride" => Of(new ConvolutionBlock(3, 8, Limits.Stride + 1)),
            "repeats" => Of(new ConvolutionBlock(3, 8, 1, Limits.Repeats + 1)),
            "bottleneck width" => Of(new BasicBlock(3, 8, 1, 0)),
            "expansion" => Of(new InvertedBottleneckBlock(3, 3, 8, 1, 8)),
            "units" => Of(new BottleneckBlock(3, 8, 1, 8, 1, 3)),
            "group width" => Of(new BottleneckBlock(3, 8, 1, 8, 1, 1, 5)),
            _ => Of(new BottleneckBlock(3, 8, 1, 8, 1, 1, 9)),
        });
        Assert.Equal(message, error.Message);

        static Architecture Of(params Block[] blocks) => new([.. blocks], 32, 10);
    }

    [Fact]
    public void Should_take_one_group_for_a_group_as_wide_as_the_bottleneck() =>
        Assert.Equal(new BottleneckBlock(3, 8, 1, 16), new BottleneckBlock(3, 8, 1, 16, groupWidth: 16));
}
