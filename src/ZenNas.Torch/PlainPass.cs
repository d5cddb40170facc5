using ZenNas.Architectures;
using ZenNas.Scores;
using static TorchSharp.torch;

namespace ZenNas.Torch;

/// <summary>
/// Both forward passes of Algorithm 1 in torch's own operations, for any device and for networks without batch normalisation.
/// Draws the same random tensors as <see cref="FusedPass"/>.
/// </summary>
internal static class PlainPass
{
    /// <summary>Runs the passes.</summary>
    /// <param name="network">The chain.</param>
    /// <param name="seed">Seed of the repeat.</param>
    /// <param name="options">Settings.</param>
    /// <param name="device">Where to compute.</param>
    /// <param name="batchNorm">Whether batch normalisation is applied; without it the variances are empty.</param>
    public static PassResult Run(VanillaNetwork network, ulong seed, ScoreSettings options, Device device, bool batchNorm = true)
    {
        using var noGradient = inference_mode();
        using var scope = NewDisposeScope();
        var random = new RandomTensors(seed, device);
        var variances = new List<LayerVariance>(network.Layers.Length);
        var map = random.Inputs(network, options.BatchSize, options.Alpha).permute(0, 3, 1, 2);
        var convolutions = 0;
        foreach (var layer in network.Layers)
        {
            using var layerScope = NewDisposeScope();
            if (options.Precision == Precision.Bf16 && convolutions == FusedPass.SinglePrecisionLayers)
            {
                map = map.to_type(ScalarType.BFloat16);
            }

            convolutions += layer.Kind == VanillaKind.Convolution ? 1 : 0;
            var output = Apply(map, layer, random);
            if (layer.Kind == VanillaKind.Convolution && batchNorm)
            {
                (output, var variance) = Normalise(output, options.BatchSize);
                variances.Add(variance);
            }

            output = layer.Relu ? output.relu() : output;
            map.Dispose();
            map = output.MoveToOuterDisposeScope();
        }

        return new PassResult(Norm(map, options), variances);
    }

    private static Tensor Apply(Tensor map, VanillaLayer layer, RandomTensors random)
    {
        long[] kernel = [layer.Kernel, layer.Kernel];
        long[] stride = [layer.Stride, layer.Stride];
        long[] padding = [(layer.Kernel - 1) / 2, (layer.Kernel - 1) / 2];
        return layer.Kind == VanillaKind.MaxPool
            ? nn.functional.max_pool2d(map, kernel, stride, padding)
            : nn.functional.conv2d(map, random.Weights(layer.OutChannels, layer.InChannels / layer.Groups, layer.Kernel, map.dtype), null, stride, padding, [1, 1], layer.Groups);
    }

    private static (Tensor Map, LayerVariance Variance) Normalise(Tensor map, int batchSize)
    {
        var halves = map.to_type(ScalarType.Float32).split(batchSize);
        var outputs = new Tensor[2];
        var means = new double[2];
        for (var i = 0; i < 2; i++)
        {
            var (variance, mean) = var_mean(halves[i], [0L, 2L, 3L], unbiased: false, keepdim: true);
            outputs[i] = (halves[i] - mean) * (variance + FusedBatchNorm<Float32Format>.Epsilon).rsqrt();
            means[i] = variance.mean().Number();
        }

        var samples = batchSize * map.shape[2] * map.shape[3];
        return (cat(outputs, 0).to_type(map.dtype), new LayerVariance(means[0], means[1], samples));
    }

    private static double Norm(Tensor map, ScoreSettings options)
    {
        var halves = map.to_type(ScalarType.Float64).split(options.BatchSize);
        var difference = (halves[0] - halves[1]).flatten(1);
        var norms = options.Convention == Convention.Paper ? difference.square().sum(1).sqrt() : difference.abs().sum(1);
        return norms.mean().Number();
    }
}
