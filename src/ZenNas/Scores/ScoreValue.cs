using ZenNas.Correlation;

namespace ZenNas.Scores;

/// <summary>A score with its uncertainty, or the reason why there is none.</summary>
/// <param name="Mean">Mean over repeats.</param>
/// <param name="StandardDeviation">Sample standard deviation over repeats (n−1); NaN for a single repeat.</param>
/// <param name="Repeats">Independent repeats with fresh weights and inputs; 0 for a value without noise.</param>
public readonly record struct ScoreValue(double Mean, double StandardDeviation, int Repeats)
{
    /// <summary>The two quantities that the score combines; null for a score that is one quantity.</summary>
    public ScorePair? Pair { get; init; }

    /// <summary>Why the network has no score; null where it has one.</summary>
    public ScoreFailure? Failure { get; init; }

    /// <summary>Standard error of <see cref="Mean"/>; 0 for a value without noise.</summary>
    public double StandardError => Repeats == 0 ? 0 : StandardDeviation / Math.Sqrt(Repeats);

    /// <summary>A value without noise.</summary>
    public static ScoreValue Exact(double value) => new(value, 0, 0);

    /// <summary>One evaluation of a score that depends on its seed.</summary>
    public static ScoreValue Once(double value) => new(value, double.NaN, 1);

    /// <summary>No value.</summary>
    /// <param name="reason">Why, in words that are the same for every network it happens to.</param>
    /// <param name="detail">What is special to this network.</param>
    public static ScoreValue Failed(string reason, string? detail = null) =>
        new(double.NaN, double.NaN, 0) { Failure = new ScoreFailure(reason, detail) };

    /// <summary>Mean and sample standard deviation of repeated measurements.</summary>
    public static ScoreValue Of(ReadOnlySpan<double> values)
    {
        double sum = 0;
        foreach (var value in values)
        {
            sum += value;
        }

        var mean = sum / values.Length;
        double squares = 0;
        foreach (var value in values)
        {
            squares += (value - mean) * (value - mean);
        }

        return new ScoreValue(mean, values.Length > 1 ? Math.Sqrt(squares / (values.Length - 1)) : double.NaN, values.Length);
    }

    /// <summary>Combines single evaluations; the first failure where one failed.</summary>
    internal static ScoreValue Combine(ScoreValue[] values) => Array.Find(values, v => v.Failure is not null) is { Failure: not null } failed
        ? failed
        : Of([.. values.Select(v => v.Mean)]) with { Pair = ScorePair.Mean(values) };
}

/// <summary>Why a network has no score.</summary>
/// <param name="Reason">In words that are the same for every network it happens to.</param>
/// <param name="Detail">What is special to this network.</param>
public sealed record ScoreFailure(string Reason, string? Detail = null)
{
    /// <summary>Reason of a network that doesn't fit the memory of this machine.</summary>
    public const string TooLittleMemory = "it takes more memory than there is";

    /// <summary>The reason for a value that isn't a number.</summary>
    /// <param name="value">Infinite or NaN.</param>
    public static ScoreFailure NotFinite(double value) => new(double.IsNaN(value) ? "the score is no number" : "the score is infinite");

    /// <inheritdoc/>
    public override string ToString() => Detail is null ? Reason : $"{Reason}: {Detail}";
}

/// <summary>One of two quantities that a score combines.</summary>
/// <param name="Name">Its name in files.</param>
/// <param name="Value">Its value.</param>
/// <param name="IsLargerBetter">Whether it ranks networks by larger values.</param>
public readonly record struct ScorePart(string Name, double Value, bool IsLargerBetter);

/// <summary>Two quantities that a score combines.</summary>
/// <param name="First">The first.</param>
/// <param name="Second">The second.</param>
public sealed record ScorePair(ScorePart First, ScorePart Second)
{
    internal static ScorePair? Mean(IReadOnlyCollection<ScoreValue> values) => values.First().Pair is { } pair
        ? new ScorePair(
            pair.First with { Value = values.Average(v => v.Pair!.First.Value) },
            pair.Second with { Value = values.Average(v => v.Pair!.Second.Value) })
        : null;

    /// <summary>
    /// The combined rank by which TE-NAS compares networks (Chen et al., 2021, Algorithm 1): for each network the sum of its two ranks,
    /// 1 for the best of each; ties share their mean rank. Smaller is better.
    /// </summary>
    public static double[] CombinedRanks(IReadOnlyList<ScorePair> pairs)
    {
        var first = Ranks([.. pairs.Select(p => p.First)]);
        var second = Ranks([.. pairs.Select(p => p.Second)]);
        return [.. first.Zip(second, (a, b) => a + b)];
    }

    private static double[] Ranks(ScorePart[] parts) =>
        RankCorrelation.Ranks(Array.ConvertAll(parts, p => p.IsLargerBetter ? -p.Value : p.Value));
}
