namespace ZenNas.Architectures;

/// <summary>Max pooling k×k with padding (k−1)/2, as in the stem of a ResNet. It has no parameters and adds no depth.</summary>
public sealed record MaxPoolBlock : Block
{
    /// <summary>Creates the block.</summary>
    /// <param name="kernel">3, 5 or 7.</param>
    /// <param name="stride">Stride.</param>
    /// <param name="width">Channels in and out: those of the block before.</param>
    /// <exception cref="InvalidInputException">An attribute is out of range.</exception>
    public MaxPoolBlock(int kernel, int stride, int width) : base(kernel, width, stride, 1, [3, 5, 7]) { }

    /// <inheritdoc/>
    public override int Layers => 0;
}
