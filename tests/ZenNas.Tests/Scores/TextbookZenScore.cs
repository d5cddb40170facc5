using ZenNas.Architectures;
using ZenNas.Scores;

namespace ZenNas.Tests.Scores;

/// <summary>
/// The recursion as it is printed: every tap is a loop, every layer takes a logarithm, the correlation comes from integration. Reads
/// blocks, not layers. The moments of a max pool have tests of their own and are taken from there.
/// </summary>
internal sealed class TextbookZenScore
{
    private const double ReluSquaredMean = 1 / (2 * Math.PI);
    private const double ReluVariance = 0.5 - ReluSquaredMean;
    private double _score;
    private int _channels;
    private int _size;

    // Of what the next layer reads: variance, squared mean, 1 − correlation.
    private double _u = 1;
    private double _m2;
    private double _e;

    // 1 − correlation before the last ReLU, and E[(f(x) − f(x'))²] after it or after a pool.
    private double _eBeforeRelu;
    private double _squaredDifference;

    private TextbookZenScore(Architecture architecture, double alpha)
    {
        _e = 1 - 1 / Math.Sqrt(1 + alpha * alpha);
        (_channels, _size) = (architecture.InputChannels, architecture.Resolution);
        foreach (var block in architecture.Blocks)
        {
            for (var repeat = 0; repeat < block.Repeats; repeat++)
            {
                Walk(block, repeat == 0 ? block.Stride : 1);
            }
        }

        _score += Math.Log(Math.Sqrt(_channels * (double)_size * _size * _squaredDifference));
    }

    public static double Of(Architecture architecture, double alpha = 0.01) => new TextbookZenScore(architecture, alpha)._score;

    private void Walk(Block block, int stride)
    {
        switch (block)
        {
            case ConvolutionBlock:
                Convolve(block.Kernel, block.Width, stride, _channels);
                break;
            case BasicBlock b:
                Convolve(b.Kernel, b.BottleneckWidth, stride, _channels);
                Convolve(b.Kernel, b.Width, 1, _channels);
                break;
            case BottleneckBlock b:
                for (var unit = 0; unit < b.UnitsPerRepeat; unit++)
                {
                    Convolve(1, b.BottleneckWidth, 1, _channels);
                    Convolve(b.Kernel, b.BottleneckWidth, unit == 0 ? stride : 1, b.GroupWidth ?? b.BottleneckWidth);
                    Convolve(1, b.Width, 1, b.BottleneckWidth);
                }

                break;
            case InvertedBottleneckBlock b:
                Convolve(1, b.DepthwiseWidth(b.BottleneckWidth), 1, _channels);
                Convolve(b.Kernel, _channels, stride, 1);
                Convolve(1, b.BottleneckWidth, 1, _channels);
                Convolve(1, b.DepthwiseWidth(b.Width), 1, _channels);
                Convolve(b.Kernel, _channels, 1, 1);
                Convolve(1, b.Width, 1, _channels);
                break;
            default:
                Pool(block.Kernel, stride);
                break;
        }
    }

    /// <summary>A convolution whose outputs each see <paramref name="fanIn"/> channels, batch normalisation, ReLU.</summary>
    private void Convolve(int kernel, int width, int stride, int fanIn)
    {
        var outSize = OutSize(stride);
        var q = new double[kernel];
        for (var tap = 0; tap < kernel; tap++)
        {
            for (var output = 0; output < outSize; output++)
            {
                var input = output * stride + tap - (kernel - 1) / 2;
                q[tap] += input >= 0 && input < _size ? 1.0 / outSize : 0;
            }
        }

        double variance = 0;
        for (var row = 0; row < kernel; row++)
        {
            for (var column = 0; column < kernel; column++)
            {
                var share = q[row] * q[column];
                variance += fanIn * (_u * share + _m2 * share * (1 - share));
            }
        }

        _score += Math.Log(Math.Sqrt(variance));
        _eBeforeRelu = _e;
        var half = Quadrature.HalfSquaredDifferenceOfRelus(_e);
        _squaredDifference = 2 * half;
        (_u, _m2, _e) = (ReluVariance, ReluSquaredMean, half / ReluVariance);
        (_channels, _size) = (width, outSize);
    }

    private void Pool(int kernel, int stride)
    {
        var moments = MaxPoolMoments.Of(kernel, stride, _size);
        _squaredDifference = moments.SquaredDifference(_eBeforeRelu);
        (_u, _m2, _e) = (moments.Variance, moments.Mean * moments.Mean, _squaredDifference / (2 * moments.Variance));
        _size = OutSize(stride);
    }

    private int OutSize(int stride)
    {
        var outSize = 0;
        for (var position = 0; position < _size; position += stride)
        {
            outSize++;
        }

        return outSize;
    }
}
