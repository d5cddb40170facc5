using ZenNas.Torch;
using ZenNas.Training.Kernels;

namespace ZenNas.Training.Lanes;

/// <summary>
/// Batch normalisation over the pictures of all lanes (Ioffe and Szegedy, 2015). With x̂ = (x − mean)/σ and y = γx̂ + β, the gradient of x is
/// γ/σ · (g − mean of g − x̂ · mean of gx̂).
/// </summary>
/// <typeparam name="TFormat">Number format of the maps.</typeparam>
internal sealed unsafe class NormNode<TFormat>
    where TFormat : struct, IMapFormat
{
    // What is gathered, summed up and read again should still be in the cache.
    private const int ElementsAtOnce = 1 << 15;

    private readonly TrainableNetwork _network;
    private readonly int _layer;
    private readonly (NormStatistics Forward, NormStatistics Backward) _shared;
    private readonly NormNumbers<TFormat> _numbers;
    private readonly double[] _sums;
    private readonly double[] _mean;
    private readonly double[] _variance;
    private readonly double[] _inverseDeviation;

    /// <param name="network">Scales, shifts and running statistics.</param>
    /// <param name="layer">Position of the batch normalisation.</param>
    /// <param name="shared">Sums that the lanes share, of the maps and of the gradients.</param>
    /// <param name="numbers">Place for numbers of this lane.</param>
    public NormNode(TrainableNetwork network, int layer, (NormStatistics Forward, NormStatistics Backward) shared, NormNumbers<TFormat> numbers)
    {
        (_network, _layer, _shared, _numbers) = (network, layer, shared, numbers);
        var channels = network.Network.Layers[layer].OutChannels;
        (_sums, _mean, _variance, _inverseDeviation) = (new double[2 * channels + 1], new double[channels], new double[channels], new double[channels]);
    }

    /// <summary>Sets scale and shift by the statistics of the batch, and updates the running ones.</summary>
    /// <param name="map">What is normalised.</param>
    /// <param name="shape">Its shape in this lane.</param>
    /// <param name="lane">Number of the lane.</param>
    /// <param name="meet">Waits for the others.</param>
    public void Measure(byte* map, in RowShape shape, int lane, Action meet)
    {
        MeasureLane(map, shape, _shared.Forward.Of(lane));
        meet();
        var rows = _shared.Forward.Combine(_mean, _variance);
        for (var c = 0; c < _mean.Length; c++)
        {
            _inverseDeviation[c] = 1 / Math.Sqrt(_variance[c] + _network.Epsilon);
        }

        float[] scale = [.. Parameter(_network.Layout.Weights)], shift = [.. Parameter(_network.Layout.Biases)];
        _numbers.Scale.Set(c => scale[c] * _inverseDeviation[c]);
        _numbers.Shift.Set(c => shift[c] - _mean[c] * scale[c] * _inverseDeviation[c]);
        if (lane == 0)
        {
            UpdateRunning(_network.Layout.Means, _mean, 1);
            UpdateRunning(_network.Layout.Variances, _variance, rows / Math.Max(1, rows - 1));
        }
    }

    /// <summary>Replaces the output's gradient by the map's, or writes that elsewhere.</summary>
    /// <param name="gradient">Gradient of the output; with <paramref name="gathers"/> it is completed in place.</param>
    /// <param name="second">Another addend of it; null for none.</param>
    /// <param name="output">Output of the ReLU; null where there is none.</param>
    /// <param name="map">What was normalised.</param>
    /// <param name="result">Where the map's gradient goes; may be <paramref name="gradient"/>.</param>
    /// <param name="shape">Shape of all.</param>
    /// <param name="gathers">Whether the gradient has to be completed: there is a second addend, or something was added before the ReLU.</param>
    /// <param name="lane">The lane.</param>
    /// <param name="meet">Waits for the others.</param>
    public void PassBack(
        byte* gradient, byte* second, byte* output, byte* map, byte* result, in RowShape shape, bool gathers, Lane lane, Action meet)
    {
        var isGated = output != null && !gathers;
        _numbers.Centre.Set(c => _mean[c]);
        var totals = _shared.Backward.Of(lane.Number);
        Array.Clear(totals);
        totals[^1] = shape.Rows;
        fixed (double* sums = totals)
        {
            long atOnce = Math.Max(1, ElementsAtOnce / shape.Span), first = 0;
            do
            {
                var part = shape.Part(first, atOnce);
                var start = (nint)(first * shape.Span) * TFormat.Size;
                if (gathers)
                {
                    ChannelKernels<TFormat>.Gather(gradient + start, At(second, start), At(output, start), part.Elements);
                }

                if (isGated)
                {
                    ChannelKernels<TFormat>.Accumulate<PositiveGate>(gradient + start, map + start, part, _numbers, sums);
                }
                else
                {
                    ChannelKernels<TFormat>.Accumulate<OpenGate>(gradient + start, map + start, part, _numbers, sums);
                }

                first += atOnce;
            }
            while (first < shape.Spans);
        }

        meet();
        SetFactors(lane);
        if (isGated)
        {
            ChannelKernels<TFormat>.Backward<PositiveGate>(gradient, map, result, shape, _numbers);
        }
        else
        {
            ChannelKernels<TFormat>.Backward<OpenGate>(gradient, map, result, shape, _numbers);
        }
    }

    /// <summary>Means and sums of squared deviations of a lane, summed up around the first row, which is near enough to the means that squares don't cancel.</summary>
    private void MeasureLane(byte* map, in RowShape shape, double[] totals)
    {
        var first = new float[shape.Channels];
        for (var c = 0; c < first.Length; c++)
        {
            first[c] = TFormat.LoadOne(map, c);
        }

        _numbers.Centre.Set(c => first[c]);
        Array.Clear(totals);
        totals[^1] = shape.Rows;
        fixed (double* sums = totals)
        {
            ChannelKernels<TFormat>.Accumulate<MapItself>(null, map, shape, _numbers, sums);
        }

        for (var c = 0; c < first.Length; c++)
        {
            var offset = totals[c] / shape.Rows;
            totals[first.Length + c] = Math.Max(0, totals[first.Length + c] - offset * totals[c]);
            totals[c] = first[c] + offset;
        }
    }

    private void SetFactors(Lane lane)
    {
        _shared.Backward.AddUp(_sums);
        var (channels, rows) = (_mean.Length, _sums[^1]);
        float[] scale = [.. Parameter(_network.Layout.Weights)];
        double[] ofGradient = new double[channels], ofMap = new double[channels], constant = new double[channels];
        var scaleGradient = TrainableNetwork.Numbers(lane.Gradient, _network.Layout.Weights[_layer]!.Value);
        var shiftGradient = TrainableNetwork.Numbers(lane.Gradient, _network.Layout.Biases[_layer]!.Value);
        for (var c = 0; c < channels; c++)
        {
            // The centre of the sums was the mean in single precision.
            var (sum, product) = (_sums[c], _sums[channels + c] + ((float)_mean[c] - _mean[c]) * _sums[c]);
            var inverse = _inverseDeviation[c];
            ofGradient[c] = scale[c] * inverse;
            ofMap[c] = -scale[c] * inverse * inverse * inverse * product / rows;
            constant[c] = -ofGradient[c] * sum / rows - ofMap[c] * _mean[c];
            if (lane.Number == 0)
            {
                (scaleGradient[c], shiftGradient[c]) = ((float)(product * inverse), (float)sum);
            }
        }

        _numbers.GradientFactor.Set(c => ofGradient[c]);
        _numbers.MapFactor.Set(c => ofMap[c]);
        _numbers.Constant.Set(c => constant[c]);
    }

    private Span<float> Parameter(Part?[] parts) => TrainableNetwork.Numbers(_network.Parameters, parts[_layer]!.Value);

    private Span<float> Running(Part?[] parts) => TrainableNetwork.Numbers(_network.Statistics, parts[_layer]!.Value);

    private void UpdateRunning(Part?[] parts, double[] values, double factor)
    {
        var running = Running(parts);
        for (var c = 0; c < running.Length; c++)
        {
            running[c] = (float)((1 - _network.Momentum) * running[c] + _network.Momentum * factor * values[c]);
        }
    }

    private static byte* At(byte* map, nint start) => map == null ? null : map + start;
}
