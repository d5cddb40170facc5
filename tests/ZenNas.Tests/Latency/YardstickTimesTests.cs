using ZenNas.Latency;

namespace ZenNas.Tests.Latency;

public sealed class YardstickTimesTests
{
    private static readonly YardstickTimes Typical = new([1, 10, 100, 1000]);

    [Theory]
    [InlineData(0.1, 2)]
    [InlineData(2, 2)]
    [InlineData(10, 1)]
    [InlineData(400, 0.5)]
    [InlineData(4000, 0.5)]
    [InlineData(50, 0.5)]
    public void Should_be_each_yardsticks_ratio_at_its_time_and_beyond(double ms, double expected) =>
        Assert.Equal(expected, new YardstickTimes([2, 10, 50, 500]).PaceFor(ms, Typical), 1e-12);

    [Fact]
    public void Should_be_between_them_in_between() => Assert.Equal(Math.Sqrt(2), new YardstickTimes([2, 10, 50, 500]).PaceFor(Math.Sqrt(20), Typical), 1e-12);

    [Fact]
    public void Should_be_one_at_the_typical_moment()
    {
        for (var ms = 0.01; ms < 1e4; ms *= 1.7)
        {
            Assert.Equal(1, Typical.PaceFor(ms, Typical), 1e-12);
        }
    }

    [Fact]
    public void Should_take_the_first_quartile_of_each() => Assert.Equal(
        [2.0, 5.0, 30.0, 60.0],
        YardstickTimes.UndisturbedOf([new([1, 9, 30, 60]), new([2, 5, 20, 70]), new([3, 4, 40, 50]), new([9, 90, 900, 9000])]).Ms);

    [Fact]
    public void Should_take_the_shorter_time_of_each() => Assert.Equal([1.0, 5.0, 20.0, 60.0], YardstickTimes.FastestOf(new([1, 9, 30, 60]), new([2, 5, 20, 70])).Ms);

    [Fact]
    public void Should_be_slower_by_the_mean_of_relative_differences()
    {
        Assert.Equal(0, Typical.SlownessAgainst(Typical));
        Assert.Equal(Math.Log(2) / 4, new YardstickTimes([2, 10, 100, 1000]).SlownessAgainst(Typical), 1e-12);
        Assert.Equal(-Math.Log(2) / 4, new YardstickTimes([1, 5, 100, 1000]).SlownessAgainst(Typical), 1e-12);
    }
}
