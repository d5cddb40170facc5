namespace ZenNas.Architectures;

/// <summary>
/// Bottleneck residual: 1×1 in→b, k×k b→b (stride, groups of <see cref="GroupWidth"/> channels), 1×1 b→out, each with BN,
/// ReLU after the first two; shortcut added; ReLU. <c>SuperResK1K{k}K1</c> holds two such units per repeat, the second out→b→b→out.
/// </summary>
public sealed record BottleneckBlock : ResidualBlock
{
    /// <summary>Creates the block.</summary>
    /// <param name="kernel">3, 5 or 7.</param>
    /// <param name="width">Output channels.</param>
    /// <param name="stride">Stride of the first repeat, in its k×k convolution.</param>
    /// <param name="bottleneckWidth">Inner channels b.</param>
    /// <param name="repeats">How often the block is repeated.</param>
    /// <param name="unitsPerRepeat">Residual units per repeat: 2 in the released structure strings, 1 in ResNet.</param>
    /// <param name="groupWidth">Channels per group of the k×k convolution; null for one group. Divides b.</param>
    /// <param name="projection">Convention of the shortcuts.</param>
    /// <param name="squeezeExcitation">After the ReLU of the k×k convolution.</param>
    /// <exception cref="InvalidInputException">An attribute is out of range, or the group width doesn't divide b.</exception>
    public BottleneckBlock(
        int kernel, int width, int stride, int bottleneckWidth, int repeats = 1, int unitsPerRepeat = 2, int? groupWidth = null,
        Projection projection = Projection.FirstUnit, SqueezeExcitation squeezeExcitation = SqueezeExcitation.None)
        : base(kernel, width, stride, bottleneckWidth, repeats, [3, 5, 7], projection, squeezeExcitation)
    {
        UnitsPerRepeat = Guard.InRange(unitsPerRepeat, 1, 2, "units per repeat");
        if (groupWidth is { } width1 && bottleneckWidth % Guard.InRange(width1, 1, bottleneckWidth, "group width") != 0)
        {
            throw new InvalidInputException($"group width is {width1}; allowed is a divisor of the bottleneck width {bottleneckWidth}");
        }

        GroupWidth = groupWidth == bottleneckWidth ? null : groupWidth;
    }

    /// <summary>Residual units per repeat, 1 or 2.</summary>
    public int UnitsPerRepeat { get; }

    /// <summary>Channels per group of the k×k convolution; null for one group.</summary>
    public int? GroupWidth { get; }

    /// <summary>Groups of the k×k convolution.</summary>
    public int Groups => GroupWidth is { } width ? BottleneckWidth / width : 1;
}
