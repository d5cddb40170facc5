using System.Collections.Immutable;
using System.Globalization;

namespace ZenNas.Correlation;

/// <summary>Tells how well scores rank networks of known quality: over all, by group, and among networks of about equal cost.</summary>
public sealed class CorrelationStudy
{
    /// <summary>Bin name of entries over every cost.</summary>
    public const string EveryCost = "all";

    /// <summary>Bin name of entries pooled over the iso-budget bins by <see cref="WithinBins"/>.</summary>
    public const string PooledBins = "within bins";

    /// <summary>Iso-budget bins unless told otherwise.</summary>
    public const int DefaultBinCount = 5;

    private static readonly Statistic[] Statistics = Enum.GetValues<Statistic>();

    /// <summary>Sets up a study.</summary>
    /// <param name="baseline">Name of the score the others are compared with, or null.</param>
    /// <param name="binCount">Iso-budget bins in each group, as <see cref="IsoBudgetBins"/> makes them; at least 1.</param>
    /// <param name="bootstrap">How intervals are found; null for the default settings.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number of bins is below 1.</exception>
    public CorrelationStudy(string? baseline = null, int binCount = DefaultBinCount, Bootstrap? bootstrap = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(binCount, 1);
        (Baseline, BinCount, Bootstrap) = (baseline, binCount, bootstrap ?? new Bootstrap());
    }

    /// <summary>Name of the score the others are compared with, or null.</summary>
    public string? Baseline { get; }

    /// <summary>Iso-budget bins wanted in each group.</summary>
    public int BinCount { get; }

    /// <summary>How intervals are found.</summary>
    public Bootstrap Bootstrap { get; }

    /// <summary>
    /// Correlates every score with the target by every statistic: for all networks, then each group in the order of appearance; in each, over
    /// every cost, then, where there are at least two bins, pooled within bins and bin by bin. Networks on which a score failed are drawn with the others and left out of its value.
    /// </summary>
    /// <param name="networks">What to correlate.</param>
    /// <param name="threads">Resamples computed at the same time; the entries don't depend on it.</param>
    /// <exception cref="ArgumentException">There is no score of the baseline's name.</exception>
    public ImmutableArray<CorrelationEntry> Evaluate(ScoredNetworks networks, int threads = 1)
    {
        if (Baseline is not null && networks.Scores.All(s => s.Name != Baseline))
        {
            throw new ArgumentException($"there is no score {Baseline} to compare with", nameof(networks));
        }

        return [.. networks.RowsByGroup().SelectMany(g => Bins(networks, g.Rows).SelectMany(b => Entries(networks, g.Group, b.Name, b.Strata, threads)))];
    }

    private IEnumerable<(string Name, ImmutableArray<ImmutableArray<int>> Strata)> Bins(ScoredNetworks networks, ImmutableArray<int> rows)
    {
        var bins = IsoBudgetBins.Split(networks.Costs, rows, BinCount, IsoBudgetBins.DefaultMinimumRows);
        // A single bin would only say again what every cost says.
        return bins.Length < 2 ? [(EveryCost, [rows])] :
        [
            (EveryCost, [rows]),
            (PooledBins, [.. bins.Select(b => b.Rows)]),
            .. bins.Select(b => (string.Create(CultureInfo.InvariantCulture, $"{b.LowestCost} to {b.HighestCost}"), ImmutableArray.Create(b.Rows))),
        ];
    }

    private IEnumerable<CorrelationEntry> Entries(
        ScoredNetworks networks, string group, string bin, ImmutableArray<ImmutableArray<int>> strata, int threads)
    {
        var rows = strata.Sum(s => s.Length);
        var rowCount = networks.Targets.Length;
        var compared = Compare(networks, strata);
        ImmutableArray<StratifiedPairs> samples =
            [.. compared.SelectMany(c => new[] { c.Own, c.Shared, c.Baseline }).OfType<StratifiedPairs>().Distinct()];
        foreach (var statistic in Statistics)
        {
            var resampled = samples.Zip(Bootstrap.Resample(statistic, samples, strata, rowCount, threads)).ToDictionary(p => p.First, p => p.Second);
            foreach (var (name, own, shared, baseline) in compared)
            {
                double? difference = null;
                ConfidenceInterval? differenceInterval = null;
                if (shared is not null && baseline is not null)
                {
                    var value = shared.Value(statistic, rowCount) - baseline.Value(statistic, rowCount);
                    difference = double.IsNaN(value) ? null : value;
                    differenceInterval = Bootstrap.Interval(Bootstrap.Differences(resampled[shared], resampled[baseline]), shared.Count);
                }

                yield return new CorrelationEntry(
                    group, bin, name, statistic, own.Value(statistic, rowCount), Bootstrap.Interval(resampled[own], own.Count),
                    own.Count, rows - own.Count, difference, differenceInterval);
            }
        }
    }

    /// <summary>
    /// Every score on its own networks and, where there is a baseline, score and baseline on the networks they share. The same networks give the
    /// same object, so that they are resampled once.
    /// </summary>
    private Compared[] Compare(ScoredNetworks networks, ImmutableArray<ImmutableArray<int>> strata)
    {
        var own = networks.Scores.ToDictionary(s => s.Name, s => new StratifiedPairs(s.Values, networks.Targets, strata));
        var baseline = networks.Scores.FirstOrDefault(s => s.Name == Baseline);
        return [.. networks.Scores.Select(score => baseline is null || score == baseline
            ? new Compared(score.Name, own[score.Name], null, null)
            : new Compared(score.Name, own[score.Name], Sharing(score, baseline), Sharing(baseline, score)))];

        StratifiedPairs Sharing(ScoreColumn score, ScoreColumn other)
        {
            ImmutableArray<double> values = [.. score.Values.Zip(other.Values, (value, o) => double.IsNaN(o) ? double.NaN : value)];
            return strata.Sum(s => s.Count(row => !double.IsNaN(values[row]))) == own[score.Name].Count
                ? own[score.Name]
                : new StratifiedPairs(values, networks.Targets, strata);
        }
    }

    private sealed record Compared(string Name, StratifiedPairs Own, StratifiedPairs? Shared, StratifiedPairs? Baseline);
}
