using ZenNas.Architectures;
using ZenNas.Complexity;
using ZenNas.Spaces;

namespace ZenNas.Tests.Latency;

public sealed class NetworkSamplerTests
{
    [Fact]
    public void Should_draw_networks_of_the_space_within_its_limit()
    {
        var sampler = SyntheticDevice.Sampler(seed: 5);
        foreach (var network in Enumerable.Range(0, 30).Select(i => i % 3 == 2 ? sampler.Best(i) : sampler.Random(i)))
        {
            Assert.Null(SpaceMembership.WhyOutside(SearchSpaceJson.Builtin("residual")!, network));
            Assert.InRange(NetworkCost.Of(Network.Lower(network)).Macs, 1, SyntheticDevice.Scope.MaxMacs);
        }
    }

    /// <summary>A limit that not even the smallest network keeps is raised.</summary>
    [Fact]
    public void Should_find_best_networks_under_any_limit_on_latency()
    {
        var predictor = SyntheticDevice.Profile(networks: 30).Predictor();
        var sampler = SyntheticDevice.Sampler(seed: 6);
        foreach (var network in Enumerable.Range(0, 4).Select(i => sampler.Best(i, predictor, leastMs: 1e-6, mostMs: i < 2 ? 1e-6 : 3)))
        {
            Assert.InRange(predictor.Ms(Network.Lower(network)), 0, 3);
        }
    }

    [Fact]
    public void Should_draw_the_same_again()
    {
        Assert.Equal(SyntheticDevice.Sampler(7).Random(3), SyntheticDevice.Sampler(7).Random(3));
        Assert.Equal(SyntheticDevice.Sampler(7).Best(3), SyntheticDevice.Sampler(7).Best(3));
        Assert.NotEqual(SyntheticDevice.Sampler(7).Random(3), SyntheticDevice.Sampler(8).Random(3));
    }
}
