using ZenNas.Scores;

namespace ZenNas.Tests.Scores;

public sealed class ScoreValueTests
{
    [Fact]
    public void Should_have_mean_and_sample_deviation_of_repeats()
    {
        var value = ScoreValue.Of([2, 4, 4, 4, 5, 5, 7, 9]);
        Assert.Equal((5, 8), (value.Mean, value.Repeats));
        Assert.Equal(Math.Sqrt(32.0 / 7), value.StandardDeviation, tolerance: 1e-14);
        Assert.Equal(Math.Sqrt(32.0 / 7 / 8), value.StandardError, tolerance: 1e-14);
    }

    [Fact]
    public void Should_not_claim_to_know_the_deviation_of_one_repeat()
    {
        var value = ScoreValue.Of([3]);
        Assert.Equal((3, 1), (value.Mean, value.Repeats));
        Assert.True(double.IsNaN(value.StandardDeviation));
        Assert.True(double.IsNaN(value.StandardError));
    }

    [Fact]
    public void Should_have_no_error_where_there_is_no_noise() => Assert.Equal(0, ScoreValue.Exact(1.5).StandardError);
}
