using CsCheck;
using ZenNas.Spaces;

namespace ZenNas.Tests.Spaces;

public sealed class IntRangeTests
{
    private static readonly Gen<IntRange> Any = Gen.Select(Gen.Int[1, 60], Gen.Int[1, 60], Gen.Int[1, 20])
        .Select((a, b, step) => new IntRange(Math.Min(a, b), Math.Max(a, b), step));

    private static readonly Gen<IntRange> NotEmpty = Any.Where(r => Values(r).Length > 0);

    [Fact]
    public void Should_hold_the_multiples_of_its_step() => Any.Sample(r =>
    {
        var values = Values(r);
        Assert.Equal(values.Length, r.Count);
        Assert.Equal(values, Enumerable.Range(0, 100).Where(r.Contains));
        Assert.Equal(values, Enumerable.Range(0, r.Count).Select(r.At));
        if (values.Length > 0)
        {
            Assert.Equal((values[0], values[^1]), (r.First, r.Last));
        }
    }, iter: 2_000);

    [Fact]
    public void Should_find_the_nearest_value() => Gen.Select(NotEmpty, Gen.Int[-200, 1_000]).Sample((r, tenths) =>
    {
        var wanted = tenths / 8.0;
        var nearest = r.Nearest(wanted);
        var distance = Values(r).Min(v => Math.Abs(v - wanted));
        var ties = Values(r).Where(v => Math.Abs(v - wanted) == distance).ToArray();
        Assert.Contains(nearest, ties);
        Assert.True(ties.Length == 1 || nearest / r.Step % 2 == 0);
    }, iter: 5_000);

    [Fact]
    public void Should_narrow_to_what_both_allow_or_to_the_nearest_value() => Gen.Select(NotEmpty, Gen.Double[0, 80], Gen.Double[0, 80])
        .Sample((r, a, b) =>
        {
            var (low, high) = (Math.Min(a, b), Math.Max(a, b));
            var narrowed = Values(r.Within(low, high));
            var both = Values(r).Where(v => v >= low && v <= high).ToArray();
            if (both.Length > 0)
            {
                Assert.Equal(both, narrowed);
                return;
            }

            Assert.Equal(Values(r).Min(v => Math.Max(low - v, v - high)), Math.Max(low - narrowed.Single(), narrowed.Single() - high));
        }, iter: 5_000);

    [Fact]
    public void Should_be_empty_where_no_multiple_lies_between_its_ends()
    {
        Assert.Equal(0, new IntRange(9, 15, 8).Count);
        Assert.False(new IntRange(9, 15, 8).Contains(12));
    }

    private static int[] Values(IntRange range) =>
        [.. Enumerable.Range(range.Minimum, range.Maximum - range.Minimum + 1).Where(v => v % range.Step == 0)];
}
