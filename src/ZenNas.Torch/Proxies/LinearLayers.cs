using ZenNas.Architectures;
using static TorchSharp.torch;

namespace ZenNas.Torch.Proxies;

/// <summary>The layers whose meaning doesn't depend on the proxy.</summary>
internal static class LinearLayers
{
    /// <summary>Convolution, linear layer, pooling, addition or scaling; biases are 0.</summary>
    public static Tensor Apply(in Layer layer, Tensor input, Tensor? other, Tensor? weights)
    {
        long[] kernel = [layer.Kernel, layer.Kernel];
        long[] stride = [layer.Stride, layer.Stride];
        long[] padding = [(layer.Kernel - 1) / 2, (layer.Kernel - 1) / 2];
        return layer.Kind switch
        {
            LayerKind.Convolution => nn.functional.conv2d(input, weights!, null, stride, padding, [1, 1], layer.Groups),
            LayerKind.Linear => input.flatten(1).matmul(weights!.t()),
            LayerKind.MaxPool => nn.functional.max_pool2d(input, kernel, stride, padding),
            LayerKind.GlobalAveragePool => input.mean([2, 3], keepdim: true),
            LayerKind.Add => input.Plus(other!),
            LayerKind.Scale => input * other!,
            _ => throw new InvalidOperationException($"no operation for {layer.Kind}"),
        };
    }
}
