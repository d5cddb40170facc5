using ZenNas.Architectures;
using ZenNas.Scores;

namespace ZenNas.Bench.Measuring;

/// <summary>A way to measure Zen-Scores that is timed against others.</summary>
internal interface ITimedSide : IDisposable
{
    string Name { get; }

    Precision Precision { get; }

    /// <summary>Scores a network with fresh weights as often as the side does at once.</summary>
    /// <returns>Wall time divided by the number of scores, and their mean.</returns>
    TimedScore Run(string structure, Architecture network);
}

/// <summary>Seconds per score, and the score.</summary>
internal readonly record struct TimedScore(double Seconds, double Score);
