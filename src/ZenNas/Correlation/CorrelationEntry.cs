namespace ZenNas.Correlation;

/// <summary>How well one score ranks some networks, by one statistic.</summary>
/// <param name="Group">Group of the networks; <see cref="ScoredNetworks.EveryGroup"/> for all.</param>
/// <param name="Bin"><see cref="CorrelationStudy.EveryCost"/>, <see cref="CorrelationStudy.PooledBins"/>, or the range of cost of a bin: "1000 to 2500".</param>
/// <param name="Score">Name of the score.</param>
/// <param name="Statistic">What was computed.</param>
/// <param name="Value">In [−1, 1], positive where better networks rank higher; NaN where it is undefined.</param>
/// <param name="Interval">Its bootstrap interval; null where there is none.</param>
/// <param name="Networks">Networks it was computed on.</param>
/// <param name="Failed">Networks of the group and bin on which the score failed.</param>
/// <param name="DifferenceFromBaseline">
/// Value less that of the baseline, in [−2, 2], both on the networks where both scores have a value. Null where it is undefined, without a
/// baseline, and for the baseline itself.
/// </param>
/// <param name="DifferenceInterval">Paired bootstrap interval of the difference; null where there is none.</param>
public sealed record CorrelationEntry(
    string Group, string Bin, string Score, Statistic Statistic, double Value, ConfidenceInterval? Interval, int Networks, int Failed,
    double? DifferenceFromBaseline, ConfidenceInterval? DifferenceInterval);
