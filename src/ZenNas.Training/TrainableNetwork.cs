using System.Collections.Immutable;
using System.Runtime.InteropServices;
using ZenNas.Architectures;
using ZenNas.Torch;
using ZenNas.Torch.Proxies;
using ZenNas.Weights;
using static TorchSharp.torch;

namespace ZenNas.Training;

/// <summary>
/// A network whose weights have gradients. Several threads may apply its layers and read its numbers at the same time; whoever writes numbers has to be alone with them.
/// </summary>
internal sealed class TrainableNetwork : IDisposable
{
    private readonly Device _device;
    private readonly Tensor?[] _weights;
    private readonly Tensor?[] _biases;
    private readonly Tensor?[] _means;
    private readonly Tensor?[] _variances;

    /// <param name="weights">Where training starts, with batch normalisations.</param>
    /// <param name="momentum">Share of a batch's statistics in the running ones.</param>
    /// <param name="projections">Channels of student and teacher for each 1×1 convolution between their maps.</param>
    /// <param name="type">Number format of maps; weights are single precision.</param>
    /// <param name="device">Where to compute.</param>
    public TrainableNetwork(NetworkWeights weights, double momentum, ImmutableArray<Projection> projections, ScalarType type, Device device)
    {
        TorchRuntime.Initialize();
        (Network, Momentum, Epsilon, Type, _device) = (weights.Network, momentum, weights.Epsilon, type, device);
        Layout = new ParameterLayout(Network, projections.Select(p => p.WeightShape));
        using var scope = NewDisposeScope();
        (Parameters, Statistics) = (Keep(zeros([Layout.Parameters], ScalarType.Float32)), Keep(zeros([Layout.Statistics], ScalarType.Float32)));
        Load(weights);
        foreach (var (projection, part) in projections.Zip(Layout.Projections))
        {
            View(Parameters, part).copy_(tensor(projection.InitialWeights(), [.. part.Shape]));
        }

        _weights = [.. Layout.Weights.Select(Leaf)];
        _biases = [.. Layout.Biases.Select(Leaf)];
        Projections = [.. Layout.Projections.Select(part => Leaf(part)!)];
        Leaves = [.. Ordered()];
        _means = [.. Layout.Means.Select(part => part is { } p ? Keep(View(Statistics, p)) : null)];
        _variances = [.. Layout.Variances.Select(part => part is { } p ? Keep(View(Statistics, p)) : null)];
    }

    public Network Network { get; }

    public ParameterLayout Layout { get; }

    /// <summary>Share of a batch's statistics in the running ones.</summary>
    public double Momentum { get; }

    /// <summary>ε of batch normalisation.</summary>
    public double Epsilon { get; }

    /// <summary>Number format of maps.</summary>
    public ScalarType Type { get; }

    /// <summary>All parameters in one tensor; the leaves are views of it.</summary>
    public Tensor Parameters { get; }

    /// <summary>All running statistics in one tensor.</summary>
    public Tensor Statistics { get; }

    /// <summary>The parts of <see cref="Parameters"/> in their order, with gradients.</summary>
    public ImmutableArray<Tensor> Leaves { get; }

    /// <summary>Weights of the 1×1 convolutions between maps, as (out, 1, 1, in).</summary>
    public ImmutableArray<Tensor> Projections { get; }

    /// <summary>Forward pass of a training step, all by torch; to be called in a dispose scope.</summary>
    /// <param name="images">(N, C, H, W), single precision.</param>
    /// <param name="features">Layers whose outputs are wanted too.</param>
    /// <returns>Logits as (N, classes), and an output for each of the layers.</returns>
    public (Tensor Logits, Tensor[] Features) Forward(Tensor images, IReadOnlyList<int> features)
    {
        var maps = new Tensor[Network.Layers.Length];
        var input = Type == ScalarType.Float32 ? images : images.to_type(Type);
        for (var i = 0; i < maps.Length; i++)
        {
            var layer = Network.Layers[i];
            maps[i] = Apply(i, layer.Input < 0 ? input : maps[layer.Input], layer.Other < 0 ? input : maps[layer.Other]);
        }

        return (maps[^1], [.. features.Select(layer => maps[layer])]);
    }

    /// <summary>Output of one layer, by torch; a ReLU or an addition may take its input's memory.</summary>
    /// <param name="position">Position of the layer.</param>
    /// <param name="input">(N, C, H, W).</param>
    /// <param name="other">Second operand; null where there is none.</param>
    /// <returns>(N, C, H, W), of the linear layer (N, classes) in single precision.</returns>
    public Tensor Apply(int position, Tensor input, Tensor? other)
    {
        var layer = Network.Layers[position];
        return layer.Kind switch
        {
            LayerKind.Convolution => Convolve(layer, position, input),
            LayerKind.BatchNorm => nn.functional.batch_norm(
                input, _means[position], _variances[position], _weights[position], _biases[position], training: true, momentum: Momentum, eps: Epsilon),

            // What a ReLU or an addition reads is the output of a convolution, a batch normalisation or an addition, which no gradient needs.
            LayerKind.Relu => input.relu_(),
            LayerKind.Add => input.PlusInPlace(other!),
            LayerKind.Sigmoid => input.sigmoid(),
            LayerKind.Linear => nn.functional.linear(input.flatten(1).to_type(ScalarType.Float32), _weights[position]!, _biases[position]),
            _ => LinearLayers.Apply(layer, input, other, null),
        };
    }

