using ZenNas.Scores;

namespace ZenNas.Torch;

/// <summary>What is summed up to the score.</summary>
public enum Convention
{
    /// <summary>Algorithm 1 as printed: Frobenius norm of the difference per image, mini-batch σ.</summary>
    Paper,

    /// <summary>
    /// The released scoring program: L1 norm of the difference per image, and running variances after two training-mode passes with
    /// momentum 0.1 from 1.
    /// </summary>
    ReleasedCode,
}

/// <summary>Number format of weights and feature maps; sums are kept in 32 bits or more.</summary>
public enum Precision
{
    /// <summary>IEEE single.</summary>
    Fp32,

    /// <summary>bfloat16.</summary>
    Bf16,
}

/// <summary>Settings of a measured Zen-Score; they determine it together with network and seed.</summary>
public sealed record MeasurementOptions
{
    /// <summary>Images N per mini-batch.</summary>
    public int BatchSize { get; init; } = 16;

    /// <summary>Size α of the perturbation, in (0, 1].</summary>
    public double Alpha { get; init; } = ZenOptions.DefaultAlpha;

    /// <summary>What is summed up.</summary>
    public Convention Convention { get; init; } = Convention.Paper;

    /// <summary>Number format.</summary>
    public Precision Precision { get; init; } = Precision.Fp32;

    /// <summary>Torch device, <c>cpu</c> or <c>cuda</c>, <c>cuda:1</c>…</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>Largest allowed <see cref="BatchSize"/>.</summary>
    public const int MaxBatchSize = ZenOptions.MaxBatchSize;

    /// <summary>Returns the options, or throws where one is out of range.</summary>
    /// <exception cref="InvalidInputException">A value is out of range.</exception>
    public MeasurementOptions Checked()
    {
        ZenOptions.CheckAlpha(Alpha);
        return BatchSize is >= 1 and <= MaxBatchSize
            ? this
            : throw new InvalidInputException($"batch is {BatchSize}; allowed is 1 to {MaxBatchSize} images");
    }
}
