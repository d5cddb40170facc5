using ZenNas.Spaces;

namespace ZenNas.Search.Optimal;

/// <summary>
/// The best block for every width in, width out and number of repeats, at one size of the map and one stride, for given prices. The parts of blocks are
/// read once; with prices it remains a product in the algebra of (max, +): options that begin with the same convolution compete before the width
/// that enters is known.
/// </summary>
internal sealed class BlockTable
{
    private readonly BlockOption[] _options;
    private readonly BlockEntry[] _entries;
    private readonly int[] _entryOf;
    private readonly Piece[,] _first;
    private readonly Piece[,] _further;
    private readonly Piece[,] _entering;
    private readonly Piece[,] _projecting;
    private readonly int _widths;
    private readonly double[] _inner;
    private readonly double[] _values;
    private readonly double[] _projected;
    private Prices _prices;

    private BlockTable(
        BlockOption[] options, BlockEntry[] entries, int[] entryOf, (Piece[,] First, Piece[,] Further) blocks, Piece[,] entering, Piece[,] projecting, IntRange repeats)
    {
        (_options, _entries, _entryOf, _entering, _projecting) = (options, entries, entryOf, entering, projecting);
        (_first, _further) = blocks;
        (Repeats, _widths) = (repeats, projecting.GetLength(0));
        _inner = new double[repeats.Count * entries.Length * _widths];
        _values = new double[repeats.Count * _widths * _widths];
        _projected = new double[_widths];
    }

    /// <summary>Allowed repeats.</summary>
    public IntRange Repeats { get; }

    /// <summary>Reads the parts of all blocks.</summary>
    /// <param name="options">All that is chosen besides widths and repeats.</param>
    /// <param name="widths">Widths in and out.</param>
    /// <param name="size">Height and width that enter.</param>
    /// <param name="stride">Stride of the first repeat.</param>
    /// <param name="repeats">Allowed repeats.</param>
    /// <param name="reader">Reads parts.</param>
    /// <param name="cancellation">Ends it.</param>
    public static BlockTable Create(
        BlockOption[] options, IReadOnlyList<int> widths, int size, int stride, IntRange repeats, PieceReader reader, CancellationToken cancellation)
    {
        Piece[,] first = new Piece[options.Length, widths.Count], further = new Piece[options.Length, widths.Count];
        var entryOf = new int[options.Length];
        var entries = new List<BlockEntry>();
        EntryLayer?[] projections = new EntryLayer?[widths.Count];
        for (var option = 0; option < options.Length; option++)
        {
            cancellation.ThrowIfCancellationRequested();
            BlockPieces[] blocks = [.. widths.Select(width => reader.ReadBlock(options[option].Block(width, stride, 2), size))];
            for (var width = 0; width < blocks.Length; width++)
            {
                var units = blocks[width].Units.Length / 2;
                (first[option, width], further[option, width]) = (blocks[width].Sum(0, units), blocks[width].Sum(units, units));
            }

            var entry = BlockEntry.Of(blocks);
            if (entry.Projection is null)
            {
                projections = [.. blocks.Select(block => (EntryLayer?)block.Projection)];
            }

            entryOf[option] = PositionOf(entry, entries);
        }

        var entering = new Piece[entries.Count, widths.Count];
        var projecting = new Piece[widths.Count, widths.Count];
        for (var from = 0; from < widths.Count; from++)
        {
            for (var entry = 0; entry < entries.Count; entry++)
            {
                entering[entry, from] = reader.At(entries[entry].Main, widths[from])
                    + (entries[entry].Projection is { } own ? reader.At(own, widths[from]) : new Piece());
            }

            for (var width = 0; width < widths.Count; width++)
            {
                projecting[from, width] = projections[width] is { } projection ? reader.At(projection, widths[from]) : new Piece();
            }
        }

        return new BlockTable(options, [.. entries], entryOf, (first, further), entering, projecting, repeats);
    }

    /// <summary>Values for every width out: of the best block with so many repeats behind a width.</summary>
    /// <param name="repeats">Allowed repeats.</param>
    /// <param name="from">Position of the width that enters.</param>
    public ReadOnlySpan<double> Values(int repeats, int from) => Row(repeats, from);

    /// <summary>Computes all values.</summary>
    public void Price(in Prices prices)
    {
        _prices = prices;
        PriceInner();
        for (var repeats = Repeats.First; repeats <= Repeats.Last; repeats++)
        {
            for (var from = 0; from < _widths; from++)
            {
                PriceRow(repeats, from);
            }
        }
    }

    /// <summary>The options for which a block's value isn't below a threshold, with their values.</summary>
    /// <param name="repeats">Allowed repeats.</param>
    /// <param name="from">Position of the width that enters.</param>
    /// <param name="width">Position of the width that leaves.</param>
    /// <param name="threshold">The threshold.</param>
    public IEnumerable<(BlockOption Option, double Value)> Above(int repeats, int from, int width, double threshold)
    {
        var projecting = _projecting[from, width].Value(_prices);
        for (var option = 0; option < _options.Length; option++)
        {
            var entry = _entryOf[option];
            var value = (_entries[entry].Projection is null ? projecting : 0) + _entering[entry, from].Value(_prices)
                + _first[option, width].Value(_prices) + (repeats - 1) * _further[option, width].Value(_prices);
            if (value >= threshold)
            {
                yield return (_options[option], value);
            }
        }
    }

    /// <summary>Blocks whose projection leads to their width compete, then it is added, then the others compete with them.</summary>
    private void PriceRow(int repeats, int from)
    {
        var row = Row(repeats, from);
        row.Fill(double.NegativeInfinity);
        Array.Fill(_projected, double.NegativeInfinity);
        for (var entry = 0; entry < _entries.Length; entry++)
        {
            MaxPlus.Join(_entries[entry].Projection is null ? _projected : row, Inner(repeats, entry), _entering[entry, from].Value(_prices));
        }

        for (var width = 0; width < _widths; width++)
        {
            row[width] = Math.Max(row[width], _projected[width] + _projecting[from, width].Value(_prices));
        }
    }

    private void PriceInner()
    {
        Array.Fill(_inner, double.NegativeInfinity);
        for (var option = 0; option < _options.Length; option++)
        {
            for (var width = 0; width < _widths; width++)
            {
                var (first, further) = (_first[option, width].Value(_prices), _further[option, width].Value(_prices));
                for (var repeats = Repeats.First; repeats <= Repeats.Last; repeats++)
                {
                    ref var inner = ref Inner(repeats, _entryOf[option])[width];
                    inner = Math.Max(inner, first + (repeats - 1) * further);
                }
            }
        }
    }

    private Span<double> Row(int repeats, int from) => _values.AsSpan(((repeats - Repeats.First) * _widths + from) * _widths, _widths);

    private Span<double> Inner(int repeats, int entry) => _inner.AsSpan(((repeats - Repeats.First) * _entries.Length + entry) * _widths, _widths);

    private static int PositionOf(BlockEntry entry, List<BlockEntry> known)
    {
        var position = known.IndexOf(entry);
        if (position < 0)
        {
            position = known.Count;
            known.Add(entry);
        }

        return position;
    }
}
