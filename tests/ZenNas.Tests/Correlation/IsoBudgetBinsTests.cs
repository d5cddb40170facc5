using CsCheck;
using ZenNas.Correlation;

namespace ZenNas.Tests.Correlation;

public sealed class IsoBudgetBinsTests
{
    private static readonly Gen<(double[] Costs, int Count, int Minimum)> Any = Gen.Select(Gen.Int[1, 60], Gen.Int[1, 60]).SelectMany(
        (rows, levels) => Gen.Select(Gen.Int[1, levels].Array[rows], Gen.Int[1, 12], Gen.Int[1, 8],
            (costs, count, minimum) => (costs.Select(c => c * 1e6).ToArray(), count, minimum)));

    [Fact]
    public void Should_hold_every_row_once_in_order_of_cost() => Any.Sample(a =>
    {
        var bins = IsoBudgetBins.Split(a.Costs, a.Count, a.Minimum);
        Assert.InRange(bins.Length, 1, a.Count);
        Assert.Equal(Enumerable.Range(0, a.Costs.Length), bins.SelectMany(b => b.Rows).Order());
        Assert.All(bins, b => Assert.Equal(b.Rows.Order(), b.Rows));
        Assert.All(bins, b => Assert.Equal((b.LowestCost, b.HighestCost), (b.Rows.Min(r => a.Costs[r]), b.Rows.Max(r => a.Costs[r]))));
        // Strictly: equal costs are never in two bins.
        Assert.All(bins.Zip(bins[1..]), p => Assert.True(p.First.HighestCost < p.Second.LowestCost));
        Assert.True(bins.Length == 1 || bins.All(b => b.Rows.Length >= a.Minimum));
    }, iter: 3_000);

    [Fact]
    public void Should_be_of_equal_size_where_costs_differ() => Gen.Int[1, 200].Select(Gen.Int[1, 12]).Sample((rows, count) =>
    {
        double[] costs = [.. Enumerable.Range(0, rows).Select(i => 1.0 + i * 37 % 211)];
        var sizes = IsoBudgetBins.Split(costs, count).Select(b => b.Rows.Length).ToArray();
        Assert.Equal(Math.Max(1, Math.Min(count, rows / IsoBudgetBins.DefaultMinimumRows)), sizes.Length);
        Assert.InRange(sizes.Max() - sizes.Min(), 0, 1);
    }, iter: 500);

    [Fact]
    public void Should_be_fewer_where_few_costs_differ()
    {
        double[] costs = [5, 5, 5, 5, 9, 9, 9, 9, 5, 9];
        var bins = IsoBudgetBins.Split(costs, 5, minimumRows: 1);
        Assert.Equal(["0 1 2 3 8", "4 5 6 7 9"], bins.Select(b => string.Join(' ', b.Rows)));
        Assert.Single(IsoBudgetBins.Split([3, 3, 3, 3, 3, 3, 3, 3], 4));
    }

    [Fact]
    public void Should_join_a_small_bin_to_its_smaller_neighbour()
    {
        // Fifths of 20 rows: 7 of cost 1, one of cost 2, 4 of cost 3, 8 of cost 4.
        double[] costs = [.. Enumerable.Repeat(1.0, 7), 2, .. Enumerable.Repeat(3.0, 4), .. Enumerable.Repeat(4.0, 8)];
        Assert.Equal([(1, 1), (2, 3), (4, 4)], IsoBudgetBins.Split(costs, 5).Select(b => (b.LowestCost, b.HighestCost)));
    }

    [Fact]
    public void Should_be_one_bin_of_few_rows_and_none_of_no_rows()
    {
        Assert.Single(IsoBudgetBins.Split([1, 2, 3], 5));
        Assert.Empty(IsoBudgetBins.Split([], 5));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Should_refuse_what_is_not_a_cost(double cost) => Assert.Throws<ArgumentException>(() => IsoBudgetBins.Split([1, cost], 2));

    [Fact]
    public void Should_refuse_numbers_below_one()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => IsoBudgetBins.Split([1, 2], 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => IsoBudgetBins.Split([1, 2], 1, 0));
    }
}
