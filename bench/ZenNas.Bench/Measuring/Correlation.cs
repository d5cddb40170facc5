using ZenNas.Search;

namespace ZenNas.Bench.Measuring;

/// <summary>How two series go together.</summary>
internal static class Correlation
{
    private const int Resamples = 1000;

    public static double Pearson(IReadOnlyList<double> x, IReadOnlyList<double> y)
    {
        double meanX = x.Average(), meanY = y.Average();
        double sxx = 0, syy = 0, sxy = 0;
        for (var i = 0; i < x.Count; i++)
        {
            sxx += (x[i] - meanX) * (x[i] - meanX);
            syy += (y[i] - meanY) * (y[i] - meanY);
            sxy += (x[i] - meanX) * (y[i] - meanY);
        }

        return sxy / Math.Sqrt(sxx * syy);
    }

    /// <summary>Kendall's τ-b, which allows for ties.</summary>
    public static double KendallTauB(IReadOnlyList<double> x, IReadOnlyList<double> y)
    {
        long difference = 0, untiedX = 0, untiedY = 0;
        for (var i = 0; i < x.Count; i++)
        {
            for (var j = 0; j < i; j++)
            {
                var (signX, signY) = (Math.Sign(x[i] - x[j]), Math.Sign(y[i] - y[j]));
                difference += signX * signY;
                untiedX += signX * signX;
                untiedY += signY * signY;
            }
        }

        return difference / Math.Sqrt((double)untiedX * untiedY);
    }

    /// <summary>95 % bootstrap interval of a correlation.</summary>
    public static (double Low, double High) Interval(
        IReadOnlyList<double> x, IReadOnlyList<double> y, Func<IReadOnlyList<double>, IReadOnlyList<double>, double> correlation)
    {
        var values = new double[Resamples];
        for (var resample = 0; resample < Resamples; resample++)
        {
            var random = new StepRandom(1, (ulong)resample);
            var indices = new int[x.Count];
            for (var i = 0; i < indices.Length; i++)
            {
                indices[i] = random.Next(x.Count);
            }

            values[resample] = correlation([.. indices.Select(i => x[i])], [.. indices.Select(i => y[i])]);
        }

        var sample = new Sample(values.Where(double.IsFinite));
        return (sample.Quantile(0.025), sample.Quantile(0.975));
    }
}
