using ZenNas.Architectures;
using ZenNas.Complexity;
using ZenNas.Scores;
using ZenNas.Spaces;

namespace ZenNas.Search.Scaling;

/// <summary>A network scaled to a budget.</summary>
/// <param name="Network">The scaled network.</param>
/// <param name="Depth">By what its repeats were multiplied, before rounding.</param>
/// <param name="Width">By what its widths were multiplied, before rounding.</param>
/// <param name="Score">Its closed-form Zen-Score in nats.</param>
/// <param name="Cost">Its cost by true counting.</param>
public sealed record ScaledNetwork(Architecture Network, double Depth, double Width, double Score, NetworkCost Cost);

/// <summary>
/// Makes a family of one network: all widths times one factor, all repeats times another. Of the pairs of factors that just use a budget up, the one of the highest closed-form Zen-Score is
/// taken, in place of the fixed ratio of compound scaling (Tan and Le, 2019). The score alone would always take the deepest, so depth to width is limited.
/// </summary>
public static class NetworkScaling
{
    private const double LargestDepth = 4;
    private const int Depths = 33;
    private const double LargestWidth = 65_536;
    private const int Halvings = 40;

    /// <summary>All widths and repeats times a factor, widths to a multiple; kernels, strides, groups' widths and types stay.</summary>
    /// <param name="network">The network.</param>
    /// <param name="depth">Factor of repeats, above 0.</param>
    /// <param name="width">Factor of widths, above 0.</param>
    /// <param name="multiple">Widths become multiples of it, at least 1.</param>
    /// <exception cref="InvalidInputException">The scaled network is larger than networks may be.</exception>
    public static Architecture Scaled(Architecture network, double depth, double width, int multiple)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(depth);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfLessThan(multiple, 1);
        var blocks = network.Blocks.ToBuilder();
        for (var i = 0; i < blocks.Count; i++)
        {
            blocks[i] = Scaled(blocks[i], i == 0 ? null : blocks[i - 1], depth, width, multiple);
        }

        return new Architecture(blocks.ToImmutable(), network.Resolution, network.Classes, network.InputChannels);
    }

    /// <summary>The scaled network of the highest closed-form score within a budget; null where not even the narrowest and shallowest fits.</summary>
    /// <param name="network">The network.</param>
    /// <param name="budget">Limits on cost; at least one on parameters or MACs, since widths would grow without.</param>
    /// <param name="multiple">Widths become multiples of it.</param>
    /// <param name="maxDepthToWidth">Largest ratio of depth to width, see <see cref="DepthToWidth"/>; above 0, infinite for none.</param>
    /// <param name="score">The closed form.</param>
    public static ScaledNetwork? Best(Architecture network, Budget budget, int multiple, double maxDepthToWidth, ClosedFormZenScore score)
    {
        ArgumentNullException.ThrowIfNull(budget);
        ArgumentNullException.ThrowIfNull(score);
        var limits = new Limited(budget, maxDepthToWidth, multiple);
        return Enumerable.Range(0, Depths)
            .Select(i => Math.Pow(LargestDepth, 2.0 * i / (Depths - 1) - 1))
            .OrderBy(depth => Math.Abs(Math.Log(depth)))
            .Select(depth => Widest(network, limits, depth, score))
            .OfType<ScaledNetwork>()
            .MaxBy(scaled => scaled.Score);
    }

    /// <summary>The widest network of a depth within a budget, by bisection over the logarithm of the factor.</summary>
    private static ScaledNetwork? Widest(Architecture network, Limited limits, double depth, ClosedFormZenScore score)
    {
        var (low, high) = (-Math.Log(LargestWidth), Math.Log(LargestWidth));
        if (Fitting(network, limits, depth, Math.Exp(low)) is null)
        {
            return null;
        }

        for (var i = 0; i < Halvings; i++)
        {
            var middle = (low + high) / 2;
            (low, high) = Fitting(network, limits, depth, Math.Exp(middle)) is null ? (low, middle) : (middle, high);
        }

        var scaled = Fitting(network, limits, depth, Math.Exp(low))!;
        return DepthToWidth.Of(scaled.Vanilla) <= limits.MaxDepthToWidth
            ? new ScaledNetwork(scaled.Architecture, depth, Math.Exp(low), score.Score(scaled.Vanilla), NetworkCost.Of(scaled))
            : null;
    }

    private static Network? Fitting(Architecture network, Limited limits, double depth, double width)
    {
        if (network.Blocks.Max(Widest) * width + limits.Multiple > Limits.Width || network.Layers * depth > Limits.Layers || network.Blocks.Max(b => b.Repeats) * depth > Limits.Repeats)
        {
            return null;
        }

        var lowered = Network.Lower(Scaled(network, depth, width, limits.Multiple));
        return limits.Budget.Fits(lowered) ? lowered : null;
    }

    /// <summary>Most channels that a block asks for.</summary>
    private static double Widest(Block block) => block switch
    {
        InvertedBottleneckBlock b => (double)b.Expansion * Math.Max(b.Width, b.BottleneckWidth),
        ResidualBlock b => Math.Max(b.Width, b.BottleneckWidth),
        _ => block.Width,
    };

    private static Block Scaled(Block block, Block? before, double depth, double width, int multiple)
    {
        int Wide(int value, int step) => Math.Max(1, (int)Math.Round(value * width / step)) * step;
        var (wide, repeats) = (Wide(block.Width, multiple), Math.Max(1, (int)Math.Round(block.Repeats * depth)));
        return block switch
        {
            MaxPoolBlock => new MaxPoolBlock(block.Kernel, block.Stride, before!.Width),
            BasicBlock b => new BasicBlock(b.Kernel, wide, b.Stride, Wide(b.BottleneckWidth, multiple), repeats, b.Projection, b.SqueezeExcitation),
            BottleneckBlock b => new BottleneckBlock(
                b.Kernel, wide, b.Stride, Wide(b.BottleneckWidth, b.GroupWidth ?? multiple), repeats, b.UnitsPerRepeat, b.GroupWidth, b.Projection, b.SqueezeExcitation),
            InvertedBottleneckBlock b => new InvertedBottleneckBlock(
                b.Expansion, b.Kernel, wide, b.Stride, Wide(b.BottleneckWidth, multiple), repeats, b.Projection, b.SqueezeExcitation),
            _ => new ConvolutionBlock(block.Kernel, wide, block.Stride, block.Repeats == 1 ? 1 : repeats),
        };
    }

    private sealed record Limited(Budget Budget, double MaxDepthToWidth, int Multiple);
}
