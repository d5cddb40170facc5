using ZenNas.Scores;
using ZenNas.Search;

namespace ZenNas.Torch.Tests;

public sealed class RepeatPolicyTests
{
    private static readonly MeasuredZenScore Score = new(new ScoreSettings { BatchSize = 2 });

    [Theory, InlineData(1), InlineData(3), InlineData(4), InlineData(9)]
    public void Should_take_exactly_the_repeats_asked_for(int repeats) =>
        Assert.Equal(repeats, Measure(RepeatPolicy.Exactly(repeats)).Repeats);

    [Fact]
    public void Should_stop_at_the_minimum_when_that_is_exact_enough() =>
        Assert.Equal(3, Measure(new RepeatPolicy(3, 50, 1000)).Repeats);

    /// <summary>The maximum needn't be the minimum plus whole waves.</summary>
    [Fact]
    public void Should_stop_at_the_maximum_when_it_never_is() =>
        Assert.Equal(13, Measure(new RepeatPolicy(3, 13, 1e-9)).Repeats);

    [Fact]
    public void Should_go_on_after_a_single_repeat_whose_error_is_unknown() =>
        Assert.Equal(1 + RepeatPolicy.Wave, Measure(new RepeatPolicy(1, 50, 1000)).Repeats);

    /// <summary>The standard errors after 3, 7, 11… repeats, computed apart, say where to stop.</summary>
    [Theory, InlineData(0.1), InlineData(0.06), InlineData(0.04), InlineData(0.03)]
    public void Should_stop_after_the_first_wave_that_reaches_the_standard_error(double target)
    {
        var values = Enumerable.Range(0, 200).Select(i => Score.MeasureOnce(TestNetworks.Mixed, StepRandom.Derive(3, (ulong)i))).ToArray();
        var expected = 3;
        while (ScoreValue.Of(values.AsSpan(0, expected)).StandardError > target)
        {
            expected += RepeatPolicy.Wave;
        }

        Assert.InRange(expected, 4, 195);
        Assert.Equal(expected, Measure(new RepeatPolicy(3, 200, target)).Repeats);
    }

    [Theory]
    [InlineData(1_000, 32)]
    [InlineData(250_000_000, 20)]
    [InlineData(400_000_000, 12)]
    [InlineData(2_000_000_000, 4)]
    [InlineData(long.MaxValue, 4)]
    public void Should_verify_large_networks_with_fewer_repeats(long macs, int most)
    {
        var policy = RepeatPolicy.Verification(macs);

        Assert.Equal((4, most, 0.3), (policy.Minimum, policy.Maximum, policy.StandardError));
    }

    private static ScoreValue Measure(RepeatPolicy policy) => Score.Measure(TestNetworks.Mixed, 3, policy, 2);
}
