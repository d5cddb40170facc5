namespace ZenNas.Architectures;

/// <summary>
/// Inverted bottleneck (<c>SuperResIDWE{e}K{k}</c>), two residual units per repeat: 1×1 in→d₁, depthwise k×k d₁ (stride), 1×1 d₁→b;
/// then 1×1 b→d₂, depthwise k×k d₂, 1×1 d₂→out; d₁ = round8(b·e), d₂ = round8(out·e). BN after every convolution, ReLU after the
/// first two of each unit and after each shortcut addition.
/// </summary>
public sealed record InvertedBottleneckBlock : ResidualBlock
{
    /// <summary>Creates the block.</summary>
    /// <param name="expansion">Expansion e: 1, 2, 4 or 6.</param>
    /// <param name="kernel">Depthwise kernel: 3, 5 or 7.</param>
    /// <param name="width">Output channels of the second unit.</param>
    /// <param name="stride">Stride of the first repeat, in its first depthwise convolution.</param>
    /// <param name="bottleneckWidth">Output channels b of the first unit.</param>
    /// <param name="repeats">How often the block is repeated.</param>
    /// <param name="projection">Convention of the shortcuts.</param>
    /// <param name="squeezeExcitation">After the ReLU of the depthwise convolution.</param>
    /// <exception cref="InvalidInputException">An attribute is out of range.</exception>
    public InvertedBottleneckBlock(
        int expansion, int kernel, int width, int stride, int bottleneckWidth, int repeats = 1,
        Projection projection = Projection.FirstUnit, SqueezeExcitation squeezeExcitation = SqueezeExcitation.None)
        : base(kernel, width, stride, bottleneckWidth, repeats, [3, 5, 7], projection, squeezeExcitation) =>
        Expansion = Guard.OneOf(expansion, [1, 2, 4, 6], "expansion");

    /// <summary>Expansion e.</summary>
    public int Expansion { get; }

    /// <summary>Depthwise width d = round8(channels·e) of a unit that ends in that many channels.</summary>
    public int DepthwiseWidth(int channels) => Math.Max(8, 8 * (int)Math.Round(channels * Expansion / 8.0, MidpointRounding.ToEven));
}
