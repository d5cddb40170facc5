using ZenNas.Correlation;
using ZenNas.Tests.Search;

namespace ZenNas.Tests.Correlation;

/// <summary>Rows of normal variables of known correlation with a common one.</summary>
internal static class NormalPairs
{
    /// <summary>y and, for each correlation, an x; the x are independent of each other given y.</summary>
    public static (double[] Y, double[][] X) Draw(ulong seed, int rows, params double[] correlations)
    {
        var numbers = new NormalNumbers(seed);
        double[] y = [.. Enumerable.Range(0, rows).Select(_ => numbers.Next())];
        return (y, [.. correlations.Select(r => y.Select(v => r * v + Math.Sqrt(1 - r * r) * numbers.Next()).ToArray())]);
    }

    /// <summary>The statistic of the whole distribution.</summary>
    public static double Truth(Statistic statistic, double correlation) => statistic switch
    {
        Statistic.Kendall => 2 / Math.PI * Math.Asin(correlation),
        Statistic.Spearman => 6 / Math.PI * Math.Asin(correlation / 2),
        _ => correlation,
    };
}
