namespace ZenNas.Spaces;

/// <summary>Whole numbers from <paramref name="Minimum"/> to <paramref name="Maximum"/> in steps, ends included where a step reaches them.</summary>
/// <param name="Minimum">Smallest value.</param>
/// <param name="Maximum">Largest value.</param>
/// <param name="Step">Distance between allowed values; every allowed value is a multiple of it above or at the minimum.</param>
public readonly record struct IntRange(int Minimum, int Maximum, int Step = 1)
{
    /// <summary>How many values are allowed.</summary>
    public int Count => Last < First ? 0 : (Last - First) / Step + 1;

    /// <summary>Smallest allowed value.</summary>
    public int First => (Minimum + Step - 1) / Step * Step;

    /// <summary>Largest allowed value.</summary>
    public int Last => Maximum / Step * Step;

    /// <summary>Whether a value is allowed.</summary>
    public bool Contains(int value) => value >= First && value <= Last && value % Step == 0;

    /// <summary>The allowed value nearest to a number, ties to the even multiple of the step.</summary>
    public int Nearest(double value) =>
        (int)Math.Clamp(Step * Math.Round(value / Step, MidpointRounding.ToEven), First, Last);

    /// <summary>The allowed values within [low, high]; where there is none, the nearest to it.</summary>
    public IntRange Within(double low, double high)
    {
        var narrowed = new IntRange((int)Math.Clamp(Math.Ceiling(low), First, Last), (int)Math.Clamp(Math.Floor(high), First, Last), Step);
        if (narrowed.Count > 0)
        {
            return narrowed;
        }

        var (below, above) = (Nearest(low), Nearest(high));
        var nearest = low - below <= above - high ? below : above;
        return new IntRange(nearest, nearest, Step);
    }

    /// <summary>The allowed value at a position, 0 the smallest.</summary>
    public int At(int index) => First + index * Step;
}
