using System.Collections.Immutable;

namespace ZenNas.Export.PyTorch;

/// <summary>A unit, or a pair of units that alternate, so many times one after the other.</summary>
/// <param name="Times">How many times.</param>
/// <param name="First">The unit.</param>
/// <param name="Second">The other one of a pair; null where all are equal.</param>
internal readonly record struct UnitRun(int Times, UnitCall First, UnitCall? Second)
{
    /// <summary>A block's units as few runs. They are found from its end, as only the beginning of a block differs from the rest.</summary>
    public static ImmutableArray<UnitRun> Of(ImmutableArray<UnitCall> units)
    {
        var runs = new Stack<UnitRun>();
        for (var end = units.Length; end > 0; end -= runs.Peek().Length)
        {
            var (single, pair) = (Count(units, end, 1), Count(units, end, 2));
            runs.Push(pair > 1 && 2 * pair > single
                ? new UnitRun(pair, units[end - 2], units[end - 1])
                : new UnitRun(single, units[end - 1], null));
        }

        return [.. runs];
    }

    private int Length => Times * (Second is null ? 1 : 2);

    /// <summary>How often the last units before a position stand there.</summary>
    private static int Count(ImmutableArray<UnitCall> units, int end, int period)
    {
        var same = period;
        while (same < end && units[end - 1 - same] == units[end - 1 - same + period])
        {
            same++;
        }

        return Math.Min(same, end) / period;
    }
}
