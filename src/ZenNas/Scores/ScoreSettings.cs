using System.Globalization;

namespace ZenNas.Scores;

/// <summary>Everything that determines a score besides network and seed. A score reads what concerns it.</summary>
public sealed record ScoreSettings
{
    /// <summary>α of Algorithm 1.</summary>
    public const double DefaultAlpha = 0.01;

    /// <summary>Images N per mini-batch in Algorithm 1.</summary>
    public const int DefaultBatchSize = 16;

    /// <summary>Most images of a mini-batch.</summary>
    public const int MaxBatchSize = 4096;

    /// <summary>Images N per mini-batch.</summary>
    public int BatchSize { get; init; } = DefaultBatchSize;

    /// <summary>Size α of the Zen-Score's perturbation, in (0, 1].</summary>
    public double Alpha { get; init; } = DefaultAlpha;

    /// <summary>What a measured Zen-Score sums up.</summary>
    public Convention Convention { get; init; } = Convention.Paper;

    /// <summary>Number format of the measured Zen-Score and the Φ-score; other proxies know single precision only.</summary>
    public Precision Precision { get; init; } = Precision.Fp32;

    /// <summary>Torch device, <c>cpu</c> or <c>cuda</c>, <c>cuda:1</c>…</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>Variant of the entropy score.</summary>
    public EntropySettings Entropy { get; init; } = new();

    /// <summary>Returns the settings, or throws where one is out of range.</summary>
    /// <exception cref="InvalidInputException">A value is out of range.</exception>
    public ScoreSettings Checked()
    {
        CheckAlpha(Alpha);
        Entropy.Check();
        return BatchSize is >= 1 and <= MaxBatchSize
            ? this
            : throw new InvalidInputException($"batch is {BatchSize}; allowed is 1 to {MaxBatchSize} images");
    }

    /// <summary>Whether a torch device of this name could be there: cpu, cuda or cuda:0 to cuda:63.</summary>
    public static bool IsDeviceName(string name) =>
        name is "cpu" or "cuda"
        || (name.StartsWith("cuda:", StringComparison.Ordinal)
            && int.TryParse(name.AsSpan(5), NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < 64);

    /// <summary>Returns α, or throws where it is outside (0, 1].</summary>
    /// <exception cref="InvalidInputException">α is out of range.</exception>
    public static double CheckAlpha(double alpha) =>
        alpha is > 0 and <= 1 ? alpha : throw new InvalidInputException($"alpha is {alpha}; allowed is above 0 and at most 1");
}
