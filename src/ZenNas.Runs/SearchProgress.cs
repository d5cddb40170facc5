namespace ZenNas.Runs;

/// <summary>How far a search is.</summary>
/// <param name="Step">Steps taken.</param>
/// <param name="Iterations">Steps to take.</param>
/// <param name="Best">Highest score so far; null before the first.</param>
/// <param name="StepsPerSecond">Speed of this session.</param>
public readonly record struct SearchProgress(long Step, long Iterations, double? Best, double StepsPerSecond)
{
    /// <summary>While the optimum is looked for, what no network can exceed; otherwise null.</summary>
    public double? UpperBound { get; init; }

    /// <summary>Time left at this speed; null while it isn't known.</summary>
    public TimeSpan? Remaining => StepsPerSecond > 0 ? TimeSpan.FromSeconds((Iterations - Step) / StepsPerSecond) : null;
}