    /// <summary>The parameters of a layer, with their places in <see cref="Parameters"/>.</summary>
    public IReadOnlyList<(Part Place, Tensor Leaf)> ParametersOf(int position) => (Layout.Weights[position], Layout.Biases[position]) switch
    {
        ({ } weight, { } bias) => [(weight, _weights[position]!), (bias, _biases[position]!)],
        ({ } weight, null) => [(weight, _weights[position]!)],
        _ => [],
    };

    /// <summary>A part of a tensor on the CPU, to read and to write.</summary>
    public static Span<float> Numbers(Tensor whole, Part part) => MemoryMarshal.Cast<byte, float>(whole.bytes).Slice((int)part.Offset, (int)part.Count);

    /// <summary>The same as a tensor.</summary>
    public static Tensor View(Tensor whole, Part part) => whole.narrow(0, part.Offset, part.Count).view([.. part.Shape]);

    /// <summary>A copy of the weights as they are, or of others of the same layout.</summary>
    public NetworkWeights ToWeights(Tensor parameters, Tensor statistics)
    {
        using var scope = NewDisposeScope();
        var (numbers, running) = (Numbers(parameters), Numbers(statistics));
        var layers = Network.Layers.Select((layer, i) => Layout.Weights[i] is { } part
            ? new LayerWeights(
                ImmutableCollectionsMarshal.AsImmutableArray(part.Shape.Length == 4 ? Reorder(numbers, part, toChannelsLast: false) : Copy(numbers, part)),
                Part(numbers, Layout.Biases[i]), Part(running, Layout.Means[i]), Part(running, Layout.Variances[i]))
            : null);
        return new NetworkWeights(Network, [.. layers], Epsilon);
    }

    public void Dispose()
    {
        foreach (var tensor in _weights.Concat(_biases).Concat(_means).Concat(_variances).Concat(Projections))
        {
            tensor?.Dispose();
        }

        Parameters.Dispose();
        Statistics.Dispose();
    }

    private Tensor Convolve(in Layer layer, int position, Tensor input)
    {
        var padding = (layer.Kernel - 1) / 2;
        var weight = Typed(_weights[position]!).permute(0, 3, 1, 2);
        var bias = _biases[position] is { } b ? Typed(b) : null;
        return nn.functional.conv2d(input, weight, bias, [layer.Stride, layer.Stride], [padding, padding], [1, 1], layer.Groups);
    }

    private Tensor Typed(Tensor single) => Type == ScalarType.Float32 ? single : single.to_type(Type);

    private void Load(NetworkWeights weights)
    {
        for (var i = 0; i < weights.Layers.Length; i++)
        {
            if (weights.Layers[i] is { } layer)
            {
                var part = Layout.Weights[i]!.Value;
                float[] values = [.. layer.Weight];
                Set(Parameters, part, part.Shape.Length == 4 ? Reorder(values, new Part(0, part.Shape), toChannelsLast: true) : values);
                Set(Parameters, Layout.Biases[i], layer.Bias);
                Set(Statistics, Layout.Means[i], layer.Mean);
                Set(Statistics, Layout.Variances[i], layer.Variance);
            }
        }
    }

    private static void Set(Tensor whole, Part? part, IEnumerable<float>? values)
    {
        if (part is { } place && values is not null)
        {
            View(whole, place).copy_(tensor(values.ToArray(), [.. place.Shape]));
        }
    }

    /// <summary>The leaves in the order of the layout: weights, projections, then scales, shifts and biases layer by layer.</summary>
    private IEnumerable<Tensor> Ordered() => Layout.Weights.Zip(_weights).Concat(Layout.Biases.Zip(_biases))
        .Concat(Layout.Projections.Select(part => (Part?)part).Zip<Part?, Tensor?>(Projections))
        .Where(pair => pair.First is not null)
        .OrderBy(pair => pair.First!.Value.Offset)
        .Select(pair => pair.Second!);

    private Tensor? Leaf(Part? part)
    {
        if (part is not { } place)
        {
            return null;
        }

        var leaf = Keep(View(Parameters, place).detach());
        leaf.requires_grad = true;
        return leaf;
    }

    private Tensor Keep(Tensor value) => value.to(_device).MoveToOuterDisposeScope().DetachFromDisposeScope();

    private static float[] Numbers(Tensor values) => values.detach().cpu().contiguous().data<float>().ToArray();

    private static ImmutableArray<float>? Part(float[] numbers, Part? part) =>
        part is { } place ? ImmutableCollectionsMarshal.AsImmutableArray(Copy(numbers, place)) : null;

    private static float[] Copy(float[] numbers, Part part) => numbers.AsSpan((int)part.Offset, (int)part.Count).ToArray();

    /// <summary>Between (out, in, k, k) and (out, k, k, in).</summary>
    private static float[] Reorder(float[] numbers, Part part, bool toChannelsLast)
    {
        var (outputs, taps, inputs) = ((int)part.Shape[0], (int)(part.Shape[1] * part.Shape[2]), (int)part.Shape[3]);
        var reordered = new float[part.Count];
        for (var o = 0; o < outputs; o++)
        {
            var start = o * taps * inputs;
            for (var t = 0; t < taps; t++)
            {
                for (var i = 0; i < inputs; i++)
                {
                    var (last, first) = (start + t * inputs + i, start + i * taps + t);
                    reordered[toChannelsLast ? last : first] = numbers[part.Offset + (toChannelsLast ? first : last)];
                }
            }
        }

        return reordered;
    }
}
