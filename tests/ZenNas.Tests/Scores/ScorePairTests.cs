using ZenNas.Scores;

namespace ZenNas.Tests.Scores;

public sealed class ScorePairTests
{
    [Fact]
    public void Should_add_the_ranks_of_both_parts()
    {
        // κ ranks 1, 3, 2; R ranks 2, 1, 3.
        Assert.Equal([3, 4, 5], ScorePair.CombinedRanks([Pair(10, 8), Pair(30, 16), Pair(20, 4)]));
    }

    [Fact]
    public void Should_give_ties_their_mean_rank()
    {
        // κ ranks 1.5, 1.5, 3, 4; R ranks 3, 1, 3, 3.
        Assert.Equal([4.5, 2.5, 6, 7], ScorePair.CombinedRanks([Pair(10, 8), Pair(10, 16), Pair(20, 8), Pair(30, 8)]));
        Assert.Equal([4, 4, 4], ScorePair.CombinedRanks([Pair(1, 1), Pair(1, 1), Pair(1, 1)]));
        Assert.Equal([2], ScorePair.CombinedRanks([Pair(1, 1)]));
    }

    private static ScorePair Pair(double condition, double regions) =>
        new(new ScorePart("conditionNumber", condition, IsLargerBetter: false), new ScorePart("linearRegions", regions, IsLargerBetter: true));
}
