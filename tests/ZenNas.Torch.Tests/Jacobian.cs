using ZenNas.Architectures;
using static TorchSharp.torch;

namespace ZenNas.Torch.Tests;

/// <summary>Derivatives of a network without batch normalisation, by torch's automatic differentiation in double precision.</summary>
internal static class Jacobian
{
    /// <summary>‖∇ₓf(xᵢ)‖_F for each input of a repeat.</summary>
    public static double[] FrobeniusNorms(VanillaNetwork network, ulong seed, int images)
    {
        TorchRuntime.Initialize();
        using var scope = NewDisposeScope();
        var random = new RandomTensors(seed, CPU);
        var inputs = random.Inputs(network, images, alpha: 0.5).to_type(ScalarType.Float64).permute(0, 3, 1, 2);
        var x = inputs.narrow(0, 0, images).clone().requires_grad_(true);
        var outputs = Forward(network, x, random).flatten(1);
        var squares = zeros(images, ScalarType.Float64);
        for (var output = 0; output < outputs.shape[1]; output++)
        {
            // Images don't mix, so the gradient of a sum over images holds each image's own.
            var gradient = autograd.grad([outputs[TensorIndex.Ellipsis, output].sum()], [x], retain_graph: true)[0];
            squares += gradient.flatten(1).square().sum(1);
        }

        return squares.sqrt().data<double>().ToArray();
    }

    private static Tensor Forward(VanillaNetwork network, Tensor map, RandomTensors random)
    {
        foreach (var layer in network.Layers)
        {
            var padding = (layer.Kernel - 1) / 2;
            var weights = random.Weights(layer.OutChannels, layer.InChannels / layer.Groups, layer.Kernel, ScalarType.Float32).to_type(ScalarType.Float64);
            map = nn.functional.conv2d(map, weights, null, [layer.Stride, layer.Stride], [padding, padding], [1, 1], layer.Groups).relu();
        }

        return map;
    }
}
