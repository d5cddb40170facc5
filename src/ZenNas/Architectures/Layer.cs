namespace ZenNas.Architectures;

/// <summary>Kind of a primitive layer.</summary>
public enum LayerKind : byte
{
    /// <summary>2-D convolution, padding (k−1)/2.</summary>
    Convolution,

    /// <summary>Batch normalisation over batch and positions, scale and shift per channel.</summary>
    BatchNorm,

    /// <summary>max(x, 0).</summary>
    Relu,

    /// <summary>1/(1 + e⁻ˣ).</summary>
    Sigmoid,

    /// <summary>Max pooling, padding (k−1)/2.</summary>
    MaxPool,

    /// <summary>Mean over all positions.</summary>
    GlobalAveragePool,

    /// <summary>Sum of two feature maps of equal shape.</summary>
    Add,

    /// <summary>Feature map times one factor per channel.</summary>
    Scale,

    /// <summary>Fully connected.</summary>
    Linear,
}

/// <summary>Which part of a network a layer belongs to.</summary>
public enum Branch : byte
{
    /// <summary>The chain that remains when residual links, squeeze-and-excitation and head are removed: the paper's vanilla network.</summary>
    Main,

    /// <summary>Shortcut of a residual unit: projection and addition.</summary>
    Shortcut,

    /// <summary>Squeeze-and-excitation.</summary>
    SqueezeExcitation,

    /// <summary>Global pooling and classifier.</summary>
    Head,
}

/// <summary>
/// A primitive layer with its shapes. Layers form a graph in topological order: <see cref="Input"/> and
/// <see cref="Other"/> are positions in <see cref="Network.Layers"/>, −1 the network's input.
/// </summary>
public readonly record struct Layer
{
    /// <summary>Kind.</summary>
    public LayerKind Kind { get; init; }

    /// <summary>Part of the network.</summary>
    public Branch Branch { get; init; }

    /// <summary>Index of the block it came from; the number of blocks for the head.</summary>
    public short Block { get; init; }

    /// <summary>Index of the residual unit (or repeat of a plain convolution) inside the block.</summary>
    public short Unit { get; init; }

    /// <summary>Position of the layer whose output is read; −1 for the network's input.</summary>
    public int Input { get; init; }

    /// <summary>Position of the second operand of <see cref="LayerKind.Add"/> and <see cref="LayerKind.Scale"/>; otherwise −1.</summary>
    public int Other { get; init; }

    /// <summary>Channels in.</summary>
    public int InChannels { get; init; }

    /// <summary>Channels out.</summary>
    public int OutChannels { get; init; }

    /// <summary>Height and width in.</summary>
    public int InSize { get; init; }

    /// <summary>Height and width out.</summary>
    public int OutSize { get; init; }

    /// <summary>Kernel size k; 1 where there is none.</summary>
    public short Kernel { get; init; }

    /// <summary>Stride; 1 where there is none.</summary>
    public short Stride { get; init; }

    /// <summary>Groups of a convolution; 1 elsewhere.</summary>
    public int Groups { get; init; }

    /// <summary>Whether a convolution or linear layer adds a bias.</summary>
    public bool Bias { get; init; }

    /// <summary>Weights of a convolution or linear layer, biases not counted; 0 elsewhere.</summary>
    public long Weights => Kind is LayerKind.Convolution or LayerKind.Linear
        ? (long)(InChannels / Groups) * OutChannels * Kernel * Kernel
        : 0;

    /// <summary>Output elements per image.</summary>
    public long OutputElements => (long)OutChannels * OutSize * OutSize;
}
