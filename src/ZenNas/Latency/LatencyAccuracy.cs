using System.Collections.Immutable;
using ZenNas.Architectures;
using ZenNas.Correlation;

namespace ZenNas.Latency;

/// <summary>A network that was measured to check a predictor.</summary>
/// <param name="Architecture">The network.</param>
/// <param name="Macs">Multiply–adds per image.</param>
/// <param name="Measured">What was measured, and the yardsticks in between.</param>
/// <param name="Pace">How slow the machine was then against the profile, by the yardsticks: above 1 where it was slower.</param>
/// <param name="Prediction">What was predicted.</param>
/// <param name="MacsMs">What MACs alone predict: the profile's median time of a MAC times their number.</param>
public sealed record CheckedNetwork(Architecture Architecture, long Macs, PacedMeasurement Measured, double Pace, LatencyPrediction Prediction, double MacsMs)
{
    /// <summary>Milliseconds of the fastest visit as they would be at the profile's pace.</summary>
    public double AtProfilesPaceMs => Measured.Network.MedianMs / Pace;
}

/// <summary>How far predictions are from measurements.</summary>
/// <param name="MedianError">Median of |predicted − measured| / measured.</param>
/// <param name="WithinTenPercent">Share of networks with an error of at most 10 %.</param>
/// <param name="LargestError">Largest error.</param>
/// <param name="MedianDifference">Median of (predicted − measured) / measured: above 0 where predictions are too high.</param>
/// <param name="Tau">Kendall τ-b of predictions with measurements.</param>
public readonly record struct LatencyAccuracy(double MedianError, double WithinTenPercent, double LargestError, double MedianDifference, double Tau)
{
    private const double TenPercent = 0.1;

    /// <summary>Compares predictions with measurements.</summary>
    /// <param name="networks">At least two.</param>
    /// <param name="predicted">The prediction to judge.</param>
    /// <param name="measured">The measurement to judge it by.</param>
    public static LatencyAccuracy Of(IReadOnlyList<CheckedNetwork> networks, Func<CheckedNetwork, double> predicted, Func<CheckedNetwork, double> measured)
    {
        ArgumentNullException.ThrowIfNull(networks);
        var differences = networks.Select(n => (predicted(n) - measured(n)) / measured(n)).ToImmutableArray();
        var errors = differences.Select(Math.Abs).Order().ToArray();
        return new LatencyAccuracy(
            Median(errors), errors.Count(e => e <= TenPercent) / (double)errors.Length, errors[^1], Median([.. differences.Order()]),
            RankCorrelation.Kendall([.. networks.Select(predicted)], [.. networks.Select(measured)]));
    }

    private static double Median(double[] sorted) => (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
}
