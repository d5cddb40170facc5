using System.Collections.Immutable;
using ZenNas.Architectures;

namespace ZenNas.Weights;

/// <summary>The weights of a network for inference, layer by layer; immutable.</summary>
public sealed class NetworkWeights
{
    /// <summary>ε that batch normalisation adds to the variance, unless weights say otherwise.</summary>
    public const double DefaultEpsilon = 1e-5;

    /// <summary>Checks that the weights are those of a network.</summary>
    /// <param name="network">The network.</param>
    /// <param name="layers">
    /// An entry for each of <see cref="Network.Layers"/>: for convolutions and the linear layer always, for batch normalisations all or none
    /// (none: they are folded into the convolutions before them), null for others.
    /// </param>
    /// <param name="epsilon">ε of batch normalisation, above 0.</param>
    /// <exception cref="ArgumentException">A layer lacks weights, or has them in another number than its shape asks for.</exception>
    public NetworkWeights(Network network, ImmutableArray<LayerWeights?> layers, double epsilon = DefaultEpsilon)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(epsilon);
        (Network, Layers, Epsilon) = (network, layers, epsilon);
        var norms = Enumerable.Range(0, network.Layers.Length).Where(i => network.Layers[i].Kind == LayerKind.BatchNorm).ToArray();
        IsFolded = norms.Length > 0 && norms.All(i => layers[i] is null);
        for (var i = 0; i < layers.Length; i++)
        {
            if (!Fits(network.Layers[i], layers[i]))
            {
                throw new ArgumentException($"weights of {LayerNames.Of(network)[i]} don't have its shape", nameof(layers));
            }
        }
    }

    /// <summary>Whose weights they are.</summary>
    public Network Network { get; }

    /// <summary>An entry for each layer, null for those without weights.</summary>
    public ImmutableArray<LayerWeights?> Layers { get; }

    /// <summary>ε of batch normalisation.</summary>
    public double Epsilon { get; }

    /// <summary>Whether batch normalisations are folded into the convolutions before them.</summary>
    public bool IsFolded { get; }

    /// <summary>
    /// Untrained weights as He et al. (2015) start training: convolutions N(0, 2/(k²·out/groups)), linear layer N(0, 0.01²), biases 0, batch
    /// normalisation with scale 1, shift 0, mean 0, variance 1.
    /// </summary>
    public static NetworkWeights Random(Network network, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(network);
        return new NetworkWeights(network, [.. network.Layers.Select((layer, i) => InitialWeights.Draw(layer, seed, i))]);
    }

    /// <summary>The same function of the input with every batch normalisation folded into the convolution before it, which gets a bias.</summary>
    public NetworkWeights FoldBatchNorms()
    {
        if (IsFolded)
        {
            return this;
        }

        var folded = Layers.ToBuilder();
        for (var i = 0; i < folded.Count; i++)
        {
            var layer = Network.Layers[i];
            if (layer.Kind == LayerKind.BatchNorm)
            {
                folded[layer.Input] = Fold(folded[layer.Input]!, folded[i]!, Epsilon);
                folded[i] = null;
            }
        }

        return new NetworkWeights(Network, folded.MoveToImmutable(), Epsilon);
    }

    private static LayerWeights Fold(LayerWeights convolution, LayerWeights norm, double epsilon)
    {
        var channels = norm.Weight.Length;
        var perChannel = convolution.Weight.Length / channels;
        var weight = new float[convolution.Weight.Length];
        var bias = new float[channels];
        for (var c = 0; c < channels; c++)
        {
            var factor = norm.Weight[c] / Math.Sqrt(norm.Variance!.Value[c] + epsilon);
            bias[c] = (float)(norm.Bias!.Value[c] + factor * ((convolution.Bias?[c] ?? 0) - norm.Mean!.Value[c]));
            for (var i = c * perChannel; i < (c + 1) * perChannel; i++)
            {
                weight[i] = (float)(factor * convolution.Weight[i]);
            }
        }

        return new LayerWeights([.. weight], [.. bias]);
    }

    private bool Fits(in Layer layer, LayerWeights? weights) => layer.Kind switch
    {
        LayerKind.Convolution or LayerKind.Linear =>
            weights is { Mean: null, Variance: null } && weights.Weight.Length == layer.Weights
            && (weights.Bias is { } bias ? bias.Length == layer.OutChannels && (layer.Bias || IsFolded) : !layer.Bias),
        LayerKind.BatchNorm => IsFolded
            ? weights is null
            : weights is { Bias: { } shift, Mean: { } mean, Variance: { } variance }
                && weights.Weight.Length == layer.OutChannels && shift.Length == layer.OutChannels
                && mean.Length == layer.OutChannels && variance.Length == layer.OutChannels,
        _ => weights is null,
    };
}
