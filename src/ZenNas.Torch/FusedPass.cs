using ZenNas.Architectures;
using static TorchSharp.torch;

namespace ZenNas.Torch;

/// <summary>
/// Both forward passes of Algorithm 1 on the CPU, side by side through each layer: convolutions by torch on channels-last maps, batch
/// normalisation and ReLU fused.
/// </summary>
internal static class FusedPass
{
    /// <summary>Runs the passes and returns Δ and, per convolution, the mean variance of both.</summary>
    public static PassResult Run(VanillaNetwork network, ulong seed, MeasurementOptions options) =>
        options.Precision == Precision.Fp32
            ? Run<Float32Format>(network, seed, options, ScalarType.Float32)
            : Run<BFloat16Format>(network, seed, options, ScalarType.BFloat16);

    private static PassResult Run<TFormat>(VanillaNetwork network, ulong seed, MeasurementOptions options, ScalarType type)
        where TFormat : struct, IMapFormat
    {
        using var noGradient = inference_mode();
        using var random = new RandomTensors(seed, CPU, type);
        var variances = new List<LayerVariance>(network.Layers.Length);
        var map = random.Inputs(network, options.BatchSize, options.Alpha);
        foreach (var layer in network.Layers)
        {
            using var input = map;
            map = layer.Kind == VanillaKind.MaxPool ? Pool(input, layer) : Convolve(input, layer, random);
            if (layer.Kind == VanillaKind.Convolution)
            {
                variances.Add(Normalise<TFormat>(map, layer, options.BatchSize));
            }
        }

        using (map)
        {
            return new PassResult(Norm<TFormat>(map, network.Layers[^1], options), variances);
        }
    }

    private static Tensor Convolve(Tensor map, VanillaLayer layer, RandomTensors random)
    {
        using var weights = random.Weights(layer);
        using var channelsFirst = map.permute(0, 3, 1, 2);
        var padding = (layer.Kernel - 1) / 2;
        using var output = nn.functional.conv2d(
            channelsFirst, weights, null, [layer.Stride, layer.Stride], [padding, padding], [1, 1], layer.Groups);
        return ChannelsLast(output);
    }

    private static Tensor Pool(Tensor map, VanillaLayer layer)
    {
        using var channelsFirst = map.permute(0, 3, 1, 2);
        var padding = (layer.Kernel - 1) / 2;
        using var output = nn.functional.max_pool2d(
            channelsFirst, [layer.Kernel, layer.Kernel], [layer.Stride, layer.Stride], [padding, padding]);
        return ChannelsLast(output);
    }

    private static Tensor ChannelsLast(Tensor output)
    {
        using var permuted = output.permute(0, 2, 3, 1);
        return permuted.contiguous();
    }

    private static unsafe LayerVariance Normalise<TFormat>(Tensor map, VanillaLayer layer, int batchSize)
        where TFormat : struct, IMapFormat
    {
        var rows = (long)batchSize * layer.OutSize * layer.OutSize;
        fixed (byte* start = map.bytes)
        {
            var clean = FusedBatchNorm<TFormat>.Apply(start, rows, layer.OutChannels, layer.Relu);
            var perturbed = FusedBatchNorm<TFormat>.Apply(
                start + rows * layer.OutChannels * TFormat.Size, rows, layer.OutChannels, layer.Relu);
            return new LayerVariance(clean, perturbed, rows);
        }
    }

    private static unsafe double Norm<TFormat>(Tensor map, VanillaLayer last, MeasurementOptions options)
        where TFormat : struct, IMapFormat
    {
        fixed (byte* start = map.bytes)
        {
            return DifferenceNorm<TFormat>.Of(
                start, options.BatchSize, (long)last.OutChannels * last.OutSize * last.OutSize, options.Convention);
        }
    }
}
