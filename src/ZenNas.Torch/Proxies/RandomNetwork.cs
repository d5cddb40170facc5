using ZenNas.Architectures;
using static TorchSharp.torch;

namespace ZenNas.Torch.Proxies;

/// <summary>
/// The whole network, residual links, squeeze-and-excitation and classifier included, with weights i.i.d. N(0,1), biases 0, and batch
/// normalisation by the mini-batch's own statistics with scale 1 and shift 0.
/// </summary>
internal sealed class RandomNetwork : IDisposable
{
    private readonly Tensor?[] _weights;
    private readonly IReadOnlyList<int>[] _lastReaders;

    /// <summary>Draws the weights, layer by layer.</summary>
    /// <param name="network">The lowered network.</param>
    /// <param name="random">Where the weights come from.</param>
    /// <param name="type">Number format.</param>
    public RandomNetwork(Network network, RandomTensors random, ScalarType type)
    {
        Network = network;
        _lastReaders = LastReaders.Of(network);
        _weights = new Tensor?[network.Layers.Length];
        for (var i = 0; i < _weights.Length; i++)
        {
            _weights[i] = Draw(network.Layers[i], random, type);
        }
    }

    public Network Network { get; }

    /// <summary>Weights by position of their layer: convolutions as (out, in/groups, k, k), the linear layer as (out, in); null elsewhere.</summary>
    public IReadOnlyList<Tensor?> Weights => _weights;

    /// <summary>The weights in the order of their layers, ready to be differentiated by.</summary>
    public Tensor[] Differentiable() => [.. _weights.OfType<Tensor>().Select(w => w.requires_grad_(true))];

    /// <summary>Forward pass; to be called in a dispose scope.</summary>
    /// <param name="images">(N, C, H, W).</param>
    /// <param name="rectified">Told the output of every ReLU, as (N, C, H, W).</param>
    /// <returns>Logits as (N, classes).</returns>
    public Tensor Logits(Tensor images, Action<Tensor>? rectified = null)
    {
        var maps = new Tensor[Network.Layers.Length];
        for (var i = 0; i < maps.Length; i++)
        {
            var layer = Network.Layers[i];
            var input = layer.Input < 0 ? images : maps[layer.Input];
            maps[i] = Apply(layer, input, layer.Other < 0 ? images : maps[layer.Other], _weights[i]);
            if (layer.Kind == LayerKind.Relu)
            {
                rectified?.Invoke(maps[i]);
            }

            // A gradient keeps what it needs; without one this frees the memory.
            foreach (var finished in _lastReaders[i])
            {
                maps[finished].Dispose();
            }
        }

        return maps[^1];
    }

    public void Dispose()
    {
        foreach (var weights in _weights)
        {
            weights?.Dispose();
        }
    }

    private static Tensor? Draw(in Layer layer, RandomTensors random, ScalarType type) => layer.Kind switch
    {
        LayerKind.Convolution => random.Weights(layer.OutChannels, layer.InChannels / layer.Groups, layer.Kernel, type),
        LayerKind.Linear => random.Matrix(layer.OutChannels, layer.InChannels, type),
        _ => null,
    };

    private static Tensor Apply(in Layer layer, Tensor input, Tensor? other, Tensor? weights) => layer.Kind switch
    {
        LayerKind.BatchNorm => nn.functional.batch_norm(
            input, null, null, training: true, eps: FusedBatchNorm<Float32Format>.Epsilon),
        LayerKind.Relu => input.relu(),
        LayerKind.Sigmoid => input.sigmoid(),
        _ => LinearLayers.Apply(layer, input, other, weights),
    };
}
