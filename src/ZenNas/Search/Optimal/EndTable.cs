using ZenNas.Architectures;
using ZenNas.Spaces;

namespace ZenNas.Search.Optimal;

/// <summary>The best end of a network behind every width: last convolution where the space has one, pooling, classifier.</summary>
internal sealed class EndTable
{
    private readonly int[] _headWidths;
    private readonly Piece[,] _ends;
    private readonly SpaceConvolution? _head;
    private Prices _prices;

    private EndTable(SpaceConvolution? head, int[] headWidths, Piece[,] ends) => (_head, _headWidths, _ends) = (head, headWidths, ends);

    /// <summary>Reads the parts of all ends.</summary>
    /// <param name="head">Last convolution; null for none.</param>
    /// <param name="widths">Widths that enter.</param>
    /// <param name="size">Height and width that enter.</param>
    /// <param name="classes">Classes.</param>
    /// <param name="reader">Reads parts.</param>
    public static EndTable Create(SpaceConvolution? head, IReadOnlyList<int> widths, int size, int classes, PieceReader reader)
    {
        int[] headWidths = head is null ? [0] : [.. Enumerable.Range(0, head.Width.Count).Select(head.Width.At)];
        var ends = new Piece[widths.Count, headWidths.Length];
        for (var option = 0; option < headWidths.Length; option++)
        {
            var pieces = head is null ? null : reader.ReadBlock(new ConvolutionBlock(head.Kernel, headWidths[option], head.Stride), size);
            var classifier = head is null ? new Piece() : reader.ReadClassifier(headWidths[option], (size - 1) / head.Stride + 1, classes);
            for (var from = 0; from < widths.Count; from++)
            {
                ends[from, option] = pieces is null
                    ? reader.ReadClassifier(widths[from], size, classes)
                    : pieces.Units[0] + reader.At(pieces.Main, widths[from]) + classifier;
            }
        }

        return new EndTable(head, headWidths, ends);
    }

    /// <summary>Value of the best end behind each width.</summary>
    public void Price(in Prices prices, Span<double> values)
    {
        _prices = prices;
        for (var from = 0; from < values.Length; from++)
        {
            values[from] = double.NegativeInfinity;
            for (var option = 0; option < _headWidths.Length; option++)
            {
                values[from] = Math.Max(values[from], _ends[from, option].Value(prices));
            }
        }
    }

    /// <summary>The ends whose value isn't below a threshold: last convolution, or null where the space has none.</summary>
    public IEnumerable<(ConvolutionBlock? Head, double Value)> Above(int from, double threshold)
    {
        for (var option = 0; option < _headWidths.Length; option++)
        {
            var value = _ends[from, option].Value(_prices);
            if (value >= threshold)
            {
                yield return (_head is null ? null : new ConvolutionBlock(_head.Kernel, _headWidths[option], _head.Stride), value);
            }
        }
    }
}
