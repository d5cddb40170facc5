namespace ZenNas.Export.PyTorch;

/// <summary>What a network has or hasn't, and templates depend on.</summary>
[Flags]
internal enum ModelParts
{
    None = 0,

    /// <summary>Batch normalisations; they aren't folded.</summary>
    BatchNorm = 1,

    /// <summary>Squeeze-and-excitation in some unit.</summary>
    Excitation = 2,

    /// <summary>A bottleneck whose convolution has groups, without being depthwise.</summary>
    Groups = 4,

    /// <summary>Feature maps at strides 4 to 32.</summary>
    Maps = 8,

    /// <summary>Blocks behind the last feature map.</summary>
    Tail = 16,

    /// <summary>Feature maps are what the network gives unless it is told otherwise.</summary>
    FeaturesOnly = 32,
}
