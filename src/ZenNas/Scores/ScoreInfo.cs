namespace ZenNas.Scores;

/// <summary>What a score is and needs; shown wherever it is chosen or reported.</summary>
public sealed record ScoreInfo
{
    /// <summary>Name on the command line and in files: lower-case letters, digits and hyphens.</summary>
    public required string Name { get; init; }

    /// <summary>What it computes, in one line.</summary>
    public required string Summary { get; init; }

    /// <summary>Where it is defined.</summary>
    public required string Source { get; init; }

    /// <summary>
    /// Whether the published quantity ranks networks by larger values. Where it doesn't, the score is its negative, so that a larger score
    /// is always better.
    /// </summary>
    public bool IsLargerBetter { get; init; } = true;

    /// <summary>Whether it back-propagates.</summary>
    public bool NeedsGradients { get; init; }

    /// <summary>Whether it depends on the number of classes, that is on the classifier.</summary>
    public bool DependsOnClasses { get; init; }

    /// <summary>Whether it depends on the seed; if not, its values have no noise.</summary>
    public bool IsRandom { get; init; }

    /// <summary>Whether it runs the network on tensors.</summary>
    public bool NeedsTensors { get; init; }

    /// <summary>Whether its value is a natural logarithm, or a sum or difference of some.</summary>
    public bool IsLogarithm { get; init; }

    /// <summary>Whether it reads <see cref="ScoreSettings.Alpha"/>.</summary>
    public bool UsesAlpha { get; init; }

    /// <summary>Whether it evaluates the mini-batch of <see cref="ScoreSettings.BatchSize"/> images.</summary>
    public bool UsesBatch { get; init; }

    /// <summary>Whether it reads <see cref="ScoreSettings.Convention"/>.</summary>
    public bool UsesConvention { get; init; }

    /// <summary>Whether it reads <see cref="ScoreSettings.Entropy"/>.</summary>
    public bool UsesEntropyVariant { get; init; }

    /// <summary>What network, weights and inputs it is computed with, as part of a sentence; null where the summary says all.</summary>
    public string? Conditions { get; init; }
}
