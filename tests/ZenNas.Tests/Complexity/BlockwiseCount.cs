using ZenNas.Architectures;

namespace ZenNas.Tests.Complexity;

/// <summary>Counts a network from its blocks, one formula for each, with no layer in between.</summary>
internal sealed class BlockwiseCount
{
    private Int128 _channels;
    private Int128 _size;

    private BlockwiseCount(Architecture architecture)
    {
        (_channels, _size) = (architecture.InputChannels, architecture.Resolution);
        foreach (var block in architecture.Blocks)
        {
            Count(block);
        }

        Parameters += _channels * architecture.Classes + architecture.Classes;
        Macs += _channels * architecture.Classes;
        Activations += architecture.Classes;
        BiasedOutputs += architecture.Classes;
    }

    public Int128 Parameters { get; private set; }

    public Int128 Macs { get; private set; }

    public Int128 Activations { get; private set; }

    /// <summary>Outputs of projections, squeeze-and-excitation and classifier that a bias was added to.</summary>
    public Int128 BiasedOutputs { get; private set; }

    public static BlockwiseCount Of(Architecture architecture) => new(architecture);

    private void Count(Block block)
    {
        if (block is MaxPoolBlock)
        {
            _size = Reduced(block.Stride);
            Activations += _channels * _size * _size;
            return;
        }

        for (var repeat = 1; repeat <= block.Repeats; repeat++)
        {
            var isFirst = repeat == 1;
            var stride = isFirst ? block.Stride : 1;
            switch (block)
            {
                case ConvolutionBlock:
                    Plain(block.Kernel, block.Width, stride);
                    break;
                case BasicBlock b:
                    Basic(b, stride, isFirst);
                    break;
                case BottleneckBlock b:
                    Spatial(b, b.BottleneckWidth, b.GroupWidth ?? b.BottleneckWidth, b.Width, stride, isFirst);
                    if (b.UnitsPerRepeat == 2)
                    {
                        Spatial(b, b.BottleneckWidth, b.GroupWidth ?? b.BottleneckWidth, b.Width, 1, false);
                    }

                    break;
                case InvertedBottleneckBlock b:
                    Spatial(b, Round8(b.BottleneckWidth * b.Expansion), 1, b.BottleneckWidth, stride, isFirst);
                    Spatial(b, Round8(b.Width * b.Expansion), 1, b.Width, 1, false);
                    break;
                default:
                    throw new InvalidOperationException("a block without a formula");
            }
        }
    }

    private void Plain(int kernel, int width, int stride)
    {
        _size = Reduced(stride);
        Parameters += (Int128)kernel * kernel * _channels * width + 2 * width;
        Macs += (Int128)kernel * kernel * _channels * width * _size * _size;
        Activations += width * _size * _size;
        _channels = width;
    }

    /// <summary>k²·in·b + 2b, k²·b·out + 2·out.</summary>
    private void Basic(BasicBlock block, int stride, bool isFirst)
    {
        Int128 k2 = block.Kernel * block.Kernel, b = block.BottleneckWidth, w = block.Width;
        var area = Reduced(stride) * Reduced(stride);
        Parameters += k2 * b * (_channels + w) + 2 * (b + w);
        Macs += k2 * b * (_channels + w) * area;
        Activations += (b + w) * area;
        Excite(block, b, _channels);
        Close(block, w, stride, isFirst);
    }

    /// <summary>A 1×1 convolution to m channels, a k×k one inside them where each sees a group of g, a 1×1 one out of them.</summary>
    private void Spatial(ResidualBlock block, Int128 m, Int128 g, Int128 width, int stride, bool isFirst)
    {
        Int128 k2 = block.Kernel * block.Kernel;
        var (before, after) = (_size * _size, Reduced(stride) * Reduced(stride));
        Parameters += _channels * m + k2 * m * g + m * width + 2 * m + 2 * m + 2 * width;
        Macs += _channels * m * before + (k2 * g + width) * m * after;
        Activations += m * before + (m + width) * after;
        Excite(block, m, _channels);
        Close(block, width, stride, isFirst);
    }

    /// <summary>1×1 c→q and back, a batch normalisation after each; or a bias in each, and q from what enters the unit.</summary>
    private void Excite(ResidualBlock block, Int128 c, Int128 entering)
    {
        if (block.SqueezeExcitation == SqueezeExcitation.None)
        {
            return;
        }

        // round(a/4), ties to even: a = 4n + 2 is a tie between n and n + 1.
        var hasBias = block.SqueezeExcitation == SqueezeExcitation.InputQuarter;
        var a = hasBias ? entering : c;
        var q = a % 4 == 2 ? a / 4 + a / 4 % 2 : (a + 1) / 4;
        q = q == 0 ? 1 : q;
        Parameters += 2 * c * q + (hasBias ? 1 : 2) * (q + c);
        Macs += 2 * c * q;
        Activations += q + c;
        BiasedOutputs += hasBias ? q + c : 0;
    }

    private void Close(ResidualBlock block, Int128 width, int stride, bool isFirst)
    {
        var hasBias = block.Projection == Projection.FirstUnit;
        var isProjected = stride > 1 || _channels != width || (hasBias && isFirst);
        _size = Reduced(stride);
        if (isProjected)
        {
            Parameters += _channels * width + 2 * width + (hasBias ? width : 0);
            Macs += _channels * width * _size * _size;
            Activations += width * _size * _size;
            BiasedOutputs += hasBias ? width * _size * _size : 0;
        }

        _channels = width;
    }

    private Int128 Reduced(int stride) => (_size + stride - 1) / stride;

    /// <summary>max(8, 8·round(x/8)), ties to even.</summary>
    private static int Round8(int x)
    {
        var (eights, rest) = Math.DivRem(x, 8);
        var rounded = rest > 4 || (rest == 4 && eights % 2 == 1) ? eights + 1 : eights;
        return rounded == 0 ? 8 : 8 * rounded;
    }
}
