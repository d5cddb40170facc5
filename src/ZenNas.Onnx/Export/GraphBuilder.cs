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
    private readonly Network _network;
    private readonly OnnxPort _input;
    private readonly ImmutableArray<OnnxPort> _ports;
    private readonly ImmutableArray<string> _names;
    private readonly ILookup<int, WeightTensor> _tensors;
    private readonly string[] _outputs;
    private readonly GraphProto _graph = new() { Name = "network" };

    public GraphBuilder(NetworkWeights weights, OnnxExportSettings settings)
    {
        (_weights, _network) = (weights, weights.Network);
        (_input, _ports) = (OnnxPort.InputOf(_network, settings), OnnxPort.OutputsOf(_network, settings));
        _names = LayerNames.Of(_network);
        _tensors = weights.Tensors().ToLookup(tensor => tensor.Layer);
        _outputs = [.. _names];
        foreach (var port in _ports)
        {
            _outputs[port.Layer] = port.Name;
        }
    }

    public GraphProto Build()
    {
        _graph.Input.Add(Value(_input));
        for (var i = 0; i <= _ports.Max(port => port.Layer); i++)
        {
            Add(i);
        }

        _graph.Output.AddRange(_ports.Select(Value));
        return _graph;
    }

    private void Add(int position)
    {
        var layer = _network.Layers[position];
        var input = OutputOf(layer.Input);
        switch (layer.Kind)
        {
            case LayerKind.Convolution:
                var convolution = Add(position, "Conv", [input, .. Tensors(position)]);
                AddWindow(convolution, layer);
                Set(convolution, "group", layer.Groups);
                Set(convolution, "dilations", [1, 1]);
                break;
            case LayerKind.BatchNorm when _weights.IsFolded:
                _outputs[position] = input;
                break;
            case LayerKind.BatchNorm:
                var norm = Add(position, "BatchNormalization", [input, .. Tensors(position)]);
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
                AddLinear(position, input);
                break;
            default:
                throw new InvalidOperationException($"no operator for {layer.Kind}");
        }
    }

    private void AddLinear(int position, string input)
    {
        var flat = $"{_names[position]}.flat";
        var flatten = new NodeProto { Name = flat, OpType = "Flatten" };
        flatten.Input.Add(input);
        flatten.Output.Add(flat);
        _graph.Node.Add(flatten);
        Set(Add(position, "Gemm", [flat, .. Tensors(position)]), "transB", 1);
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
    private IEnumerable<string> Tensors(int position)
    {
        foreach (var weights in _tensors[position])
        {
            var tensor = new TensorProto
            {
                Name = weights.Name,
                DataType = (int)TensorProto.Types.DataType.Float,
                RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes(weights.Values.AsSpan())),
            };
            tensor.Dims.AddRange(weights.Shape.Select(size => (long)size));
            _graph.Initializer.Add(tensor);
            yield return weights.Name;
        }
    }

    private string OutputOf(int position) => position < 0 ? _input.Name : _outputs[position];

    private static ValueInfoProto Value(OnnxPort port)
    {
        var shape = new TensorShapeProto();
        shape.Dim.AddRange(port.Shape.Select(size => size is { } known
            ? new TensorShapeProto.Types.Dimension { DimValue = known }
            : new TensorShapeProto.Types.Dimension { DimParam = OnnxPort.OpenSize }));
        return new ValueInfoProto
        {
            Name = port.Name,
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
