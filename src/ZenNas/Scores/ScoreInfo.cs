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
}
