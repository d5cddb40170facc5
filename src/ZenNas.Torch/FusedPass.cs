using ZenNas.Architectures;
using ZenNas.Scores;
using static TorchSharp.torch;

namespace ZenNas.Torch;

/// <summary>
/// Both forward passes of Algorithm 1 on the CPU, side by side through each layer: convolutions by torch on channels-last maps, batch
/// normalisation and ReLU fused.
/// </summary>
internal static class FusedPass
{
    /// <summary>Near the input the perturbation is small against bfloat16's rounding, which would count as perturbation too.</summary>
    public const int SinglePrecisionLayers = 2;

    /// <summary>Runs the passes and returns Δ and, per convolution, the mean variance of both.</summary>
    public static PassResult Run(VanillaNetwork network, ulong seed, ScoreSettings options)
    {
        using var noGradient = inference_mode();
        var random = new RandomTensors(seed, CPU);
        var variances = new List<LayerVariance>(network.Layers.Length);
        var map = random.Inputs(network, options.BatchSize, options.Alpha);
        foreach (var layer in network.Layers)
        {
            if (variances.Count == SinglePrecisionLayers && options.Precision == Precision.Bf16 && map.dtype != ScalarType.BFloat16)
            {
                using var single = map;
                map = single.to_type(ScalarType.BFloat16);
            }

            using var input = map;
            map = layer.Kind == VanillaKind.MaxPool ? Pool(input, layer) : Convolve(input, layer, random);
            if (layer.Kind == VanillaKind.Convolution)
            {
                variances.Add(Normalise(map, layer, options.BatchSize));
            }
        }

        using (map)
        {
            return new PassResult(Norm(map, network.Layers[^1], options), variances);
        }
    }

    private static Tensor Convolve(Tensor map, VanillaLayer layer, RandomTensors random)
    {
        using var weights = random.Weights(layer.OutChannels, layer.InChannels / layer.Groups, layer.Kernel, map.dtype);
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

    private static unsafe LayerVariance Normalise(Tensor map, VanillaLayer layer, int batchSize)
    {
        var rows = (long)batchSize * layer.OutSize * layer.OutSize;
        fixed (byte* start = map.bytes)
        {
            var perturbed = start + map.bytes.Length / 2;
            return map.dtype == ScalarType.Float32
                ? new LayerVariance(
                    FusedBatchNorm<Float32Format>.Apply(start, rows, layer.OutChannels, layer.Relu),
                    FusedBatchNorm<Float32Format>.Apply(perturbed, rows, layer.OutChannels, layer.Relu), rows)
                : new LayerVariance(
                    FusedBatchNorm<BFloat16Format>.Apply(start, rows, layer.OutChannels, layer.Relu),
                    FusedBatchNorm<BFloat16Format>.Apply(perturbed, rows, layer.OutChannels, layer.Relu), rows);
        }
    }

    private static unsafe double Norm(Tensor map, VanillaLayer last, ScoreSettings options)
    {
        var elements = (long)last.OutChannels * last.OutSize * last.OutSize;
        fixed (byte* start = map.bytes)
        {
            return map.dtype == ScalarType.Float32
                ? DifferenceNorm<Float32Format>.Of(start, options.BatchSize, elements, options.Convention)
                : DifferenceNorm<BFloat16Format>.Of(start, options.BatchSize, elements, options.Convention);
        }
    }
}
