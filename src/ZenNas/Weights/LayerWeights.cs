using System.Collections.Immutable;

namespace ZenNas.Weights;

/// <summary>Numbers of one layer, row-major.</summary>
/// <param name="Weight">Convolution: (out, in/groups, k, k). Linear: (out, in). Batch normalisation: scale (channels).</param>
/// <param name="Bias">Bias (out), or the shift of a batch normalisation; null where there is none.</param>
/// <param name="Mean">Running mean of a batch normalisation; null elsewhere.</param>
/// <param name="Variance">Running variance of a batch normalisation; null elsewhere.</param>
public sealed record LayerWeights(
    ImmutableArray<float> Weight, ImmutableArray<float>? Bias = null, ImmutableArray<float>? Mean = null, ImmutableArray<float>? Variance = null);
