using ZenNas.Search.Optimal;

namespace ZenNas.Tests.Search.Optimal;

public sealed class KneesTests
{
    /// <summary>Steep up to 1000, flat behind it.</summary>
    [Fact]
    public void Should_find_the_bend() => Assert.Equal([3], Knees.Of([1, 10, 100, 1000, 10_000, 100_000, 1_000_000], [0, 30, 60, 90, 92, 94, 96]));

    [Fact]
    public void Should_find_none_in_a_line() => Assert.Empty(Knees.Of([1, 10, 100, 1000], [1, 2, 3, 4]));

    [Fact]
    public void Should_find_none_where_nothing_changes() => Assert.Empty(Knees.Of([1, 10, 100], [5, 5, 5]));

    [Fact]
    public void Should_find_none_in_two_points() => Assert.Empty(Knees.Of([1, 10], [5, 6]));
}
