namespace ZenNas.Search.Optimal;

/// <summary>
/// The best block for every width in, width out and number of repeats, at one size of the map and one stride, for given prices. The parts of blocks are
/// read once; with prices it remains a product in the algebra of (max, +): options that begin with the same convolution compete before the width
/// that enters is known.
/// </summary>
internal sealed class BlockTable
{
    private readonly BlockOption[] _options;
    private readonly int[] _entryOf;
    private readonly Piece[,] _first;
    private readonly Piece[,] _further;
    private readonly Piece[,] _entering;
    private readonly Piece[,] _projecting;
    private readonly int _widths;
    private readonly int _entries;
    private readonly double[] _inner;
    private readonly double[] _values;
    private Prices _prices;

    private BlockTable(BlockOption[] options, int[] entryOf, Piece[,] first, Piece[,] further, Piece[,] entering, Piece[,] projecting, int repeats)
    {
        (_options, _entryOf, _first, _further, _entering, _projecting) = (options, entryOf, first, further, entering, projecting);
        (Repeats, _widths, _entries) = (repeats, projecting.GetLength(0), entering.GetLength(0));
        _inner = new double[repeats * _entries * _widths];
        _values = new double[repeats * _widths * _widths];
    }

    /// <summary>Most repeats.</summary>
    public int Repeats { get; }

    /// <summary>Reads the parts of all blocks.</summary>
    /// <param name="options">All that is chosen besides widths and repeats.</param>
    /// <param name="widths">Widths in and out.</param>
    /// <param name="size">Height and width that enter.</param>
    /// <param name="stride">Stride of the first repeat.</param>
    /// <param name="repeats">Most repeats.</param>
    /// <param name="reader">Reads parts.</param>
    public static BlockTable Create(BlockOption[] options, IReadOnlyList<int> widths, int size, int stride, int repeats, PieceReader reader)
    {
        Piece[,] first = new Piece[options.Length, widths.Count], further = new Piece[options.Length, widths.Count];
        var projecting = new Piece[widths.Count, widths.Count];
        var entryOf = new int[options.Length];
        var entries = new List<EntryLayer>();
        for (var option = 0; option < options.Length; option++)
        {
            for (var width = 0; width < widths.Count; width++)
            {
                var pieces = reader.ReadBlock(options[option].Block(widths[width], stride, 2), size);
                var units = pieces.Units.Length / 2;
                (first[option, width], further[option, width]) = (pieces.Sum(0, units), pieces.Sum(units, units));
                if (width == 0)
                {
                    entryOf[option] = PositionOf(pieces.Main, entries);
                }

                for (var from = 0; option == 0 && from < widths.Count; from++)
                {
                    projecting[from, width] = reader.At(pieces.Projection, widths[from]);
                }
            }
        }

        var entering = new Piece[entries.Count, widths.Count];
        for (var entry = 0; entry < entries.Count; entry++)
        {
            for (var from = 0; from < widths.Count; from++)
            {
                entering[entry, from] = reader.At(entries[entry], widths[from]);
            }
        }

        return new BlockTable(options, entryOf, first, further, entering, projecting, repeats);
    }

    /// <summary>Values for every width out: of the best block with so many repeats behind a width.</summary>
    /// <param name="repeats">Repeats, from 1.</param>
    /// <param name="from">Position of the width that enters.</param>
    public ReadOnlySpan<double> Values(int repeats, int from) => Row(repeats, from);

    /// <summary>Computes all values.</summary>
    public void Price(in Prices prices)
    {
        _prices = prices;
        PriceInner();
        for (var repeats = 1; repeats <= Repeats; repeats++)
        {
            for (var from = 0; from < _widths; from++)
            {
                var row = Row(repeats, from);
                row.Fill(double.NegativeInfinity);
                for (var entry = 0; entry < _entries; entry++)
                {
                    MaxPlus.Join(row, Inner(repeats, entry), _entering[entry, from].Value(prices));
                }

                for (var width = 0; width < _widths; width++)
                {
                    row[width] += _projecting[from, width].Value(prices);
                }
            }
        }
    }

    /// <summary>The options for which a block's value isn't below a threshold, with their values.</summary>
    /// <param name="repeats">Repeats, from 1.</param>
    /// <param name="from">Position of the width that enters.</param>
    /// <param name="width">Position of the width that leaves.</param>
    /// <param name="threshold">The threshold.</param>
    public IEnumerable<(BlockOption Option, double Value)> Above(int repeats, int from, int width, double threshold)
    {
        var projecting = _projecting[from, width].Value(_prices);
        for (var option = 0; option < _options.Length; option++)
        {
            var value = projecting + _entering[_entryOf[option], from].Value(_prices)
                + _first[option, width].Value(_prices) + (repeats - 1) * _further[option, width].Value(_prices);
            if (value >= threshold)
            {
                yield return (_options[option], value);
            }
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
                for (var repeats = 1; repeats <= Repeats; repeats++)
                {
                    ref var inner = ref Inner(repeats, _entryOf[option])[width];
                    inner = Math.Max(inner, first + (repeats - 1) * further);
                }
            }
        }
    }

    private Span<double> Row(int repeats, int from) => _values.AsSpan(((repeats - 1) * _widths + from) * _widths, _widths);

    private Span<double> Inner(int repeats, int entry) => _inner.AsSpan(((repeats - 1) * _entries + entry) * _widths, _widths);

    private static int PositionOf(EntryLayer entry, List<EntryLayer> known)
    {
        var position = known.FindIndex(e => e.Layer == entry.Layer);
        if (position < 0)
        {
            position = known.Count;
            known.Add(entry);
        }

        return position;
    }
}
