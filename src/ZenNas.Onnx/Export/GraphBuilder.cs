using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Google.Protobuf;
using ZenNas.Architectures;
using ZenNas.Onnx.Protos;
using ZenNas.Weights;

namespace ZenNas.Onnx.Export;

/// <summary>
/// Turns the layers of a network into nodes. Node, output and tensors carry the layer's name: <c>block3.unit2.conv1</c>,
/// <c>block3.unit2.conv1.weight</c>.
/// </summary>
internal sealed class GraphBuilder
{
    private readonly NetworkWeights _weights;
    private readonly OnnxExportSettings _settings;
    private readonly Network _network;
    private readonly ImmutableArray<string> _names;
    private readonly ImmutableArray<FeatureMap> _features;
    private readonly string[] _outputs;
    private readonly GraphProto _graph = new() { Name = "network" };

    public GraphBuilder(NetworkWeights weights, OnnxExportSettings settings)
    {
        (_weights, _settings, _network) = (weights, settings, weights.Network);
        _names = LayerNames.Of(_network);
        _features = settings.Features ? FeatureMap.Of(_network) : [];
        _outputs = [.. _names];
        foreach (var feature in _features)
        {
            _outputs[feature.Layer] = $"stride{feature.Stride}";
        }

        _outputs[^1] = OnnxExport.LogitsName;
    }

    public GraphProto Build()
    {
        var architecture = _network.Architecture;
        _graph.Input.Add(Value(OnnxExport.InputName, architecture.InputChannels, architecture.Resolution, architecture.Resolution));
        var last = _settings.Logits ? _network.Layers.Length - 1 : _features[^1].Layer;
        for (var i = 0; i <= last; i++)
        {
            Add(i);
        }

        if (_settings.Logits)
        {
            _graph.Output.Add(Value(OnnxExport.LogitsName, architecture.Classes));
        }

        foreach (var feature in _features)
        {
            _graph.Output.Add(Value(_outputs[feature.Layer], feature.Channels, feature.Size, feature.Size));
        }

        return _graph;
    }

    private void Add(int position)
    {
        var layer = _network.Layers[position];
        var input = OutputOf(layer.Input);
        switch (layer.Kind)
        {
            case LayerKind.Convolution:
                var convolution = Add(position, "Conv", [input, .. Tensors(position, Shape(layer))]);
                AddWindow(convolution, layer);
                Set(convolution, "group", layer.Groups);
                Set(convolution, "dilations", [1, 1]);
                break;
            case LayerKind.BatchNorm when _weights.IsFolded:
                _outputs[position] = input;
                break;
            case LayerKind.BatchNorm:
                var norm = Add(position, "BatchNormalization", [input, .. Tensors(position, [layer.OutChannels])]);
                norm.Attribute.Add(new AttributeProto { Name = "epsilon", F = (float)_weights.Epsilon, Type = AttributeProto.Types.AttributeType.Float });
                break;
            case LayerKind.Relu:
                Add(position, "Relu", [input]);
                break;
            case LayerKind.Sigmoid:
                Add(position, "Sigmoid", [input]);
                break;
            case LayerKind.MaxPool:
                AddWindow(Add(position, "MaxPool", [input]), layer);
                break;
            case LayerKind.GlobalAveragePool:
                Add(position, "GlobalAveragePool", [input]);
                break;
            case LayerKind.Add:
                Add(position, "Add", [input, OutputOf(layer.Other)]);
                break;
            case LayerKind.Scale:
                Add(position, "Mul", [input, OutputOf(layer.Other)]);
                break;
            case LayerKind.Linear:
                AddLinear(position, input, layer);
                break;
            default:
                throw new InvalidOperationException($"no operator for {layer.Kind}");
        }
    }

    private void AddLinear(int position, string input, in Layer layer)
    {
        var flat = $"{_names[position]}.flat";
        var flatten = new NodeProto { Name = flat, OpType = "Flatten" };
        flatten.Input.Add(input);
        flatten.Output.Add(flat);
        _graph.Node.Add(flatten);
        Set(Add(position, "Gemm", [flat, .. Tensors(position, [layer.OutChannels, layer.InChannels])]), "transB", 1);
    }

    private NodeProto Add(int position, string operation, IEnumerable<string> inputs)
    {
        var node = new NodeProto { Name = _names[position], OpType = operation };
        node.Input.AddRange(inputs);
        node.Output.Add(_outputs[position]);
        _graph.Node.Add(node);
        return node;
    }

    /// <summary>Writes a layer's tensors and returns their names, in the order in which its operator reads them.</summary>
    private IEnumerable<string> Tensors(int position, long[] shape)
    {
        var weights = _weights.Layers[position]!;
        var name = _names[position];
        yield return Tensor($"{name}.weight", weights.Weight, shape);
        foreach (var (suffix, values) in new[] { ("bias", weights.Bias), ("running_mean", weights.Mean), ("running_var", weights.Variance) })
        {
            if (values is { } given)
            {
                yield return Tensor($"{name}.{suffix}", given, [given.Length]);
            }
        }
    }

    private string Tensor(string name, ImmutableArray<float> values, long[] shape)
    {
        var tensor = new TensorProto
        {
            Name = name,
            DataType = (int)TensorProto.Types.DataType.Float,
            RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes(values.AsSpan())),
        };
        tensor.Dims.AddRange(shape);
        _graph.Initializer.Add(tensor);
        return name;
    }

    private static long[] Shape(in Layer layer) => [layer.OutChannels, layer.InChannels / layer.Groups, layer.Kernel, layer.Kernel];

    private string OutputOf(int position) => position < 0 ? OnnxExport.InputName : _outputs[position];

    /// <summary>A feature map or vector for each image of the batch.</summary>
    private ValueInfoProto Value(string name, params ReadOnlySpan<int> sizes)
    {
        var shape = new TensorShapeProto();
        shape.Dim.Add(_settings.BatchSize is { } batch
            ? new TensorShapeProto.Types.Dimension { DimValue = batch }
            : new TensorShapeProto.Types.Dimension { DimParam = "batch" });
        foreach (var size in sizes)
        {
            shape.Dim.Add(new TensorShapeProto.Types.Dimension { DimValue = size });
        }

        return new ValueInfoProto
        {
            Name = name,
            Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)TensorProto.Types.DataType.Float, Shape = shape } },
        };
    }

    private static void AddWindow(NodeProto node, in Layer layer)
    {
        long padding = (layer.Kernel - 1) / 2;
        Set(node, "kernel_shape", [layer.Kernel, layer.Kernel]);
        Set(node, "strides", [layer.Stride, layer.Stride]);
        Set(node, "pads", [padding, padding, padding, padding]);
    }

    private static void Set(NodeProto node, string name, long value) =>
        node.Attribute.Add(new AttributeProto { Name = name, I = value, Type = AttributeProto.Types.AttributeType.Int });

    private static void Set(NodeProto node, string name, long[] values)
    {
        var attribute = new AttributeProto { Name = name, Type = AttributeProto.Types.AttributeType.Ints };
        attribute.Ints.AddRange(values);
        node.Attribute.Add(attribute);
    }
}
