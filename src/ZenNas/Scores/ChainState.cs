using ZenNas.Architectures;

namespace ZenNas.Scores;

/// <summary>What is carried along a vanilla chain: moments of features, their fluctuations, correlations of channels, and what became of the perturbation.</summary>
internal struct ChainState
{
    private EnergyFluctuations _energy;

    // Moments of the features that the next convolution reads.
    private double _variance = 1;
    private double _squaredMean;

    // Mean squared correlation of two channels, and mean product with that of their perturbations, before the rectifier.
    private double _pairs;
    private double _perturbedPairs;

    private double _decorrelation;
    private double _beforeRectifier;
    private Features _features = Features.Input;

    /// <param name="decorrelation">1 − correlation of an image with its perturbed copy.</param>
    /// <param name="batchSize">Images of a batch.</param>
    public ChainState(double decorrelation, int batchSize) => (_decorrelation, _energy) = (decorrelation, new EnergyFluctuations(batchSize));

    private enum Features
    {
        Input,
        Linear,
        Rectified,
        Pooled,
    }

    /// <summary>Mean squared difference of a feature of x and of x + αε.</summary>
    public readonly double SquaredDifference => 2 * _variance * _decorrelation;

    /// <summary>Passes a convolution, its batch normalisation, and the ReLU behind it.</summary>
    /// <returns>σ̄², the variance that the batch normalisation divides by.</returns>
    public double Convolve(in VanillaLayer layer)
    {
        var variance = _variance * layer.TapSum + _squaredMean * layer.TapSpread;
        double channels = layer.InChannels / layer.Groups, taps = layer.Kernel * layer.Kernel;
        if (_features is Features.Rectified or Features.Pooled)
        {
            _energy.Rectify(channels, _pairs, mixesPositions: layer.Groups == 1 && layer.Kernel > 1);
        }

        Mix(channels, taps, layer.Groups == 1);
        _energy.Average(layer, mixes: layer.Groups == 1, seesPadding: _squaredMean > 0);

        if (layer.Groups == 1)
        {
            // Channels that vary less carry more of the perturbation, once both are normalised.
            _decorrelation = Math.Min(1, _decorrelation * (1 + 2 * (_pairs - _perturbedPairs)));
        }

        if (!layer.Relu)
        {
            (_variance, _squaredMean, _features) = (1, 0, Features.Linear);
            return variance;
        }

        _squaredMean = ReluMoments.MeanSquared / Math.Sqrt(Math.Sqrt(1 + _energy.Common + _energy.Own));
        _variance = 0.5 - _squaredMean;
        (_beforeRectifier, _features) = (_decorrelation, Features.Rectified);
        _decorrelation = Math.Min(1, ReluMoments.HalfSquaredDifference(_decorrelation) / _variance);
        return variance;
    }

    /// <summary>Passes a max pool behind a ReLU.</summary>
    public void Pool(in VanillaLayer layer)
    {
        var moments = MaxPoolMoments.Of(layer.Kernel, layer.Stride, layer.InSize);
        _energy.Average(layer, mixes: true, seesPadding: false);
        _decorrelation = moments.SquaredDifference(_beforeRectifier) / (2 * moments.Variance);
        (_variance, _squaredMean, _features) = (moments.Variance, moments.Mean * moments.Mean, Features.Pooled);
    }

    /// <summary>Participation of the patch's covariance, Σ cov²/(Σ var)², by itself and with that of the perturbation.</summary>
    private void Mix(double channels, double taps, bool mixes)
    {
        var (own, together) = _features switch
        {
            Features.Input => (0.0, 0.0),
            Features.Linear => (_pairs, _perturbedPairs),
            _ => (ReluMoments.LinearShare * ReluMoments.LinearShare * _pairs, 0.5 * ReluMoments.LinearShare * _perturbedPairs),
        };
        (_pairs, _perturbedPairs) = mixes
            ? ((1 / channels + own) / taps, (1 / channels + together) / taps)
            : (_pairs / taps, _perturbedPairs / taps);
    }
}
