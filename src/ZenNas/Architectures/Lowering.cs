using System.Collections.Immutable;

namespace ZenNas.Architectures;

/// <summary>Turns blocks into primitive layers; the only code that knows what a block means.</summary>
internal sealed class Lowering
{
    private readonly Architecture _architecture;
    private readonly ImmutableArray<Layer>.Builder _layers;
    private int _last = -1;
    private int _channels;
    private int _size;
    private short _block;
    private short _unit;

    public Lowering(Architecture architecture)
    {
        _architecture = architecture;
        _layers = ImmutableArray.CreateBuilder<Layer>(16 + 24 * architecture.Layers);
        _channels = architecture.InputChannels;
        _size = architecture.Resolution;
    }

    public ImmutableArray<Layer> Run()
    {
        foreach (var block in _architecture.Blocks)
        {
            _unit = 0;
            Lower(block);
            _block++;
        }

        _unit = 0;
        Add(LayerKind.GlobalAveragePool, Branch.Head, _channels, outSize: 1);
        Add(LayerKind.Linear, Branch.Head, _architecture.Classes, bias: true);
        return _layers.DrainToImmutable();
    }

    private void Lower(Block block)
    {
        if (block is MaxPoolBlock pool)
        {
            Add(LayerKind.MaxPool, Branch.Main, _channels, pool.Kernel, pool.Stride);
            return;
        }

        for (var repeat = 0; repeat < block.Repeats; repeat++)
        {
            var stride = repeat == 0 ? block.Stride : 1;
            switch (block)
            {
                case ConvolutionBlock convolution:
                    Convolve(convolution.Width, convolution.Kernel, stride);
                    Add(LayerKind.Relu, Branch.Main, _channels);
                    _unit++;
                    break;
                case BasicBlock basic:
                    Basic(basic, stride);
                    break;
                case BottleneckBlock bottleneck:
                    for (var unit = 0; unit < bottleneck.UnitsPerRepeat; unit++)
                    {
                        Bottleneck(bottleneck, unit == 0 ? stride : 1);
                    }

                    break;
                case InvertedBottleneckBlock inverted:
                    InvertedBottleneck(inverted, inverted.BottleneckWidth, stride);
                    InvertedBottleneck(inverted, inverted.Width, 1);
                    break;
                default:
                    throw new InvalidOperationException($"no lowering for {block.GetType().Name}");
            }
        }
    }

    private void Basic(BasicBlock block, int stride)
    {
        var entry = Enter();
        Convolve(block.BottleneckWidth, block.Kernel, stride);
        Add(LayerKind.Relu, Branch.Main, _channels);
        SqueezeAndExcite(block.SqueezeExcitation, entry.Channels);
        Convolve(block.Width, block.Kernel, 1);
        CloseUnit(block, entry, stride);
    }

    private void Bottleneck(BottleneckBlock block, int stride)
    {
        var entry = Enter();
        Convolve(block.BottleneckWidth, 1, 1);
        Add(LayerKind.Relu, Branch.Main, _channels);
        Convolve(block.BottleneckWidth, block.Kernel, stride, block.Groups);
        Add(LayerKind.Relu, Branch.Main, _channels);
        SqueezeAndExcite(block.SqueezeExcitation, entry.Channels);
        Convolve(block.Width, 1, 1);
        CloseUnit(block, entry, stride);
    }

    private void InvertedBottleneck(InvertedBottleneckBlock block, int width, int stride)
    {
        var entry = Enter();
        var depthwise = block.DepthwiseWidth(width);
        Convolve(depthwise, 1, 1);
        Add(LayerKind.Relu, Branch.Main, _channels);
        Convolve(depthwise, block.Kernel, stride, depthwise);
        Add(LayerKind.Relu, Branch.Main, _channels);
        SqueezeAndExcite(block.SqueezeExcitation, entry.Channels);
        Convolve(width, 1, 1);
        CloseUnit(block, entry, stride);
    }

    private (int Layer, int Channels, int Size) Enter() => (_last, _channels, _size);

    /// <summary>Adds the shortcut, projected where the block's convention asks for it, then the ReLU.</summary>
    private void CloseUnit(ResidualBlock block, (int Layer, int Channels, int Size) entry, int stride)
    {
        var main = Enter();
        var shapeChanges = stride != 1 || entry.Channels != _channels;
        if (shapeChanges || (block.Projection == Projection.FirstUnit && _unit == 0))
        {
            (_last, _channels, _size) = entry;
            Add(LayerKind.Convolution, Branch.Shortcut, main.Channels, 1, stride, bias: block.Projection == Projection.FirstUnit);
            Add(LayerKind.BatchNorm, Branch.Shortcut, main.Channels);
        }
        else
        {
            _last = entry.Layer;
        }

        var shortcut = _last;
        (_last, _channels, _size) = main;
        Add(LayerKind.Add, Branch.Shortcut, _channels, other: shortcut);
        Add(LayerKind.Relu, Branch.Main, _channels);
        _unit++;
    }

    private void SqueezeAndExcite(SqueezeExcitation kind, int unitChannels)
    {
        if (kind == SqueezeExcitation.None)
        {
            return;
        }

        var map = Enter();
        var whole = kind == SqueezeExcitation.InputQuarter ? unitChannels : map.Channels;
        var squeezed = Math.Max(1, (int)Math.Round(whole / 4.0, MidpointRounding.ToEven));
        Add(LayerKind.GlobalAveragePool, Branch.SqueezeExcitation, _channels, outSize: 1);
        ConvolveInExcitation(kind, squeezed);
        Add(LayerKind.Relu, Branch.SqueezeExcitation, squeezed);
        ConvolveInExcitation(kind, map.Channels);
        Add(LayerKind.Sigmoid, Branch.SqueezeExcitation, map.Channels);
        var factors = _last;
        (_last, _channels, _size) = map;
        Add(LayerKind.Scale, Branch.SqueezeExcitation, _channels, other: factors);
    }

    /// <summary>A 1×1 convolution with a bias, or with batch normalisation in its place.</summary>
    private void ConvolveInExcitation(SqueezeExcitation kind, int width)
    {
        var hasBias = kind == SqueezeExcitation.InputQuarter;
        Add(LayerKind.Convolution, Branch.SqueezeExcitation, width, bias: hasBias);
        if (!hasBias)
        {
            Add(LayerKind.BatchNorm, Branch.SqueezeExcitation, width);
        }
    }

    private void Convolve(int width, int kernel, int stride, int groups = 1)
    {
        Add(LayerKind.Convolution, Branch.Main, width, kernel, stride, groups);
        Add(LayerKind.BatchNorm, Branch.Main, width);
    }

    private void Add(
        LayerKind kind, Branch branch, int width, int kernel = 1, int stride = 1, int groups = 1,
        bool bias = false, int other = -1, int outSize = 0)
    {
        if (outSize == 0)
        {
            outSize = (_size - 1) / stride + 1;
        }

        _layers.Add(new Layer
        {
            Kind = kind,
            Branch = branch,
            Block = _block,
            Unit = _unit,
            Input = _last,
            Other = other,
            InChannels = _channels,
            OutChannels = width,
            InSize = _size,
            OutSize = outSize,
            Kernel = (short)kernel,
            Stride = (short)stride,
            Groups = groups,
            Bias = bias,
        });
        _last = _layers.Count - 1;
        (_channels, _size) = (width, outSize);
    }
}
