namespace ZenNas.Architectures;

/// <summary>What basic, bottleneck and inverted bottleneck blocks share: inner width, shortcut and squeeze-and-excitation.</summary>
public abstract record ResidualBlock : Block
{
    private protected ResidualBlock(
        int kernel, int width, int stride, int bottleneckWidth, int repeats, ReadOnlySpan<int> kernels,
        Projection projection, SqueezeExcitation squeezeExcitation)
        : base(kernel, width, stride, repeats, kernels)
    {
        BottleneckWidth = Guard.InRange(bottleneckWidth, 1, Limits.Width, "bottleneck width");
        Projection = projection;
        SqueezeExcitation = squeezeExcitation;
    }

    /// <summary>Inner channels b.</summary>
    public int BottleneckWidth { get; }

    /// <summary>Where shortcuts are projected, and whether projections have a bias.</summary>
    public Projection Projection { get; }

    /// <summary>Kind of squeeze-and-excitation in each residual unit.</summary>
    public SqueezeExcitation SqueezeExcitation { get; init; }
}

/// <summary>Convention of the projection (1×1 convolution with stride, then batch normalisation) on a shortcut.</summary>
public enum Projection
{
    /// <summary>As in the released ZenNets: with bias; the first unit of a block always has one, others where stride or width changes.</summary>
    FirstUnit,

    /// <summary>As in ResNet: without bias, exactly where stride or width changes.</summary>
    WhereShapeChanges,
}

/// <summary>Kind of squeeze-and-excitation (Hu et al., 2018).</summary>
public enum SqueezeExcitation
{
    /// <summary>None.</summary>
    None,

    /// <summary>
    /// As in the released ZenNets: global pool, 1×1 c→q, BN, ReLU, 1×1 q→c, BN, sigmoid, scale; q = max(1, round(c/4)), no biases.
    /// </summary>
    Quarter,

    /// <summary>
    /// As in RegNetY (Radosavovic et al., 2020): global pool, 1×1 c→q with bias, ReLU, 1×1 q→c with bias, sigmoid, scale; no batch
    /// normalisation. q = max(1, round(a/4)), ties to even, where a is the number of channels that enter the residual unit.
    /// </summary>
    InputQuarter,
}
