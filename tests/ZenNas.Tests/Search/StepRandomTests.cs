using ZenNas.Search;

namespace ZenNas.Tests.Search;

public sealed class StepRandomTests
{
    /// <summary>Upper tail of 10⁻⁶ of the normal distribution.</summary>
    private const double FarTail = 4.75;

    // Computed by a separate implementation of SplitMix64. Saved runs depend on these: they must never change.
    [Theory]
    [InlineData(0UL, 0UL, 0xe220a8397b1dcdaf, 0x6e789e6aa1b965f4, 0x06c45d188009454f)]
    [InlineData(1UL, 2UL, 0x899dedbaf0eee877, 0x27acd9d87fe91b88, 0x374188f640345703)]
    [InlineData(12345UL, 96_000UL, 0x4ead6fccad89bcbd, 0x6d66b7454c97bd42, 0x225b36e74ce6188c)]
    [InlineData(ulong.MaxValue, ulong.MaxValue, 0x995c1257bf976799, 0xc14d03d6265e326b, 0xd400cd8af3abcf47)]
    public void Should_draw_the_same_bits_in_every_version(ulong seed, ulong step, ulong first, ulong second, ulong third)
    {
        var random = new StepRandom(seed, step);
        Assert.Equal([first, second, third], new[] { random.NextBits(), random.NextBits(), random.NextBits() });
        Assert.Equal(first, StepRandom.Derive(seed, step));
    }

    [Fact]
    public void Should_draw_the_same_numbers_in_every_version()
    {
        var random = new StepRandom(7, 3);
        Assert.Equal([491, 529, 991, 24, 723, 984, 335, 880], Enumerable.Range(0, 8).Select(_ => random.Next(1_000)));
        var large = new StepRandom(7, 3);
        Assert.Equal([1056013349, 1136246947, 2129143957], Enumerable.Range(0, 3).Select(_ => large.Next(int.MaxValue)));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(100)]
    [InlineData(1_000)]
    public void Should_be_uniform_within_a_step(int count)
    {
        var random = new StepRandom(1, 2);
        AssertUniform(count, () => random.Next(count));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(100)]
    public void Should_be_uniform_over_the_first_draws_of_steps_and_of_seeds(int count)
    {
        ulong step = 0;
        AssertUniform(count, () => new StepRandom(5, step++).Next(count));
        ulong seed = 0;
        AssertUniform(count, () => new StepRandom(seed++, 5).Next(count));
    }

    [Fact]
    public void Should_draw_pairs_of_consecutive_steps_independently()
    {
        ulong step = 0;
        AssertUniform(64, () => 8 * new StepRandom(9, step).Next(8) + new StepRandom(9, ++step).Next(8));
    }

    [Fact]
    public void Should_stay_unbiased_where_the_count_does_not_divide_the_bits()
    {
        // Two thirds of 2³¹: 31 random bits modulo such a count would draw the lower half twice as often.
        const int Count = 1_431_655_765;
        var random = new StepRandom(3, 4);
        AssertUniform(2, () => random.Next(Count) < Count / 2 ? 0 : 1);
    }

    [Fact]
    public void Should_include_both_ends_of_a_range()
    {
        var random = new StepRandom(1, 1);
        var drawn = Enumerable.Range(0, 200).Select(_ => random.Next(-2, 2)).ToHashSet();
        Assert.Equal([-2, -1, 0, 1, 2], drawn.Order());
        Assert.Equal(5, random.Next(5, 5));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void Should_refuse_to_draw_from_nothing(int count) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new StepRandom(1, 1).Next(count));

    /// <summary>Chi-square, by Wilson and Hilferty's normal approximation.</summary>
    private static void AssertUniform(int count, Func<int> draw)
    {
        var draws = Math.Max(20_000, 100 * count);
        var counts = new int[count];
        for (var i = 0; i < draws; i++)
        {
            counts[draw()]++;
        }

        var expected = (double)draws / count;
        var chiSquare = counts.Sum(c => (c - expected) * (c - expected) / expected);
        double freedom = count - 1;
        var normal = (Math.Cbrt(chiSquare / freedom) - (1 - 2 / (9 * freedom))) / Math.Sqrt(2 / (9 * freedom));
        Assert.InRange(normal, -FarTail, FarTail);
    }
}
