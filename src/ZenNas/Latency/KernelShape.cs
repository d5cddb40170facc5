namespace ZenNas.Latency;

/// <summary>Kind of a kernel, as runtimes execute networks.</summary>
public enum KernelKind : byte
{
    /// <summary>Convolution over all channels with batch normalisation, and the ReLU that may follow.</summary>
    Convolution,

    /// <summary>The same in more than one group, with several channels each.</summary>
    GroupedConvolution,

    /// <summary>The same with one channel a group.</summary>
    DepthwiseConvolution,

    /// <summary>Squeeze-and-excitation: global pooling, two 1×1 convolutions, sigmoid, scaling.</summary>
    SqueezeExcitation,

    /// <summary>Max pooling.</summary>
    MaxPool,

    /// <summary>Global pooling and the linear layer.</summary>
    Head,
}

/// <summary>A kernel with the shapes that its time depends on, for one image.</summary>
/// <param name="Kind">Kind.</param>
/// <param name="InChannels">Channels in.</param>
/// <param name="OutChannels">Channels out; of squeeze-and-excitation the squeezed ones, of the head the classes.</param>
/// <param name="InSize">Height and width in.</param>
/// <param name="OutSize">Height and width out; of squeeze-and-excitation and head the size of the map that is pooled.</param>
/// <param name="Kernel">Kernel size; 1 where there is none.</param>
/// <param name="Stride">Stride; 1 where there is none.</param>
/// <param name="Groups">Groups of a grouped convolution; 1 elsewhere.</param>
/// <param name="Adds">Whether the result of a shortcut is added.</param>
public readonly record struct KernelShape(
    KernelKind Kind, int InChannels, int OutChannels, int InSize, int OutSize, int Kernel, int Stride, int Groups, bool Adds)
{
    /// <summary>Multiply–adds for one image.</summary>
    public double Macs => Kind switch
    {
        KernelKind.SqueezeExcitation => 2.0 * InChannels * OutChannels,
        KernelKind.Head => (double)InChannels * OutChannels,
        KernelKind.MaxPool => 0,
        KernelKind.DepthwiseConvolution => (double)OutChannels * Kernel * Kernel * OutSize * OutSize,
        _ => (double)InChannels / Groups * OutChannels * Kernel * Kernel * OutSize * OutSize,
    };

    /// <summary>Weights of a convolution, or of the linear layer; 0 of pooling.</summary>
    public double Weights => Kind is KernelKind.SqueezeExcitation or KernelKind.Head or KernelKind.MaxPool ? Macs : Macs / ((double)OutSize * OutSize);

    /// <summary>Elements that are read or written for one image, weights included.</summary>
    public double Elements => Kind switch
    {
        KernelKind.SqueezeExcitation => 3.0 * InChannels * OutSize * OutSize + Macs,
        KernelKind.Head => (double)InChannels * OutSize * OutSize + Macs + OutChannels,
        KernelKind.MaxPool => (double)InChannels * ((double)InSize * InSize + (double)OutSize * OutSize),
        _ => (double)InChannels * InSize * InSize + (Adds ? 2.0 : 1.0) * OutChannels * OutSize * OutSize + Macs / ((double)OutSize * OutSize),
    };
}
