using ZenNas.Architectures;
using ZenNas.Torch.Proxies;
using ZenNas.Weights;
using static TorchSharp.torch;

namespace ZenNas.Torch;

/// <summary>A network with given weights in inference mode: batch normalisation by its running statistics, or folded away.</summary>
internal sealed class InferenceNetwork : IDisposable
{
    private readonly Network _network;
    private readonly double _epsilon;
    private readonly IReadOnlyList<int>[] _lastReaders;
    private readonly LayerTensors?[] _tensors;

    /// <summary>Takes over the weights.</summary>
    /// <param name="weights">The weights.</param>
    /// <param name="type">Number format.</param>
    /// <param name="device">Where to compute.</param>
    public InferenceNetwork(NetworkWeights weights, ScalarType type, Device device)
    {
        TorchRuntime.Initialize();
        (_network, _epsilon) = (weights.Network, weights.Epsilon);
        _lastReaders = LastReaders.Of(_network);
        _tensors = [.. weights.Layers.Select((w, i) => w is null ? null : LayerTensors.Of(w, _network.Layers[i], type, device))];
    }

    /// <summary>Forward pass; to be called in a dispose scope and without gradients.</summary>
    /// <param name="images">(N, C, H, W).</param>
    /// <param name="computed">Told the position of every layer when it is computed.</param>
    /// <returns>Logits as (N, classes).</returns>
    public Tensor Logits(Tensor images, Action<int>? computed = null) => Outputs(images, [_network.Layers.Length - 1], computed)[0];

    /// <summary>The same, for the outputs of any layers.</summary>
    /// <param name="images">(N, C, H, W).</param>
    /// <param name="layers">Positions of the layers.</param>
    /// <param name="computed">Told the position of every layer when it is computed.</param>
    /// <returns>An output for each of the layers, in their order.</returns>
    public Tensor[] Outputs(Tensor images, IReadOnlyList<int> layers, Action<int>? computed = null)
    {
        var maps = new Tensor[_network.Layers.Length];
        for (var i = 0; i < maps.Length; i++)
        {
            var layer = _network.Layers[i];
            maps[i] = Apply(layer, layer.Input < 0 ? images : maps[layer.Input], layer.Other < 0 ? images : maps[layer.Other], _tensors[i]);
            computed?.Invoke(i);
            foreach (var finished in _lastReaders[i])
            {
                if (!ReferenceEquals(maps[finished], maps[i]) && !layers.Any(kept => ReferenceEquals(maps[kept], maps[finished])))
                {
                    maps[finished].Dispose();
                }
            }
        }

        return [.. layers.Select(layer => maps[layer])];
    }

    public void Dispose()
    {
        foreach (var tensors in _tensors)
        {
            tensors?.Dispose();
        }
    }

    private Tensor Apply(in Layer layer, Tensor input, Tensor? other, LayerTensors? tensors)
    {
        long[] stride = [layer.Stride, layer.Stride];
        long[] padding = [(layer.Kernel - 1) / 2, (layer.Kernel - 1) / 2];
        return layer.Kind switch
        {
            LayerKind.Convolution => nn.functional.conv2d(input, tensors!.Weight, tensors.Bias, stride, padding, [1, 1], layer.Groups),
            LayerKind.BatchNorm when tensors is null => input,
            LayerKind.BatchNorm => nn.functional.batch_norm(input, tensors!.Mean, tensors.Variance, tensors.Weight, tensors.Bias, training: false, eps: _epsilon),
            LayerKind.Relu => input.relu(),
            LayerKind.Sigmoid => input.sigmoid(),
            LayerKind.Linear => nn.functional.linear(input.flatten(1), tensors!.Weight, tensors.Bias),
            _ => LinearLayers.Apply(layer, input, other, null),
        };
    }

    private sealed record LayerTensors(Tensor Weight, Tensor? Bias, Tensor? Mean, Tensor? Variance) : IDisposable
    {
        public static LayerTensors Of(LayerWeights weights, in Layer layer, ScalarType type, Device device)
        {
            long[] shape = layer.Kind switch
            {
                LayerKind.Convolution => [layer.OutChannels, layer.InChannels / layer.Groups, layer.Kernel, layer.Kernel],
                LayerKind.Linear => [layer.OutChannels, layer.InChannels],
                _ => [layer.OutChannels],
            };
            return new LayerTensors(
                Load(weights.Weight, shape, type, device)!, Load(weights.Bias, [layer.OutChannels], type, device),
                Load(weights.Mean, [layer.OutChannels], type, device), Load(weights.Variance, [layer.OutChannels], type, device));
        }

        public void Dispose()
        {
            Weight.Dispose();
            Bias?.Dispose();
            Mean?.Dispose();
            Variance?.Dispose();
        }

        /// <summary>Four-dimensional tensors become channels-last, as the maps are.</summary>
        private static Tensor? Load(IEnumerable<float>? values, long[] shape, ScalarType type, Device device)
        {
            if (values is null)
            {
                return null;
            }

            using var scope = NewDisposeScope();
            var loaded = tensor(values.ToArray(), shape).to(type).to(device);
            var laidOut = shape.Length == 4 ? loaded.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2) : loaded;
            return laidOut.MoveToOuterDisposeScope().DetachFromDisposeScope();
        }
    }
}
