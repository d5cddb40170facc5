using System.Collections.Immutable;
using ZenNas.Architectures;

namespace ZenNas.Training.Lanes;

/// <summary>What is computed at once: a layer by torch, or batch normalisation, addition and ReLU as far as they follow each other.</summary>
/// <param name="Output">Position of the layer whose output this is.</param>
/// <param name="Norm">Position of the batch normalisation; −1 for none.</param>
/// <param name="Source">Position of the layer that is read; −1 for the network's input.</param>
/// <param name="Other">Position of the second layer that is read; null for none.</param>
/// <param name="Relu">Whether a ReLU ends it.</param>
/// <param name="IsFused">Whether it is one of ours.</param>
internal readonly record struct LaneStep(int Output, int Norm, int Source, int? Other, bool Relu, bool IsFused)
{
    /// <summary>The steps of a network.</summary>
    /// <param name="network">The network.</param>
    /// <param name="kept">Layers whose outputs are wanted, and so aren't fused away.</param>
    public static ImmutableArray<LaneStep> Of(Network network, IReadOnlyCollection<int> kept)
    {
        var readers = Readers(network);
        var computed = new bool[network.Layers.Length];
        var isPart = new bool[network.Layers.Length];
        var steps = ImmutableArray.CreateBuilder<LaneStep>();
        int? OnlyReader(int position, LayerKind kind) =>
            readers[position] is [var reader] && !kept.Contains(position) && network.Layers[reader].Kind == kind ? reader : null;

        for (var i = 0; i < network.Layers.Length; i++)
        {
            if (isPart[i])
            {
                continue;
            }

            var step = Start(network.Layers[i], i);
            if (step.Norm >= 0 && OnlyReader(i, LayerKind.Add) is { } add && Operand(network.Layers[add], i) is var other && (other < 0 || computed[other]))
            {
                step = step with { Output = add, Other = other };
                isPart[add] = true;
            }

            if (step.IsFused && !step.Relu && OnlyReader(step.Output, LayerKind.Relu) is { } relu)
            {
                step = step with { Output = relu, Relu = true };
                isPart[relu] = true;
            }

            steps.Add(step);
            computed[step.Output] = true;
        }

        return steps.DrainToImmutable();
    }

    private static LaneStep Start(in Layer layer, int position) => layer.Kind switch
    {
        LayerKind.BatchNorm => new LaneStep(position, position, layer.Input, null, false, true),
        LayerKind.Add => new LaneStep(position, -1, layer.Input, layer.Other, false, true),
        LayerKind.Relu => new LaneStep(position, -1, layer.Input, null, true, true),
        LayerKind.Scale => new LaneStep(position, -1, layer.Input, layer.Other, false, false),
        _ => new LaneStep(position, -1, layer.Input, null, false, false),
    };

    private static int Operand(in Layer add, int besides) => add.Input == besides ? add.Other : add.Input;

    private static List<int>[] Readers(Network network)
    {
        var readers = new List<int>[network.Layers.Length];
        for (var i = 0; i < readers.Length; i++)
        {
            readers[i] = [];
        }

        for (var i = 0; i < readers.Length; i++)
        {
            var layer = network.Layers[i];
            if (layer.Input >= 0)
            {
                readers[layer.Input].Add(i);
            }

            if (layer.Other >= 0)
            {
                readers[layer.Other].Add(i);
            }
        }

        return readers;
    }
}
