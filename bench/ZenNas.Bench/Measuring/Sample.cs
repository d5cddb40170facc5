namespace ZenNas.Bench.Measuring;

/// <summary>Numbers of the same kind, and what describes them.</summary>
internal sealed class Sample
{
    private readonly double[] _sorted;

    public Sample(IEnumerable<double> values)
    {
        _sorted = [.. values.Order()];
        Mean = _sorted.Average();
        StandardDeviation = Math.Sqrt(_sorted.Sum(v => (v - Mean) * (v - Mean)) / (_sorted.Length - 1));
    }

    public double Mean { get; }

    /// <summary>With n−1; NaN for a single number.</summary>
    public double StandardDeviation { get; }

    public double StandardError => StandardDeviation / Math.Sqrt(_sorted.Length);

    public double Minimum => _sorted[0];

    public double Maximum => _sorted[^1];

    public double Median => Quantile(0.5);

    public double LowerQuartile => Quantile(0.25);

    public double UpperQuartile => Quantile(0.75);

    /// <summary>Linear between the two nearest numbers.</summary>
    public double Quantile(double share)
    {
        var position = share * (_sorted.Length - 1);
        var below = (int)position;
        var above = Math.Min(below + 1, _sorted.Length - 1);
        return _sorted[below] + (position - below) * (_sorted[above] - _sorted[below]);
    }

    /// <summary>Mean ± standard error.</summary>
    public string ShowMean(string format) => $"{Mean.ToString(format)} ± {StandardError.ToString(format)}";
}
