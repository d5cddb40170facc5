using ZenNas.Architectures;
using ZenNas.Complexity;
using ZenNas.Latency;
using ZenNas.Scores;
using ZenNas.Search;
using ZenNas.Spaces;

namespace ZenNas.Tests.Latency;

public sealed class LatencyPredictorTests
{
    private static readonly LatencyProfile Profile = SyntheticDevice.Profile(networks: 60);

    [Fact]
    public void Should_predict_networks_that_it_has_not_seen()
    {
        var predictor = Profile.Predictor();
        var sampler = SyntheticDevice.Sampler(seed: 77);
        var errors = Enumerable.Range(0, 40).Select(i => Network.Lower(sampler.Random(i)))
            .Select(n => Math.Abs(predictor.Ms(n) / SyntheticDevice.Ms(n) - 1)).Order().ToArray();

        Assert.InRange(errors[20], 0, 0.03);
        Assert.InRange(errors[36], 0, 0.1);
    }

    /// <summary>What was measured while the yardsticks took longer counts as if they hadn't.</summary>
    [Fact]
    public void Should_not_depend_on_the_machine_changing_its_speed()
    {
        var (steady, changing) = (Profile.Predictor(), SyntheticDevice.Profile(networks: 60, slowdown: 1.4).Predictor());
        var sampler = SyntheticDevice.Sampler(seed: 79);
        foreach (var network in Enumerable.Range(0, 10).Select(i => Network.Lower(sampler.Random(i))))
        {
            Assert.Equal(1, changing.Ms(network) / steady.Ms(network), 1e-6);
        }
    }

    /// <summary>Additive over kernels: what dynamic programming over layers relies on.</summary>
    [Fact]
    public void Should_be_the_sum_over_kernels()
    {
        var predictor = Profile.Predictor();
        var sampler = SyntheticDevice.Sampler(seed: 78);
        foreach (var network in Enumerable.Range(0, 10).Select(i => Network.Lower(sampler.Random(i))))
        {
            var other = Profile.Predictor();
            Assert.Equal(predictor.Ms(network), KernelPlan.Of(network).Kernels.Sum(k => other.Ms(k)));
        }
    }

    [Fact]
    public void Should_flag_kernels_outside_the_profiled_range()
    {
        var predictor = Profile.Predictor();
        var seen = Network.Lower(SyntheticDevice.Sampler(SyntheticDevice.Scope.Seed).Random(0));
        var wide = Network.Lower(StructureString.Parse("SuperConvK3BNRELU(3,8,1,1)SuperResK3K3(8,9000,2,24,1)", 32, 100));

        Assert.False(predictor.Predict(seen).IsExtrapolated);
        Assert.Contains(predictor.Predict(wide).Extrapolated, k => k.OutChannels == 9000);
    }

    [Fact]
    public void Should_refuse_kernels_of_a_kind_that_was_not_profiled()
    {
        var grouped = Network.Lower(ModelZoo.Find("regnetx-400mf")!.Architecture);

        Assert.Contains("grouped-convolution", Assert.Throws<InvalidInputException>(() => Profile.Predictor().Ms(grouped)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_keep_a_search_within_its_limit()
    {
        var space = SearchSpaceJson.Builtin("residual")!;
        var budget = new Budget(MaxLayers: 14, MaxLatency: new LatencyLimit(2, Profile.Predictor()));
        var search = new EvolutionarySearch(new SearchSettings
        {
            Space = space,
            Initial = InitialNetwork.Generate(space, 32, 100, budget, seed: 0),
            Budget = budget,
        });
        var score = new ClosedFormZenScore();
        while (search.Ask(3000) is { } proposal)
        {
            search.Tell(proposal, score.Score(proposal.Network.Vanilla));
        }

        var predictor = Profile.Predictor();
        Assert.All(search.Population, c => Assert.InRange(predictor.Ms(Network.Lower(c.Architecture)), 0, 2));
        Assert.InRange(predictor.Ms(Network.Lower(search.Best!.Architecture)), 1.4, 2);
    }
}
