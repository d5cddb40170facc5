using System.Globalization;
using CsCheck;
using ZenNas.Architectures;
using ZenNas.Complexity;
using ZenNas.Search;
using ZenNas.Spaces;

namespace ZenNas.Tests.Search;

public sealed class EvolutionarySearchTests
{
    private const long Steps = 300;

    public static TheoryData<string> Presets => [.. Variation.Presets];

    // A change of the search changes this. When it is meant to, take the values from the message of the failed test, and say in the
    // commit why saved runs may go on differently.
    [Theory]
    [InlineData(PairVariation.PresetName, 143.289695083, "237533e55dca4ae2a7aaafb3761e493d")]
    [InlineData(PaperVariation.PresetName, 132.579456265, "3912143aab8c2799d196349ca8840f9f")]
    [InlineData(ReleasedCodeVariation.PresetName, 132.753001905, "cb1922bc2165cfbb8e6b1183ee11d802")]
    public void Should_find_the_same_network_in_every_version(string preset, double score, string fingerprint)
    {
        var best = Searches.Finished(Searches.Settings(seed: 7, preset), Steps).Best!;
        Assert.Equal(
            (score.ToString("F9", CultureInfo.InvariantCulture), fingerprint),
            (best.Score.ToString("F9", CultureInfo.InvariantCulture), Fingerprint.Of(best.Architecture).ToString("x32", CultureInfo.InvariantCulture)));
    }

    [Theory, MemberData(nameof(Presets))]
    public void Should_repeat_itself_for_the_same_seed_and_not_for_another(string preset)
    {
        var search = Searches.Finished(Searches.Settings(1, preset), Steps);
        Searches.AssertSame(search, Searches.Finished(Searches.Settings(1, preset), Steps));

        var other = Searches.Finished(Searches.Settings(1, preset) with { Seed = 2 }, Steps);
        Assert.NotEqual(search.Best!.Architecture, other.Best!.Architecture);
        Assert.False(search.Seen.SetEquals(other.Seen));
    }

    [Theory, MemberData(nameof(Presets))]
    public void Should_improve_within_the_budget_and_the_space(string preset)
    {
        var settings = Searches.Settings(1, preset);
        var scores = new List<double>();
        var search = Searches.Finished(settings, Steps, p =>
        {
            scores.Add(Searches.Score(p));
            return scores[^1];
        });
        Assert.True(search.Best!.Score > scores[0] + 20);
        Assert.Equal(scores.Max(), search.Best.Score);
        Assert.Equal(search.Population.Max(c => c.Score), search.Best.Score);
        Assert.Equal(settings.PopulationSize, search.Population.Count);
        Assert.All(search.Population, c =>
        {
            Assert.Equal(NetworkCost.Of(Network.Lower(c.Architecture)), c.Cost);
            Assert.True(settings.Budget.Fits(Network.Lower(c.Architecture)));
            Assert.Null(SpaceMembership.WhyOutside(settings.Space, c.Architecture));
        });
    }

    [Theory, MemberData(nameof(Presets))]
    public void Should_score_no_network_twice_and_account_for_every_step(string preset)
    {
        var scored = new HashSet<Architecture>();
        var search = Searches.Finished(Searches.Settings(3, preset, "flat", budget: new Budget(60_000, MaxLayers: 12)), 2_000, p =>
        {
            Assert.True(scored.Add(p.Network.Architecture));
            Assert.Equal(Fingerprint.Of(p.Network.Architecture), p.Fingerprint);
            return Searches.Score(p);
        });
        Assert.Equal(2_000, search.Step);
        Assert.Equal(scored.Count, search.Counts.Scored);
        Assert.Equal(scored.Select(Fingerprint.Of).ToHashSet(), search.Seen.ToHashSet());

        // The initial network takes no step.
        var counts = search.Counts;
        Assert.Equal(2_001, counts.Scored + counts.OverBudget + counts.Duplicates + counts.Failed);
        Assert.True(counts is { OverBudget: > 0, Duplicates: > 0, Failed: 0 });
    }

    [Fact]
    public void Should_keep_the_highest_scores()
    {
        var scores = new List<(double Score, Architecture Architecture)>();
        var search = Searches.Finished(Searches.Settings(4, population: 16), Steps, p =>
        {
            // A score without meaning, so that keeping the best is not what evolution does anyway.
            var score = (double)(ulong)p.Fingerprint;
            scores.Add((score, p.Network.Architecture));
            return score;
        });
        Assert.Equal(
            scores.OrderByDescending(s => s.Score).Take(16).Select(s => s.Architecture).ToHashSet(),
            search.Population.Select(c => c.Architecture).ToHashSet());
        Assert.Equal(scores.MaxBy(s => s.Score).Architecture, search.Best!.Architecture);
    }

    [Fact]
    public void Should_keep_the_earliest_of_equal_scores()
    {
        var first = Searches.Settings(4).Initial;
        var search = Searches.Finished(Searches.Settings(4, population: 8), Steps, _ => 1);
        Assert.Equal(first, search.Best!.Architecture);
        Assert.Equal(8, search.Population.Count);
        Assert.Equal(search.Population.Select(c => c.Step).Order(), search.Population.Select(c => c.Step));
        Assert.Equal(first, search.Population[0].Architecture);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(7)]
    public void Should_be_a_function_of_its_options_with_proposals_asked_ahead(int ahead)
    {
        var search = Searches.Finished(Searches.Settings(5), Steps, ahead: ahead);
        Searches.AssertSame(search, Searches.Finished(Searches.Settings(5), Steps, ahead: ahead));
        Assert.Equal(Steps + 1, search.Counts.Scored + search.Counts.OverBudget + search.Counts.Duplicates);
        Assert.Equal(Steps, search.Step);
    }

