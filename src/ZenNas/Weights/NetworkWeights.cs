using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;
using ZenNas.Architectures;

namespace ZenNas.Weights;

/// <summary>The weights of a network for inference, layer by layer; immutable.</summary>
public sealed class NetworkWeights
{
    /// <summary>ε that batch normalisation adds to the variance, unless weights say otherwise.</summary>
    public const double DefaultEpsilon = 1e-5;

    /// <summary>Most numbers in all. A file of them stays below 2 GiB, the most that an ONNX file can hold.</summary>
    public const long MostNumbers = 500_000_000;

    /// <summary>Checks that the weights are those of a network.</summary>
    /// <param name="network">The network.</param>
    /// <param name="layers">
    /// An entry for each of <see cref="Network.Layers"/>: for convolutions and the linear layer always, for batch normalisations all or none
    /// (none: they are folded into the convolutions before them), null for others.
    /// </param>
    /// <param name="epsilon">ε of batch normalisation, above 0 and at most 1.</param>
    /// <exception cref="ArgumentException">A layer lacks weights, or has them in another number than its shape asks for.</exception>
    /// <exception cref="InvalidInputException">The network has more than <see cref="MostNumbers"/>.</exception>
    public NetworkWeights(Network network, ImmutableArray<LayerWeights?> layers, double epsilon = DefaultEpsilon)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(epsilon);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(epsilon, 1);
        CheckSize(network);
        if (layers.IsDefault || layers.Length != network.Layers.Length)
        {
            throw new ArgumentException($"there have to be {network.Layers.Length} entries, one for each layer", nameof(layers));
        }

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

    /// <summary>Weights of the same size that repeat after some thousand numbers: for measuring times, on which their values have no influence.</summary>
    /// <exception cref="InvalidInputException">The network has more than <see cref="MostNumbers"/> of them.</exception>
    public static NetworkWeights Repeating(Network network)
    {
        CheckSize(network);
        return new NetworkWeights(network, [.. network.Layers.Select(layer => InitialWeights.Repeat(layer))]);
    }

    /// <summary>
    /// Untrained weights as He et al. (2015) start training: convolutions N(0, 2/(k²·out/groups)), linear layer N(0, 0.01²), biases 0, batch
    /// normalisation with scale 1, shift 0, mean 0, variance 1.
    /// </summary>
    /// <exception cref="InvalidInputException">The network has more than <see cref="MostNumbers"/>.</exception>
    public static NetworkWeights Random(Network network, ulong seed)
    {
        CheckSize(network);
        return new NetworkWeights(network, [.. network.Layers.Select((layer, i) => InitialWeights.Draw(layer, seed, i))]);
    }

    /// <summary>
    /// Untrained weights as Zen-NAS starts training: convolutions Xavier-normal with gain 3.26033, the linear layer N(0, 3.26033²·2/(in + out)),
    /// the rest as in <see cref="Random"/>.
    /// </summary>
    /// <exception cref="InvalidInputException">The network has more than <see cref="MostNumbers"/>.</exception>
    public static NetworkWeights Xavier(Network network, ulong seed)
    {
        CheckSize(network);
        return new NetworkWeights(network, [.. network.Layers.Select((layer, i) => InitialWeights.DrawXavier(layer, seed, i))]);
    }

    /// <summary>The same with scale 0 in the last batch normalisation of every residual branch, so that each unit starts as its shortcut (Goyal et al., 2017).</summary>
    public NetworkWeights WithZeroResidualScales()
    {
        var changed = Layers.ToBuilder();
        foreach (var layer in Network.Layers)
        {
            if (layer.Kind == LayerKind.Add && changed[layer.Input] is { Mean: not null } norm)
            {
                changed[layer.Input] = norm with { Weight = [.. Enumerable.Repeat(0f, norm.Weight.Length)] };
            }
        }

        return new NetworkWeights(Network, changed.MoveToImmutable(), Epsilon);
    }

    /// <summary>The same numbers with another ε.</summary>
    public NetworkWeights WithEpsilon(double epsilon) => new(Network, Layers, epsilon);

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

    /// <summary>All tensors, in the order of the layers.</summary>
    public IEnumerable<WeightTensor> Tensors()
    {
        var names = LayerNames.Of(Network);
        for (var i = 0; i < Layers.Length; i++)
        {
            foreach (var ((suffix, shape), values) in WeightShapes.Of(Network.Layers[i], IsFolded).Zip(Layers[i]?.Tensors ?? []))
            {
                yield return new WeightTensor(i, $"{names[i]}.{suffix}", shape, values);
            }
        }
    }

    /// <exception cref="InvalidInputException">The network has more than <see cref="MostNumbers"/>.</exception>
    internal static void CheckSize(Network network)
    {
        ArgumentNullException.ThrowIfNull(network);
        var numbers = network.Layers.Sum(layer => WeightShapes.Of(layer, isFolded: false).Sum(tensor => WeightShapes.Count(tensor.Shape)));
        if (numbers > MostNumbers)
        {
            throw new InvalidInputException(string.Create(
                CultureInfo.InvariantCulture, $"the network has {numbers:N0} weights; allowed are at most {MostNumbers:N0}"));
        }
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

        return new LayerWeights(ImmutableCollectionsMarshal.AsImmutableArray(weight), ImmutableCollectionsMarshal.AsImmutableArray(bias));
    }

    private bool Fits(in Layer layer, LayerWeights? weights)
    {
        var counts = WeightShapes.Of(layer, IsFolded).Select(tensor => WeightShapes.Count(tensor.Shape));
        return weights is null
            ? !counts.Any()
            : counts.SequenceEqual(weights.Tensors.Select(values => (long)values.Length))
                && (layer.Kind == LayerKind.BatchNorm || weights is { Mean: null, Variance: null });
    }
}
