namespace ZenNas.Correlation;

/// <summary>Pearson's correlation of repeated rows.</summary>
internal static class ProductMoment
{
    /// <summary>
    /// Two passes, means first, over differences from the first drawn row: accurate where values are large against their spread.
    /// </summary>
    /// <param name="x">Values below 10⁷⁰ in magnitude, so that no product of squares overflows.</param>
    /// <param name="y">Likewise.</param>
    /// <param name="times">How many times each row counts.</param>
    /// <returns>In [−1, 1]; NaN where one side is constant or nothing was drawn.</returns>
    public static double Of(ReadOnlySpan<double> x, ReadOnlySpan<double> y, ReadOnlySpan<int> times)
    {
        var first = times.IndexOfAnyExcept(0);
        if (first < 0)
        {
            return double.NaN;
        }

        var (originX, originY) = (x[first], y[first]);
        double count = 0, sumX = 0, sumY = 0;
        // Constant by comparison, not by a zero sum of squares: the mean of equal values may be rounded.
        bool variesX = false, variesY = false;
        for (var i = first; i < x.Length; i++)
        {
            if (times[i] == 0)
            {
                continue;
            }

            count += times[i];
            sumX += times[i] * (x[i] - originX);
            sumY += times[i] * (y[i] - originY);
            variesX |= x[i] != originX;
            variesY |= y[i] != originY;
        }

        if (!variesX || !variesY)
        {
            return double.NaN;
        }

        var (meanX, meanY) = (sumX / count, sumY / count);
        double xx = 0, yy = 0, xy = 0;
        for (var i = first; i < x.Length; i++)
        {
            var dx = x[i] - originX - meanX;
            var dy = y[i] - originY - meanY;
            xx += times[i] * dx * dx;
            yy += times[i] * dy * dy;
            xy += times[i] * dx * dy;
        }

        // A spread far below the largest value, which a resample may have left out, can vanish when squared.
        var squares = xx * yy;
        return squares > 0 ? Math.Clamp(xy / Math.Sqrt(squares), -1, 1) : double.NaN;
    }
}
