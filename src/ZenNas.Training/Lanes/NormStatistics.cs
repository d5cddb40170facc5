namespace ZenNas.Training.Lanes;

/// <summary>Numbers over the pictures of all lanes, which every lane puts together in the same order, so that all get the same.</summary>
internal sealed class NormStatistics
{
    private readonly double[][] _totals;

    /// <param name="lanes">Lanes.</param>
    /// <param name="channels">Channels.</param>
    public NormStatistics(int lanes, int channels) => _totals = [.. Enumerable.Range(0, lanes).Select(_ => new double[2 * channels + 1])];

    /// <summary>A lane's own part: two numbers of each channel, then the number of rows.</summary>
    public double[] Of(int lane) => _totals[lane];

    /// <summary>
    /// Means and variances over all lanes, where each lane's part are its own means and sums of squared deviations from them (Chan, Golub and LeVeque, 1979);
    /// every lane has to have met the others before.
    /// </summary>
    /// <param name="mean">Means, written.</param>
    /// <param name="variance">Biased variances, written.</param>
    /// <returns>Number of rows.</returns>
    public double Combine(double[] mean, double[] variance)
    {
        var rows = _totals.Sum(totals => totals[^1]);
        for (var c = 0; c < mean.Length; c++)
        {
            double sum = 0, deviations = 0;
            foreach (var totals in _totals)
            {
                sum += totals[^1] * totals[c];
            }

            mean[c] = sum / rows;
            foreach (var totals in _totals)
            {
                deviations += totals[mean.Length + c] + totals[^1] * (totals[c] - mean[c]) * (totals[c] - mean[c]);
            }

            variance[c] = deviations / rows;
        }

        return rows;
    }

    /// <summary>The sum over lanes; every lane has to have met the others before.</summary>
    public void AddUp(double[] sums)
    {
        Array.Clear(sums);
        foreach (var totals in _totals)
        {
            for (var i = 0; i < sums.Length; i++)
            {
                sums[i] += totals[i];
            }
        }
    }
}
