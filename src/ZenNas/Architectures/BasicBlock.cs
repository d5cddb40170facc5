namespace ZenNas.Architectures;

/// <summary>
/// Basic residual (<c>SuperResK{k}K{k}</c>): conv k×k in→b (stride), BN, ReLU, conv k×k b→out, BN; shortcut added; ReLU.
/// </summary>
public sealed record BasicBlock : ResidualBlock
{
    /// <summary>Creates the block.</summary>
    /// <param name="kernel">3, 5 or 7.</param>
    /// <param name="width">Output channels.</param>
    /// <param name="stride">Stride of the first repeat.</param>
    /// <param name="bottleneckWidth">Inner channels b.</param>
    /// <param name="repeats">How often the block is repeated.</param>
    /// <param name="projection">Convention of the shortcuts.</param>
    /// <param name="squeezeExcitation">After the ReLU of the first convolution.</param>
    /// <exception cref="InvalidInputException">An attribute is out of range.</exception>
    public BasicBlock(
        int kernel, int width, int stride, int bottleneckWidth, int repeats = 1,
        Projection projection = Projection.FirstUnit, SqueezeExcitation squeezeExcitation = SqueezeExcitation.None)
        : base(kernel, width, stride, bottleneckWidth, repeats, [3, 5, 7], projection, squeezeExcitation) { }
}
