using System.Collections.Immutable;
using ZenNas.Architectures;

namespace ZenNas.Training;

/// <summary>A tensor that lies inside a longer one.</summary>
/// <param name="Offset">Its first element.</param>
/// <param name="Shape">Its shape; four-dimensional ones are (out, k, k, in/groups), channels-last.</param>
internal readonly record struct Part(long Offset, ImmutableArray<long> Shape)
{
    public long Count => Shape.Aggregate(1L, (count, size) => count * size);
}

/// <summary>
/// Where each layer's numbers lie: all that gradients change in one tensor, the running statistics in another. One optimiser step is then a few
/// operations, however many layers there are, and a checkpoint is a copy. What decays comes first.
/// </summary>
internal sealed class ParameterLayout
{
    public ParameterLayout(Network network, IEnumerable<ImmutableArray<long>> projections)
    {
        var layers = network.Layers;
        (Weights, Biases, Means, Variances) = (new Part?[layers.Length], new Part?[layers.Length], new Part?[layers.Length], new Part?[layers.Length]);
        long next = 0;
        Part Take(params ImmutableArray<long> shape)
        {
            var part = new Part(next, shape);
            next += part.Count;
            return part;
        }

        for (var i = 0; i < layers.Length; i++)
        {
            Weights[i] = layers[i].Kind switch
            {
                LayerKind.Convolution => Take(layers[i].OutChannels, layers[i].Kernel, layers[i].Kernel, layers[i].InChannels / layers[i].Groups),
                LayerKind.Linear => Take(layers[i].OutChannels, layers[i].InChannels),
                _ => null,
            };
        }

        Projections = [.. projections.Select(shape => Take(shape))];
        Decayed = next;
        for (var i = 0; i < layers.Length; i++)
        {
            if (layers[i].Kind == LayerKind.BatchNorm)
            {
                Weights[i] = Take(layers[i].OutChannels);
            }

            if (layers[i].Kind == LayerKind.BatchNorm || layers[i].Bias)
            {
                Biases[i] = Take(layers[i].OutChannels);
            }
        }

        Parameters = next;
        next = 0;
        for (var i = 0; i < layers.Length; i++)
        {
            if (layers[i].Kind == LayerKind.BatchNorm)
            {
                (Means[i], Variances[i]) = (Take(layers[i].OutChannels), Take(layers[i].OutChannels));
            }
        }

        Statistics = next;
    }

    /// <summary>Weights of convolutions and the linear layer, scales of batch normalisations, by layer.</summary>
    public Part?[] Weights { get; }

    /// <summary>Biases, and shifts of batch normalisations, by layer.</summary>
    public Part?[] Biases { get; }

    /// <summary>Running means, among the statistics.</summary>
    public Part?[] Means { get; }

    /// <summary>Running variances, among the statistics.</summary>
    public Part?[] Variances { get; }

    /// <summary>Weights of the 1×1 convolutions between feature maps and a teacher's.</summary>
    public ImmutableArray<Part> Projections { get; }

    /// <summary>How many parameters decay: the first so many.</summary>
    public long Decayed { get; }

    /// <summary>How many parameters there are.</summary>
    public long Parameters { get; }

    /// <summary>How many running statistics there are.</summary>
    public long Statistics { get; }
}
