namespace ZenNas.Architectures;

/// <summary>Plain convolution k×k, batch normalisation, ReLU (<c>SuperConvK{k}BNRELU</c>).</summary>
public sealed record ConvolutionBlock : Block
{
    /// <summary>Creates the block.</summary>
    /// <param name="kernel">1, 3, 5 or 7.</param>
    /// <param name="width">Output channels.</param>
    /// <param name="stride">Stride of the first repeat.</param>
    /// <param name="repeats">How often the block is repeated.</param>
    /// <exception cref="InvalidInputException">An attribute is out of range.</exception>
    public ConvolutionBlock(int kernel, int width, int stride = 1, int repeats = 1)
        : base(kernel, width, stride, repeats, [1, 3, 5, 7]) { }
}
