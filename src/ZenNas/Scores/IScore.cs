using ZenNas.Architectures;
using ZenNas.Search;

namespace ZenNas.Scores;

/// <summary>Ranks networks without training them; larger is better. Implementations are safe for concurrent use.</summary>
public interface IScore
{
    /// <summary>Name on the command line and in files.</summary>
    string Name { get; }

    /// <summary>Scores a network; the same network and seed give the same value on one machine.</summary>
    /// <param name="network">What to score.</param>
    /// <param name="seed">Seed of all random draws.</param>
    ScoreValue Evaluate(Network network, ulong seed);

    /// <summary>Scores several networks; the values don't depend on how many are scored at the same time.</summary>
    /// <param name="networks">What to score, each with its seed.</param>
    /// <param name="threads">Networks scored at the same time.</param>
    ScoreValue[] EvaluateAll(IReadOnlyList<(Network Network, ulong Seed)> networks, int threads)
    {
        var values = new ScoreValue[networks.Count];
        Workers.Run(values.Length, threads, i => values[i] = Evaluate(networks[i].Network, networks[i].Seed));
        return values;
    }
}

/// <summary>A score with its uncertainty.</summary>
/// <param name="Mean">Mean over repeats.</param>
/// <param name="StandardDeviation">Sample standard deviation over repeats (n−1); NaN for a single repeat.</param>
/// <param name="Repeats">Independent repeats with fresh weights and inputs; 0 for a value without noise.</param>
public readonly record struct ScoreValue(double Mean, double StandardDeviation, int Repeats)
{
    /// <summary>Standard error of <see cref="Mean"/>; 0 for a value without noise.</summary>
    public double StandardError => Repeats == 0 ? 0 : StandardDeviation / Math.Sqrt(Repeats);

    /// <summary>A value without noise.</summary>
    public static ScoreValue Exact(double value) => new(value, 0, 0);

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
}
