using ZenNas.Spaces;

namespace ZenNas.Search.Optimal;

/// <summary>Which widths may follow a width, as positions in the sorted list of all widths; they are always next to each other.</summary>
internal sealed class WidthSteps
{
    private readonly Range[] _next;

    private WidthSteps(Range[] next) => _next = next;

    /// <summary>Any width may follow any other.</summary>
    public static WidthSteps Any(int[] widths) => new([.. widths.Select(_ => ..widths.Length)]);

    /// <summary>The widths of residual blocks that follow each other under constraints.</summary>
    public static WidthSteps Of(int[] widths, SpaceConstraints constraints) => new(
    [
        .. widths.Select(before =>
        {
            var first = Array.FindIndex(widths, width => constraints.AllowsNext(before, width));
            return first < 0 ? 0..0 : first..(Array.FindLastIndex(widths, width => constraints.AllowsNext(before, width)) + 1);
        }),
    ]);

    /// <summary>Positions that may follow a position.</summary>
    public Range Next(int from) => _next[from];

    /// <summary>Whether a position may follow another.</summary>
    public bool Allows(int from, int to) => to >= _next[from].Start.Value && to < _next[from].End.Value;
}
