using System.Collections.Concurrent;
using ZenNas.Scores;
using ZenNas.Torch.Tests.Reference;

namespace ZenNas.Torch.Tests;

/// <summary>Scores of the twelve released networks against those that the paper's authors' program gives.</summary>
/// <remarks>
/// Both sides are means of a few noisy repeats, so they are compared in standard errors. A right implementation misses three of them in
/// 0.3 % of the comparisons; two would already reject one of the 24 for most seeds. Seeds are fixed, so a run gives what the last one gave.
/// Few repeats can make a spread look smaller than it is; therefore the larger of both sides' standard deviations counts.
/// </remarks>
public sealed class ReferenceScoreTests
{
    private const double MostStandardErrors = 3;
    private static readonly ConcurrentDictionary<(string, Convention), Lazy<double>> Deviations = new();

    public static TheoryData<string, Convention> Rows
    {
        get
        {
            var data = new TheoryData<string, Convention>();
            foreach (var row in ZooMeasurement.All)
            {
                data.Add(row.Name, Convention.Paper);
                data.Add(row.Name, Convention.ReleasedCode);
            }

            return data;
        }
    }

    [Theory, MemberData(nameof(Rows))]
    public void Should_measure_what_the_released_program_does(string name, Convention convention) =>
        Assert.InRange(Deviation(ZooMeasurement.Named(name), convention), -MostStandardErrors, MostStandardErrors);

    /// <summary>An error too small to show in one network shows in the mean of all: of twelve deviations it has a spread of 1/√12.</summary>
    [Theory, InlineData(Convention.Paper), InlineData(Convention.ReleasedCode)]
    public void Should_deviate_to_both_sides(Convention convention)
    {
        var mean = ZooMeasurement.All.Average(row => Deviation(row, convention));

        Assert.InRange(mean, -MostStandardErrors / Math.Sqrt(ZooMeasurement.All.Length), MostStandardErrors / Math.Sqrt(ZooMeasurement.All.Length));
    }

    /// <summary>In standard errors of the difference; measured once.</summary>
    private static double Deviation(ZooMeasurement row, Convention convention) =>
        Deviations.GetOrAdd((row.Name, convention), _ => new Lazy<double>(() => Measure(row, convention))).Value;

    private static double Measure(ZooMeasurement row, Convention convention)
    {
        var expected = row.Of(convention);
        var seed = convention == Convention.Paper ? 1UL : 2UL;
        var measured = new MeasuredZenScore(new ScoreSettings { Convention = convention })
            .Measure(row.Network, seed, RepeatPolicy.Exactly(RepeatsFor(row.Macs)), Environment.ProcessorCount);
        var deviation = Math.Max(measured.StandardDeviation, expected.StandardDeviation);
        return (measured.Mean - expected.Mean) / (deviation * Math.Sqrt(1.0 / measured.Repeats + 1.0 / expected.Repeats));
    }

    private static int RepeatsFor(long macs) => macs switch
    {
        < 500_000_000 => 8,
        < 1_000_000_000 => 4,
        _ => 2,
    };
}