    [Fact]
    public void Should_offer_nothing_before_the_initial_network_is_scored()
    {
        var settings = Searches.Settings(5);
        var search = new EvolutionarySearch(settings);
        var initial = search.Ask(Steps)!;
        Assert.Equal((0, settings.Initial), (initial.Step, initial.Network.Architecture));
        Assert.Null(search.Ask(Steps));
        Assert.Equal(0, search.Step);
        search.Tell(initial, 1);
        Assert.NotNull(search.Ask(Steps));
    }

    [Fact]
    public void Should_take_scores_in_the_order_of_its_proposals_only()
    {
        var search = new EvolutionarySearch(Searches.Settings(5));
        search.Tell(search.Ask(Steps)!, 1);
        var (first, second) = (search.Ask(Steps)!, search.Ask(Steps)!);
        Assert.Throws<InvalidOperationException>(() => search.Tell(second, 2));
        Assert.Throws<InvalidOperationException>(() => Searches.Finished(Searches.Settings(5), 0).Tell(first, 2));
    }

    [Fact]
    public void Should_go_on_after_a_stop_as_if_undisturbed() => Gen.Select(
        Gen.OneOf([.. Variation.Presets]), Gen.ULong, Gen.Long[0, 150], Gen.OneOf("residual", "mobile", "flat")).Sample((preset, seed, stop, space) =>
        {
            var settings = Searches.Settings(seed, preset, space, population: 12, budget: new Budget(2_000_000));
            var search = new EvolutionarySearch(settings);
            Searches.Run(search, stop);
            var restored = EvolutionarySearch.Restore(
                settings, search.Step, [.. search.Population], [.. search.Seen], search.Counts, search.Best);
            Searches.AssertSame(search, restored);
            Searches.Run(search, 200);
            Searches.Run(restored, 200);
            Searches.AssertSame(Searches.Finished(settings, 200), search);
            Searches.AssertSame(search, restored);
        }, iter: 40);

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    public void Should_count_networks_without_a_finite_score_and_leave_them_out(double bad)
    {
        var failed = new HashSet<Architecture>();
        var search = Searches.Finished(Searches.Settings(6, population: 1_000), Steps, p =>
        {
            if (p.Step == 0 || p.Fingerprint % 3 != 0)
            {
                return Searches.Score(p);
            }

            Assert.True(failed.Add(p.Network.Architecture));
            return bad;
        });
        Assert.True(failed.Count > 20);
        Assert.Equal(failed.Count, search.Counts.Failed);
        Assert.Equal(search.Counts.Scored, search.Population.Count);
        Assert.DoesNotContain(search.Population, c => failed.Contains(c.Architecture) || !double.IsFinite(c.Score));
        Assert.True(double.IsFinite(search.Best!.Score));
    }

    [Fact]
    public void Should_say_that_the_initial_network_has_no_score()
    {
        var search = new EvolutionarySearch(Searches.Settings(6));
        search.Tell(search.Ask(Steps)!, double.NaN);
        var error = Assert.Throws<InvalidInputException>(() => search.Ask(Steps));
        Assert.Equal("the initial network has no finite score; start from another one with --init or --seed", error.Message);
    }

    [Fact]
    public void Should_say_that_the_initial_network_exceeds_the_budget()
    {
        var settings = Searches.Settings(6) with { Budget = new Budget(MaxParameters: 1_000, MaxMacs: 2_000_000) };
        var error = Assert.Throws<InvalidInputException>(() => new EvolutionarySearch(settings).Ask(Steps));
        Assert.Equal("budget is 1,000 parameters, 2,000,000 MACs; the initial network exceeds it", error.Message);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void Should_refuse_a_population_of_nobody(int size)
    {
        var error = Assert.Throws<InvalidInputException>(() => new EvolutionarySearch(Searches.Settings(6, population: size)));
        Assert.Equal($"population size is {size}; allowed is 1 to 2147483647", error.Message);
    }

    [Fact]
    public void Should_climb_with_a_population_of_one()
    {
        var search = Searches.Finished(Searches.Settings(6, population: 1), Steps);
        Assert.Equal(search.Best, Assert.Single(search.Population));
    }

    [Fact]
    public void Should_count_proposals_over_the_budget_without_scoring_them()
    {
        var settings = Searches.Settings(6);
        var cost = NetworkCost.Of(Network.Lower(settings.Initial));
        settings = settings with { Budget = new Budget(cost.Parameters, cost.Macs, cost.Layers) };
        var search = Searches.Finished(settings, Steps, p =>
        {
            Assert.True(p.Cost.Parameters <= cost.Parameters && p.Cost.Macs <= cost.Macs && p.Cost.Layers <= cost.Layers);
            return Searches.Score(p);
        });
        Assert.True(search.Counts.OverBudget > 100);
        Assert.True(search.Counts.Scored > 1);
    }
}
