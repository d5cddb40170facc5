using ZenNas.Scores;

namespace ZenNas.Tests.Scores;

public sealed class RandomScoreTests
{
    private const int Draws = 4000;

    private static readonly RandomScore Score = new();

    [Fact]
    public void Should_be_uniform_over_networks_and_over_seeds()
    {
        AssertUniform([.. Enumerable.Range(1, 2000).Select(width => Score.Evaluate(ScoredNetwork.Plain(width), seed: 3).Mean)]);

        var network = ScoredNetwork.Plain(8);
        AssertUniform([.. Enumerable.Range(0, Draws).Select(seed => Score.Evaluate(network, (ulong)seed).Mean)]);
    }

    [Fact]
    public void Should_be_a_function_of_network_and_seed()
    {
        var value = Score.Evaluate(ScoredNetwork.Plain(8), seed: 1);

        Assert.Equal(value, Score.Evaluate(ScoredNetwork.Plain(8), seed: 1));
        Assert.NotEqual(value, Score.Evaluate(ScoredNetwork.Plain(9), seed: 1));
        Assert.NotEqual(value, Score.Evaluate(ScoredNetwork.Plain(8), seed: 2));
        Assert.Equal(1, value.Repeats);
    }

    /// <summary>Kolmogorov and Smirnov's distance, whose value at a level of 0.1 % is 1.95/√n.</summary>
    private static void AssertUniform(double[] values)
    {
        Array.Sort(values);
        Assert.InRange(values[0], 0, 1);
        Assert.True(values[^1] < 1);
        var distance = values.Select((value, i) => Math.Max(value - (double)i / values.Length, (i + 1.0) / values.Length - value)).Max();
        Assert.InRange(distance, 0, 1.95 / Math.Sqrt(values.Length));
    }
}
