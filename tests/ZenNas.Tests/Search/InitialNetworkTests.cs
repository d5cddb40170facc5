using ZenNas.Architectures;
using ZenNas.Complexity;
using ZenNas.Search;
using ZenNas.Spaces;
using ZenNas.Tests.Spaces;

namespace ZenNas.Tests.Search;

public sealed class InitialNetworkTests
{
    [Theory, MemberData(nameof(TestSpaces.Names), MemberType = typeof(TestSpaces))]
    public void Should_lie_in_the_space_and_fit_the_budget(string name)
    {
        var space = TestSpaces.Named(name);
        var generous = new Budget(MaxParameters: 50_000_000);
        var fewest = Enumerable.Range(0, 100).Min(seed => Parameters(InitialNetwork.Generate(space, 64, 10, generous, (ulong)seed)));
        foreach (var budget in new[] { generous, new Budget(MaxParameters: fewest), new Budget(MaxParameters: 2 * fewest, MaxLayers: 20) })
        {
            for (ulong seed = 0; seed < 50; seed++)
            {
                var initial = InitialNetwork.Generate(space, 64, 10, budget, seed);
                Assert.Null(SpaceMembership.WhyOutside(space, initial));
                Assert.True(budget.Fits(Network.Lower(initial)));
                Assert.Equal((64, 10), (initial.Resolution, initial.Classes));
                Assert.Equal(initial, InitialNetwork.Generate(space, 64, 10, budget, seed));
            }
        }
    }

    [Fact]
    public void Should_differ_from_seed_to_seed()
    {
        var space = TestSpaces.Named("residual");
        var drawn = Enumerable.Range(0, 50).Select(seed => InitialNetwork.Generate(space, 32, 10, new Budget(), (ulong)seed)).Distinct();
        Assert.Equal(50, drawn.Count());
    }

    [Fact]
    public void Should_narrow_its_draws_before_it_gives_up_on_drawing()
    {
        // A budget that none of 100 networks of up to 64 channels fits still has room for other than the smallest.
        var space = TestSpaces.Named("residual");
        var fewest = Enumerable.Range(0, 100).Min(seed => Parameters(InitialNetwork.Generate(space, 32, 10, new Budget(), (ulong)seed)));
        var budget = new Budget(MaxParameters: fewest - 1);
        var drawn = Enumerable.Range(0, 50).Select(seed => InitialNetwork.Generate(space, 32, 10, budget, (ulong)seed)).Distinct();
        Assert.Equal(50, drawn.Count());
    }

    [Fact]
    public void Should_find_the_smallest_network_where_nothing_else_fits()
    {
        var space = TestSpaces.Named("residual");
        Assert.Equal([BlockKind.Basic, BlockKind.Bottleneck], space.Blocks);
        int[] strides = [1, 2, 2, 2];
        Block[] basics = [.. strides.Select(stride => new BasicBlock(3, 8, stride, 8))];
        Block[] bottlenecks = [.. strides.Select(stride => new BottleneckBlock(3, 8, stride, 8))];
        var smallest = new[] { basics, bottlenecks }
            .Select(body => new Architecture([new ConvolutionBlock(3, 8), .. body, new ConvolutionBlock(1, 8)], 32, 10)).MinBy(Parameters)!;
        var budget = new Budget(MaxParameters: Parameters(smallest));
        Assert.Equal(smallest, InitialNetwork.Generate(space, 32, 10, budget, 1));
        Assert.Throws<InvalidInputException>(
            () => InitialNetwork.Generate(space, 32, 10, new Budget(MaxParameters: budget.MaxParameters - 1), 1));
    }

    [Theory]
    [InlineData(100L, null, null, "budget is 100 parameters; ")]
    [InlineData(null, 12_345L, null, "budget is 12,345 MACs; ")]
    [InlineData(null, null, 5, "budget is 5 layers; ")]
    [InlineData(100L, 12_345L, 5, "budget is 100 parameters, 12,345 MACs, 5 layers; ")]
    public void Should_name_a_budget_that_nothing_fits_and_what_the_space_needs(long? parameters, long? macs, int? layers, string beginning)
    {
        var error = Assert.Throws<InvalidInputException>(
            () => InitialNetwork.Generate(TestSpaces.Named("residual"), 32, 10, new Budget(parameters, macs, layers), 1));
        Assert.StartsWith(beginning + "the smallest network found in space 'residual' at 32×32 and 10 classes has ", error.Message, StringComparison.Ordinal);
        Assert.EndsWith(" and 6 layers", error.Message, StringComparison.Ordinal);
    }

    private static long Parameters(Architecture architecture) => NetworkCost.Of(Network.Lower(architecture)).Parameters;
}
