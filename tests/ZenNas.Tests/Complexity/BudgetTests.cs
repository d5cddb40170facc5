using ZenNas.Architectures;
using ZenNas.Complexity;
using ZenNas.Latency;

namespace ZenNas.Tests.Complexity;

public sealed class BudgetTests
{
    private static readonly Network Any = Network.Lower(ModelZoo.Find("resnet-18")!.Architecture);
    private static readonly NetworkCost Cost = new(Parameters: 1_000, Macs: 20_000, Activations: 300, Layers: 4, ConvLayers: 9);

    [Theory]
    [InlineData(null, null, null, true)]
    [InlineData(1_000L, 20_000L, 4, true)]
    [InlineData(999L, 20_000L, 4, false)]
    [InlineData(1_000L, 19_999L, 4, false)]
    [InlineData(1_000L, 20_000L, 3, false)]
    [InlineData(999L, null, null, false)]
    [InlineData(null, 19_999L, null, false)]
    [InlineData(null, null, 3, false)]
    [InlineData(1_000L, null, null, true)]
    [InlineData(null, 20_000L, null, true)]
    [InlineData(null, null, 4, true)]
    public void Should_include_its_limits(long? parameters, long? macs, int? layers, bool fits) =>
        Assert.Equal(fits, new Budget(parameters, macs, layers).Fits(Any, Cost));

    [Theory]
    [InlineData(5, true)]
    [InlineData(4.999, false)]
    public void Should_include_the_longest_latency(double maxMs, bool fits) =>
        Assert.Equal(fits, new Budget(MaxLatency: new LatencyLimit(maxMs, new FixedLatency(5))).Fits(Any, Cost));

    [Theory]
    [InlineData(null, true)]
    [InlineData(4, true)]
    [InlineData(3, false)]
    public void Should_judge_depth_alone(int? layers, bool fits) => Assert.Equal(fits, new Budget(1, 1, layers).FitsDepth(4));

    [Fact]
    public void Should_show_its_limits()
    {
        Assert.Equal("1,000,000 parameters, 2,500,000,000 MACs, 18 layers", new Budget(1_000_000, 2_500_000_000, 18).ToString());
        Assert.Equal("18 layers", new Budget(MaxLayers: 18).ToString());
        Assert.Equal("18 layers, 2.5 ms", new Budget(MaxLayers: 18, MaxLatency: new LatencyLimit(2.5, new FixedLatency(1))).ToString());
    }

    private sealed record FixedLatency(double Value) : ILatencySource
    {
        public double Ms(Network network) => Value;
    }
}
