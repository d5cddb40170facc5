using System.Collections.Immutable;

namespace ZenNas.Latency;

/// <summary>
/// Time of the kernels of one kind: ln ms = linear trend in ln MACs and ln elements + a Gaussian process of the shape. The process holds what
/// blocking, caches and threads do to the time; far from all samples it is 0 and the trend remains.
/// </summary>
internal sealed record KernelTimeModel(ImmutableArray<double> Trend, GaussianProcess Process, ImmutableArray<double> Lowest, ImmutableArray<double> Highest)
{
    // Runtimes pad channels to whole vectors, and compute several vectors of outputs at once.
    private const int VectorWidth = 16;
    private const int VectorsAtOnce = 4;
    private const double PaddingScale = 4;

    // A shape may exceed what was seen by 5 % before it counts as extrapolated.
    private const double Margin = 0.05;

    /// <summary>Milliseconds for a batch.</summary>
    public double Ms(in KernelShape shape)
    {
        Span<double> features = stackalloc double[FeatureCount];
        Write(shape, features);
        var trend = TrendTerms(shape);
        return Math.Exp(Trend[0] + Trend[1] * trend.Macs + Trend[2] * trend.Elements + Process.Predict(features));
    }

    /// <summary>Whether a feature lies outside what was profiled.</summary>
    public bool IsExtrapolated(in KernelShape shape)
    {
        Span<double> features = stackalloc double[FeatureCount];
        Write(shape, features);
        for (var i = 0; i < features.Length; i++)
        {
            if (features[i] < Lowest[i] - Margin || features[i] > Highest[i] + Margin)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Number of features.</summary>
    public const int FeatureCount = 14;

    /// <summary>Features of a kernel.</summary>
    public static ImmutableArray<double> Features(in KernelShape shape)
    {
        var features = new double[FeatureCount];
        Write(shape, features);
        return [.. features];
    }

    /// <summary>Logarithms of MACs and elements.</summary>
    public static (double Macs, double Elements) TrendTerms(in KernelShape shape) => (Math.Log(shape.Macs + 1), Math.Log(shape.Elements));

    private static void Write(in KernelShape shape, Span<double> features)
    {
        features[0] = Math.Log(shape.InChannels);
        features[1] = Math.Log(shape.OutChannels);
        features[2] = Math.Log(shape.OutSize);
        features[3] = Math.Log(shape.Kernel);
        features[4] = Math.Log(shape.Stride);
        features[5] = Math.Log(shape.Groups);
        features[6] = shape.Adds ? 1 : 0;
        features[7] = Padding(shape.InChannels, VectorWidth);
        features[8] = Padding(shape.OutChannels, VectorWidth);
        features[9] = Padding(shape.OutChannels, VectorsAtOnce * VectorWidth);

        // Sums of others, but lengths along them are lengths of caches and of work.
        features[10] = Math.Log(shape.Macs + 1);
        features[11] = Math.Log(shape.Weights + 1);
        features[12] = Math.Log((double)shape.InChannels * shape.InSize * shape.InSize);
        features[13] = Math.Log((double)shape.OutChannels * shape.OutSize * shape.OutSize);
    }

    /// <summary>What padding to a multiple adds, on a scale on which it may matter as much as doubling a width.</summary>
    private static double Padding(int channels, int multiple) => PaddingScale * Math.Log((double)((channels + multiple - 1) / multiple * multiple) / channels);
}
