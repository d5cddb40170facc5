using System.Numerics;

namespace ZenNas.Training.Kernels;

/// <summary>
/// A channels-last map as rows of channels. Rows are taken together until they hold whole blocks of sixteen elements (two rows of 8 channels, say), so
/// any number of channels runs in full vectors; the few rows that are left over are handled one element at a time.
/// </summary>
internal readonly struct RowShape
{
    /// <summary>Elements of a block.</summary>
    public const int Block = 16;

    /// <param name="rows">Pictures × height × width.</param>
    /// <param name="channels">Channels.</param>
    public RowShape(long rows, int channels)
    {
        (Rows, Channels) = (rows, channels);
        RowsPerSpan = Block / (int)BigInteger.GreatestCommonDivisor(channels, Block);
    }

    public long Rows { get; }

    public int Channels { get; }

    /// <summary>Rows that are taken together.</summary>
    public int RowsPerSpan { get; }

    /// <summary>Elements of these.</summary>
    public int Span => RowsPerSpan * Channels;

    /// <summary>Whole spans.</summary>
    public long Spans => Rows / RowsPerSpan;

    /// <summary>First element that is in no whole span.</summary>
    public long Rest => Spans * Span;

    /// <summary>All elements.</summary>
    public long Elements => Rows * Channels;

    /// <summary>The part from a span on, at most so many spans long; the last one has what is left over.</summary>
    public RowShape Part(long firstSpan, long spans) => firstSpan + spans >= Spans
        ? new RowShape(Rows - firstSpan * RowsPerSpan, Channels)
        : new RowShape(spans * RowsPerSpan, Channels);
}
