namespace ZenNas.Data.Augmentation;

/// <summary>
/// Weights of bicubic resampling along one axis: the cubic convolution kernel with a = −½ (Keys, 1981), stretched over the source where
/// the picture gets smaller, so that nothing is passed over. In fixed point with <see cref="FractionBits"/>, since pixels have 8 bits and sums sign and carry.
/// </summary>
internal sealed class AxisWeights
{
    public const int FractionBits = 32 - 8 - 2;
    private const double A = -0.5;
    private const double Radius = 2;

    private int _taps;
    private int[] _first = [];
    private int[] _counts = [];
    private int[] _weights = [];
    private double[] _exact = [];

    /// <summary>First source pixel that the first target pixel needs.</summary>
    public int Begin => _first[0];

    /// <summary>Behind the last source pixel that one of the target pixels needs.</summary>
    public int End { get; private set; }

    /// <summary>First source pixel that a target pixel needs.</summary>
    public int First(int target) => _first[target];

    /// <summary>Weights of the source pixels from the first on.</summary>
    public ReadOnlySpan<int> Of(int target) => _weights.AsSpan(target * _taps, _counts[target]);

    /// <summary>Computes the weights for resizing from one length to another, for some of the target pixels alone.</summary>
    public void Compute(int sourceLength, int targetLength, int windowBegin, int windowLength)
    {
        var scale = (double)sourceLength / targetLength;
        var stretch = Math.Max(1, scale);
        var support = Radius * stretch;
        _taps = 2 * (int)Math.Ceiling(support) + 1;
        Grow(windowLength);
        for (var i = 0; i < windowLength; i++)
        {
            var centre = (windowBegin + i + 0.5) * scale;
            var begin = Math.Max(0, (int)(centre - support + 0.5));
            var end = Math.Min(sourceLength, (int)(centre + support + 0.5));
            (_first[i], _counts[i], End) = (begin, end - begin, end);
            double sum = 0;
            for (var t = 0; t < end - begin; t++)
            {
                sum += _exact[t] = Kernel((begin + t - centre + 0.5) / stretch);
            }

            for (var t = 0; t < end - begin; t++)
            {
                _weights[i * _taps + t] = (int)Math.Round(_exact[t] / sum * (1 << FractionBits), MidpointRounding.AwayFromZero);
            }
        }
    }

    public static double Kernel(double distance)
    {
        var x = Math.Abs(distance);
        return x switch
        {
            < 1 => ((A + 2) * x - (A + 3)) * x * x + 1,
            < Radius => (((x - 5) * x + 8) * x - 4) * A,
            _ => 0,
        };
    }

    private void Grow(int windowLength)
    {
        if (_first.Length < windowLength)
        {
            (_first, _counts) = (new int[windowLength], new int[windowLength]);
        }

        if (_weights.Length < windowLength * _taps)
        {
            _weights = new int[windowLength * _taps];
        }

        if (_exact.Length < _taps)
        {
            _exact = new double[_taps];
        }
    }
}
