namespace ZenNas.Torch;

/// <summary>
/// How many repeats a measurement takes: at least <paramref name="Minimum"/>, then more until the standard error is at most
/// <paramref name="StandardError"/> or <paramref name="Maximum"/> is reached.
/// </summary>
/// <param name="Minimum">Fewest repeats.</param>
/// <param name="Maximum">Most repeats.</param>
/// <param name="StandardError">Standard error to reach.</param>
public sealed record RepeatPolicy(int Minimum, int Maximum, double StandardError)
{
    /// <summary>Repeats are added in waves of this size whatever the number of threads, so that it doesn't change the result.</summary>
    public const int Wave = 4;

    /// <summary>A fixed number of repeats.</summary>
    public static RepeatPolicy Exactly(int repeats) => new(repeats, repeats, 0);

    /// <summary>
    /// What verifies the result of a search: standard error at most 0.3, at most 32 repeats, and for large networks no more than 5 G MACs
    /// per image in all (but one wave), which takes a few seconds on two cores. The limit isn't a time, so that it gives the same result everywhere.
    /// </summary>
    public static RepeatPolicy Verification(long macs) => new(Wave, (int)Math.Clamp(5_000_000_000 / Math.Max(1, macs), Wave, 32), 0.3);
}
