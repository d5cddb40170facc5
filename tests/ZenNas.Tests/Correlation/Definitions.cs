using CsCheck;
using ZenNas.Correlation;

namespace ZenNas.Tests.Correlation;

/// <summary>The statistics by their definitions, pair by pair, and random columns to try them on.</summary>
internal static class Definitions
{
    public static readonly Gen<Statistic> AnyStatistic = Gen.Enum<Statistic>();

    /// <summary>Two columns of the same length, short and with many ties or none.</summary>
    public static readonly Gen<(double[] X, double[] Y)> Columns = Gen.Select(Gen.Int[0, 40], Gen.Int[1, 30], Gen.Int[1, 30]).SelectMany(
        (n, levelsX, levelsY) => Gen.Select(Gen.Int[1, levelsX].Array[n], Gen.Int[1, levelsY].Array[n],
            (x, y) => (x.Select(v => v / 4.0 - 3).ToArray(), y.Select(v => v * 1.5).ToArray())));

    public static double Of(Statistic statistic, double[] x, double[] y) => statistic switch
    {
        Statistic.Kendall => TauB(x, y),
        Statistic.Spearman => ProductMoment(Ranks(x), Ranks(y)),
        _ => ProductMoment(x, y),
    };

    public static (double Balance, double UntiedX, double UntiedY) Pairs(double[] x, double[] y)
    {
        double balance = 0, untiedX = 0, untiedY = 0;
        for (var i = 0; i < x.Length; i++)
        {
            for (var j = 0; j < i; j++)
            {
                var (signX, signY) = (x[i].CompareTo(x[j]), y[i].CompareTo(y[j]));
                balance += signX * signY;
                untiedX += signX * signX;
                untiedY += signY * signY;
            }
        }

        return (balance, untiedX, untiedY);
    }

    public static double[] Ranks(double[] values) =>
        [.. values.Select(v => values.Count(o => o < v) + (values.Count(o => o == v) + 1) / 2.0)];

    public static void AssertSame(double expected, double actual)
    {
        if (double.IsNaN(expected))
        {
            Assert.True(double.IsNaN(actual), $"{actual} should be undefined");
            return;
        }

        Assert.InRange(actual, -1, 1);
        Assert.Equal(expected, actual, tolerance: 1e-12);
    }

    private static double TauB(double[] x, double[] y)
    {
        var (balance, untiedX, untiedY) = Pairs(x, y);
        return balance / Math.Sqrt(untiedX * untiedY);
    }

    private static double ProductMoment(double[] x, double[] y)
    {
        if (x.Distinct().Count() < 2 || y.Distinct().Count() < 2)
        {
            return double.NaN;
        }

        var (meanX, meanY) = (x.Average(), y.Average());
        var products = x.Zip(y, (a, b) => (a - meanX) * (b - meanY)).Sum();
        return products / Math.Sqrt(x.Sum(a => (a - meanX) * (a - meanX)) * y.Sum(b => (b - meanY) * (b - meanY)));
    }
}
