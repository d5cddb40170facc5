using System.Collections.Immutable;
using System.Globalization;

namespace ZenNas.Scores;

/// <summary>Variants of the entropy score.</summary>
public sealed record EntropySettings
{
    /// <summary>Most stage weights.</summary>
    public const int MostStages = 16;

    /// <summary>
    /// Weights of the entropies after each stage, a stage being the convolutions that give maps of one size; the last weight belongs to the
    /// last stage, and stages before the first weight have none. DeepMAD uses 1, 1, 1, 1, 8, MAE-DET 0, 0, 1, 1, 6.
    /// </summary>
    public ImmutableArray<double> StageWeights { get; init; } = [1];

    /// <summary>Whether each stage's entropy is multiplied by ln(r²·c) of its output map, as in DeepMAD.</summary>
    public bool TimesOutputSize { get; init; }

    /// <summary>Throws where a weight can't be used.</summary>
    /// <exception cref="InvalidInputException">There are none or too many, one is negative or not finite, or all are 0.</exception>
    public void Check()
    {
        if (StageWeights.IsDefault || StageWeights.Length is < 1 or > MostStages
            || StageWeights.Any(w => !double.IsFinite(w) || w < 0) || StageWeights.All(w => w == 0))
        {
            var shown = StageWeights.IsDefault ? "" : string.Join(',', StageWeights.Take(MostStages + 1).Select(w => w.ToString(CultureInfo.InvariantCulture)));
            throw new InvalidInputException($"entropy weights are '{shown}'; allowed are 1 to {MostStages} numbers of at least 0, not all 0");
        }
    }

    /// <inheritdoc/>
    public bool Equals(EntropySettings? other) =>
        other is not null && TimesOutputSize == other.TimesOutputSize && StageWeights.AsSpan().SequenceEqual(other.StageWeights.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(TimesOutputSize, StageWeights.Length, StageWeights[^1]);
}
