using System.Collections.Immutable;
using System.Diagnostics;
using ZenNas.Architectures;
using ZenNas.Search;

namespace ZenNas.Scores;

/// <summary>A score of a network with how it was got and how long that took.</summary>
public sealed class Evaluation
{
    private const int TimedWithoutNoise = 32;
    private const double EnoughTiming = 0.1;

    private Evaluation(ScoreInfo info, ScoreValue value, ImmutableArray<double> seconds, int atOnce) =>
        (Info, Value, Seconds, AtOnce) = (info, value, seconds, atOnce);

    /// <summary>What was computed.</summary>
    public ScoreInfo Info { get; }

    /// <summary>Mean over repeats, or the first failure.</summary>
    public ScoreValue Value { get; }

    /// <summary>
    /// Seconds of an evaluation, one entry for each that was timed; the first evaluation warms up and counts only where it is the only one.
    /// Where several ran at the same time, an entry is the time of them together.
    /// </summary>
    public ImmutableArray<double> Seconds { get; }

    /// <summary>Evaluations that ran at the same time.</summary>
    public int AtOnce { get; }

    /// <summary>Median of <see cref="Seconds"/>.</summary>
    public double MedianSeconds
    {
        get
        {
            var sorted = Seconds.Sort();
            return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
        }
    }

    /// <summary>Smallest and largest of <see cref="Seconds"/>.</summary>
    public (double Least, double Most) SecondsRange => (Seconds.Min(), Seconds.Max());

    /// <summary>Evaluates a score repeatedly with independent draws; once where the seed doesn't matter.</summary>
    /// <param name="score">What to compute.</param>
    /// <param name="network">Of which network.</param>
    /// <param name="seed">Seed of all repeats.</param>
    /// <param name="repeats">Evaluations, at least 1; ignored by scores without noise.</param>
    /// <param name="threads">Evaluations at the same time; doesn't change the value.</param>
    /// <param name="done">Told how many evaluations are done.</param>
    /// <param name="cancellation">Ends the evaluation between repeats.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static Evaluation Of(
        IScore score, Network network, ulong seed, int repeats, int threads, Action<int>? done = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(score);
        return score.Info.IsRandom
            ? Repeat(score, network, seed, repeats, threads, done, cancellation)
            : Once(score, network, seed);
    }

    private static Evaluation Repeat(
        IScore score, Network network, ulong seed, int repeats, int threads, Action<int>? done, CancellationToken cancellation)
    {
        var values = new List<ScoreValue>(repeats);
        var seconds = ImmutableArray.CreateBuilder<double>();
        while (values.Count < repeats && !values.Exists(v => v.Failure is not null))
        {
            cancellation.ThrowIfCancellationRequested();
            var first = values.Count;
            var wave = Enumerable.Range(first, Math.Min(threads, repeats - first)).Select(i => (network, StepRandom.Derive(seed, (ulong)i)));
            var watch = Stopwatch.StartNew();
            values.AddRange(score.EvaluateAll([.. wave], threads));
            seconds.Add(watch.Elapsed.TotalSeconds);
            done?.Invoke(values.Count);
        }

        if (seconds.Count > 1)
        {
            seconds.RemoveAt(0);
        }

        return new Evaluation(score.Info, ScoreValue.Combine([.. values]), seconds.ToImmutable(), Math.Min(threads, repeats));
    }

    private static Evaluation Once(IScore score, Network network, ulong seed)
    {
        var warmUp = Stopwatch.StartNew();
        var value = score.Evaluate(network, seed);
        var first = warmUp.Elapsed.TotalSeconds;
        var seconds = ImmutableArray.CreateBuilder<double>();
        while (seconds.Count < TimedWithoutNoise && first + seconds.Sum() < EnoughTiming)
        {
            seconds.Add(TimeOnce(score, network, seed));
        }

        return new Evaluation(score.Info, value, seconds.Count > 0 ? seconds.ToImmutable() : [first], 1);
    }

    private static double TimeOnce(IScore score, Network network, ulong seed)
    {
        var watch = Stopwatch.StartNew();
        score.Evaluate(network, seed);
        return watch.Elapsed.TotalSeconds;
    }
}
