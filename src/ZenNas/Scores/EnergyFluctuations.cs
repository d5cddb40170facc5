using System.Runtime.CompilerServices;
using ZenNas.Architectures;

namespace ZenNas.Scores;

/// <summary>
/// How much the energy of a feature map, the mean square of its channels at a position, differs from position to position and from image to image, as a relative variance. Every
/// convolution adds up few channels, so their own fluctuations remain, and averages over its window, which takes away those of short range.
/// Derivation: docs/finite-width.md.
/// </summary>
internal struct EnergyFluctuations
{
    private const int Ranges = 4;

    // Var((relu(z) − μ)²)/u² − 2 = κ₄/u²: what remains of a rectified channel besides what its covariance says.
    private const double FreshShare = (1.5 - 4 / Math.PI + 1.5 / Math.PI - 0.75 / (Math.PI * Math.PI)) / (ReluMoments.Variance * ReluMoments.Variance) - 3;

    // By how much that rises with the fluctuations of what is rectified.
    private const double FreshRise = 3;

    // Second Hermite coefficient of (relu(z) − μ)², squared, over u², less twice the square of the first one of relu: pairs of correlated channels.
    private const double PairShare = 2 - 2 * ReluMoments.LinearShare * ReluMoments.LinearShare;

    // A tap on padding carries the squared mean only.
    private const double PaddingShare = 1 - ReluMoments.MeanSquared / ReluMoments.Variance;

    // Measured, not derived: where a convolution mixes channels and positions, fluctuations grow by so much, until a quarter of the images holds all the energy.
    private const double Growth = 0.33;
    private const double LargestPerImage = 0.25;

    private readonly int _batchSize;
    private Buffer _powers;
    private Buffer _areas;
    private int _count;
    private double _long;

    /// <param name="batchSize">Images that share the statistics of a batch.</param>
    public EnergyFluctuations(int batchSize) => _batchSize = batchSize;

    /// <summary>Relative variance that all channels share.</summary>
    public double Common { get; private set; }

    /// <summary>Relative variance of single channels besides, behind a convolution that doesn't mix them.</summary>
    public double Own { get; private set; }

    /// <summary>Channels are rectified, then mixed.</summary>
    /// <param name="channels">Channels that an output reads.</param>
    /// <param name="pairs">Mean squared correlation of two different channels before the rectifier.</param>
    /// <param name="mixesPositions">Whether outputs read all channels at several positions.</param>
    public void Rectify(double channels, double pairs, bool mixesPositions)
    {
        var growth = mixesPositions ? 1 + Growth * Math.Max(0, 1 - Common / (LargestPerImage * _batchSize)) : 1;
        for (var i = 0; i < _count; i++)
        {
            _powers[i] *= growth;
        }

        _long *= growth;

        // One image of N that holds all energy is a variance of N − 1.
        Add((FreshShare + FreshRise * Math.Min(Common + Own, _batchSize)) / channels + PairShare * pairs);
    }

    /// <summary>The window of a convolution or pooling moves over the map.</summary>
    /// <param name="layer">Its geometry.</param>
    /// <param name="mixes">Whether outputs read all channels.</param>
    /// <param name="seesPadding">Whether padding differs from the map, as it does where features have a mean.</param>
    public void Average(in VanillaLayer layer, bool mixes, bool seesPadding)
    {
        // White noise under a window of k² taps has 1/k² of its variance, blurred noise of area A has 1/A.
        var widening = (double)layer.Kernel * layer.Kernel - 1;
        var thinning = 1.0 / (layer.Stride * layer.Stride);
        var positions = (double)layer.OutSize * layer.OutSize;
        double sum = 0, last = 0;
        for (var i = 0; i < _count; i++)
        {
            var area = 1 + (_areas[i] - 1 + widening) * thinning;
            _powers[i] *= area / (_areas[i] + widening);
            _areas[i] = area;
            last = _powers[i] / area + _powers[i] / positions;
            sum += last;
        }

        if (seesPadding && layer.Kernel > 1)
        {
            _long += PaddingShare * PaddingShare * CoverageVariance(layer);
        }

        Own = 0;
        if (!mixes && _count > 0)
        {
            Own = last;
            sum -= last;
            _count--;
        }

        Common = sum + _long;
    }

    private void Add(double power)
    {
        if (_count == Ranges)
        {
            // The two of longest range become one of the same power and variance.
            var power01 = _powers[0] + _powers[1];
            _areas[0] = power01 / (_powers[0] / _areas[0] + _powers[1] / _areas[1]);
            _powers[0] = power01;
            for (var i = 1; i < Ranges - 1; i++)
            {
                (_powers[i], _areas[i]) = (_powers[i + 1], _areas[i + 1]);
            }

            _count--;
        }

        (_powers[_count], _areas[_count]) = (power, 1);
        _count++;
    }

    /// <summary>Relative variance, over positions, of the number of taps inside the map.</summary>
    private static double CoverageVariance(in VanillaLayer layer)
    {
        var padding = (layer.Kernel - 1) / 2;
        double lost = 0, squares = 0;
        for (var i = 0; i < layer.OutSize && i * layer.Stride < padding; i++)
        {
            double left = padding - i * layer.Stride, right = Math.Max(0, (layer.OutSize - 1 - i) * layer.Stride + padding - (layer.InSize - 1));
            lost += left + right;
            squares += left * left + right * right;
        }

        var mean = layer.Kernel - lost / layer.OutSize;
        var variance = Math.Max(0, squares / layer.OutSize - Math.Pow(lost / layer.OutSize, 2)) / (mean * mean);
        return (2 + variance) * variance;
    }

    [InlineArray(Ranges)]
    private struct Buffer
    {
        private double _first;
    }
}
