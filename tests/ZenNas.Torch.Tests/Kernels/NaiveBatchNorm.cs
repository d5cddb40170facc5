namespace ZenNas.Torch.Tests.Kernels;

/// <summary>Batch normalisation as a textbook writes it, in double precision.</summary>
internal static class NaiveBatchNorm
{
    private const double Epsilon = 1e-3;

    /// <summary>Normalised map and the mean over channels of the biased variance.</summary>
    public static (double[] Map, double Variance) Apply(float[] map, int rows, int channels, bool relu)
    {
        var normalised = new double[rows * channels];
        double variances = 0;
        for (var c = 0; c < channels; c++)
        {
            double mean = 0, variance = 0;
            for (var row = 0; row < rows; row++)
            {
                mean += (double)map[row * channels + c] / rows;
            }

            for (var row = 0; row < rows; row++)
            {
                variance += Math.Pow(map[row * channels + c] - mean, 2) / rows;
            }

            variances += variance / channels;
            for (var row = 0; row < rows; row++)
            {
                var value = (map[row * channels + c] - mean) / Math.Sqrt(variance + Epsilon);
                normalised[row * channels + c] = relu ? Math.Max(0, value) : value;
            }
        }

        return (normalised, variances);
    }
}
