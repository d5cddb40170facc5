using System.Collections.Immutable;

namespace ZenNas.Weights;

/// <summary>Numbers of one layer, row-major.</summary>
/// <param name="Weight">Convolution: (out, in/groups, k, k). Linear: (out, in). Batch normalisation: scale (channels).</param>
/// <param name="Bias">Bias (out), or the shift of a batch normalisation; null where there is none.</param>
/// <param name="Mean">Running mean of a batch normalisation; null elsewhere.</param>
/// <param name="Variance">Running variance of a batch normalisation; null elsewhere.</param>
public sealed record LayerWeights(
    ImmutableArray<float> Weight, ImmutableArray<float>? Bias = null, ImmutableArray<float>? Mean = null, ImmutableArray<float>? Variance = null)
{
    /// <summary>Those that are there, in the order of the parameters.</summary>
    internal IEnumerable<ImmutableArray<float>> Tensors => new[] { Weight, Bias, Mean, Variance }.OfType<ImmutableArray<float>>();

    /// <inheritdoc/>
    public bool Equals(LayerWeights? other) =>
        other is not null && AreEqual(Weight, other.Weight) && AreEqual(Bias, other.Bias) && AreEqual(Mean, other.Mean) && AreEqual(Variance, other.Variance);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Weight.Length, Bias?.Length, Mean?.Length, Variance?.Length);

    private static bool AreEqual(ImmutableArray<float>? one, ImmutableArray<float>? other) =>
        one.HasValue == other.HasValue && (one is not { } values || values.AsSpan().SequenceEqual(other!.Value.AsSpan()));
}
