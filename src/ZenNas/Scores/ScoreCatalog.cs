using System.Collections.Immutable;

namespace ZenNas.Scores;

/// <summary>Scores by name. Immutable; <see cref="With"/> is the one line that registers a further score.</summary>
public sealed class ScoreCatalog
{
    private readonly ImmutableArray<Entry> _entries;

    private ScoreCatalog(ImmutableArray<Entry> entries) => _entries = entries;

    /// <summary>The scores that need no tensors.</summary>
    public static ScoreCatalog TensorFree { get; } = new ScoreCatalog([])
        .With(ClosedFormZenScore.Description, s => new ClosedFormZenScore(s.Alpha))
        .With(FiniteWidthZenScore.Description, s => new FiniteWidthZenScore(s.Alpha, s.BatchSize))
        .With(ComplexityScore.Macs, _ => new ComplexityScore(ComplexityScore.Macs, cost => cost.Macs))
        .With(ComplexityScore.Parameters, _ => new ComplexityScore(ComplexityScore.Parameters, cost => cost.Parameters))
        .With(EntropyScore.Description, s => new EntropyScore(s.Entropy))
        .With(RandomScore.Description, _ => new RandomScore());

    /// <summary>What the scores are and need, in order of registration.</summary>
    public ImmutableArray<ScoreInfo> Infos => [.. _entries.Select(e => e.Info)];

    /// <summary>Names of all scores, in order of registration.</summary>
    public ImmutableArray<string> Names => [.. _entries.Select(e => e.Info.Name)];

    /// <summary>The same catalog with one more score.</summary>
    /// <param name="info">What the score is; its name isn't in the catalog yet.</param>
    /// <param name="create">Makes the score; may throw <see cref="InvalidInputException"/> for settings it can't take.</param>
    /// <exception cref="ArgumentException">The name is taken, or holds other characters than lower-case letters, digits and hyphens.</exception>
    public ScoreCatalog With(ScoreInfo info, Func<ScoreSettings, IScore> create)
    {
        ArgumentNullException.ThrowIfNull(info);
        ArgumentNullException.ThrowIfNull(create);
        return IsName(info.Name) && !Names.Contains(info.Name)
            ? new ScoreCatalog(_entries.Add(new Entry(info, create)))
            : throw new ArgumentException($"'{info.Name}' is taken or no name: lower-case letters, digits and hyphens", nameof(info));
    }

    /// <summary>What the score of that name is.</summary>
    /// <exception cref="InvalidInputException">There is no such score.</exception>
    public ScoreInfo Info(string name) => Find(name).Info;

    /// <summary>Makes the score of that name.</summary>
    /// <exception cref="InvalidInputException">There is no such score, or it can't take the settings.</exception>
    public IScore Create(string name, ScoreSettings settings) => Find(name).Create(settings.Checked());

    internal static bool IsName(string name) =>
        name.Length is > 0 and <= 64 && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');

    private Entry Find(string name) => _entries.FirstOrDefault(e => e.Info.Name == name)
        ?? throw new InvalidInputException($"score is '{Excerpt.Of(name, 60)}'; allowed is one of {string.Join(", ", Names)}");

    private sealed record Entry(ScoreInfo Info, Func<ScoreSettings, IScore> Create);
}
