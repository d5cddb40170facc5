namespace ZenNas.Bench.Measuring;

/// <summary>A straight line fitted by least squares.</summary>
/// <param name="Intercept">Value at 0.</param>
/// <param name="Slope">Slope.</param>
/// <param name="SlopeError">Standard error of the slope.</param>
internal readonly record struct LineFit(double Intercept, double Slope, double SlopeError)
{
    /// <summary>Fits at least three points.</summary>
    public static LineFit Of(IReadOnlyList<double> x, IReadOnlyList<double> y)
    {
        double meanX = x.Average(), meanY = y.Average();
        double sxx = 0, sxy = 0, squares = 0;
        for (var i = 0; i < x.Count; i++)
        {
            sxx += (x[i] - meanX) * (x[i] - meanX);
            sxy += (x[i] - meanX) * (y[i] - meanY);
        }

        var slope = sxy / sxx;
        var intercept = meanY - slope * meanX;
        for (var i = 0; i < x.Count; i++)
        {
            var residual = y[i] - intercept - slope * x[i];
            squares += residual * residual;
        }

        return new LineFit(intercept, slope, Math.Sqrt(squares / (x.Count - 2) / sxx));
    }
}
