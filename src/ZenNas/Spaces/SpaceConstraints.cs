namespace ZenNas.Spaces;

/// <summary>
/// What keeps the networks of a space practical: relations between residual blocks, besides the ranges that each block has for itself. Stem and head are
/// bound by their own ranges only.
/// </summary>
public sealed record SpaceConstraints
{
    // A share of 0.2 of 15 layers is 3, and 1.4 times 360 is 504, though neither is in doubles.
    private const double Rounding = 1e-9;

    /// <summary>Nothing is constrained.</summary>
    public static SpaceConstraints None { get; } = new();

    /// <summary>Whether no block may be narrower than the one before it.</summary>
    public bool NonDecreasingWidths { get; init; }

    /// <summary>Smallest width of a block as a multiple of the width before it, in (0, 1]; null for any.</summary>
    public double? MinWidthRatio { get; init; }

    /// <summary>Largest width of a block as a multiple of the width before it, at least 1; null for any.</summary>
    public double? MaxWidthRatio { get; init; }

    /// <summary>Largest depth-to-width ratio, see <see cref="DepthToWidth"/>; above 0, null for any.</summary>
    public double? MaxDepthToWidth { get; init; }

    /// <summary>
    /// Smallest share of the layers of all residual blocks that each run of stages has, from 0 to 1 over the number of runs; null for any. A run is a strided stage
    /// with the stages of stride 1 behind it.
    /// </summary>
    public double? MinLayerShare { get; init; }

    /// <summary>Whether widths are constrained by the width before.</summary>
    internal bool BindNeighbours => NonDecreasingWidths || MinWidthRatio is not null || MaxWidthRatio is not null;

    /// <summary>Whether a block may have a width behind another one.</summary>
    internal bool AllowsNext(int before, int width) => Next(before) is var (low, high) && width >= low && width <= high;

    /// <summary>Least and largest width behind another one.</summary>
    internal (double Low, double High) Next(int before) => (
        Math.Max(NonDecreasingWidths ? before : 0, before * (MinWidthRatio ?? 0) * (1 - Rounding)),
        MaxWidthRatio is { } ratio ? before * ratio * (1 + Rounding) : double.PositiveInfinity);

    /// <summary>Least and largest width before another one.</summary>
    internal (double Low, double High) Before(int next) => (
        MaxWidthRatio is { } most ? next / most * (1 - Rounding) : 0,
        Math.Min(NonDecreasingWidths ? next : double.PositiveInfinity, MinWidthRatio is { } least ? next / least * (1 + Rounding) : double.PositiveInfinity));

    /// <summary>Fewest layers that a run must have by its share of some number of layers.</summary>
    internal int FewestOf(int layers) => (int)Math.Ceiling((MinLayerShare ?? 0) * layers * (1 - Rounding));
}
