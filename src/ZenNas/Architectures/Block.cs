namespace ZenNas.Architectures;

/// <summary>
/// One block of an architecture: an immutable value, equal to any other block with the same attributes.
/// A block doesn't know its input width or resolution; both follow from what stands before it.
/// </summary>
/// <remarks>Blocks are only interpreted by <see cref="Network.Lower"/>; everything else reads layers.</remarks>
public abstract record Block
{
    private protected Block(int kernel, int width, int stride, int repeats, ReadOnlySpan<int> kernels)
    {
        Kernel = Guard.OneOf(kernel, kernels, "kernel");
        Width = Guard.InRange(width, 1, Limits.Width, "width");
        Stride = Guard.InRange(stride, 1, Limits.Stride, "stride");
        Repeats = Guard.InRange(repeats, 1, Limits.Repeats, "repeats");
    }

    /// <summary>Kernel size k of the block's spatial convolution or pooling (k×k).</summary>
    public int Kernel { get; }

    /// <summary>Output channels.</summary>
    public int Width { get; }

    /// <summary>Stride of the first repeat; later repeats have stride 1.</summary>
    public int Stride { get; }

    /// <summary>How often the block is repeated.</summary>
    public int Repeats { get; }

    /// <summary>What the block adds to the network's depth: the paper's layers, counted as sub-layers.</summary>
    public virtual int Layers => Repeats;
}
