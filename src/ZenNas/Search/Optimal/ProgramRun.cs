namespace ZenNas.Search.Optimal;

/// <summary>
/// The blocks between two changes of resolution: the first with the run's stride, further ones without. Keeps the values of all states, from which
/// networks are traced back.
/// </summary>
internal sealed class ProgramRun
{
    private readonly BlockTable _strided;
    private readonly BlockTable _plain;
    private readonly int _fewest;
    private readonly bool[] _leaves;
    private readonly int _levels;
    private readonly bool _countsLayers;
    private readonly double[][] _blocks;

    /// <param name="strided">Blocks with the run's stride.</param>
    /// <param name="plain">Blocks behind them.</param>
    /// <param name="fewest">Fewest blocks.</param>
    /// <param name="most">Most blocks.</param>
    /// <param name="leaves">Whether a block may have a width.</param>
    /// <param name="levels">Numbers of layers that are told apart.</param>
    /// <param name="countsLayers">Whether repeats lead from level to level.</param>
    public ProgramRun(BlockTable strided, BlockTable plain, int fewest, int most, bool[] leaves, int levels, bool countsLayers)
    {
        (_strided, _plain, _fewest, _leaves, _levels, _countsLayers) = (strided, plain, fewest, leaves, levels, countsLayers);
        _blocks = [.. Enumerable.Range(0, most).Select(_ => new double[levels * leaves.Length])];
        In = [];
        Out = new double[levels * leaves.Length];
    }

    /// <summary>Values of the states before the run, by level and width.</summary>
    public double[] In { get; private set; }

    /// <summary>Values of the states behind it.</summary>
    public double[] Out { get; }

    /// <summary>Computes the values behind the run.</summary>
    public void Pass(double[] before)
    {
        In = before;
        Array.Fill(Out, double.NegativeInfinity);
        for (var block = 0; block < _blocks.Length; block++)
        {
            Step(Table(block), Before(block), _blocks[block]);
            if (block + 1 >= _fewest)
            {
                MaxPlus.Join(Out, _blocks[block], 0);
            }
        }
    }

    /// <summary>Numbers of blocks, less one, that may end the run in a state, with the values there.</summary>
    public IEnumerable<(int Block, double Value)> Ends(int level, int width)
    {
        for (var block = _fewest - 1; block < _blocks.Length; block++)
        {
            yield return (block, _blocks[block][level * _leaves.Length + width]);
        }
    }

    /// <summary>The ways into a state behind a block, none of which can reach more than its bound.</summary>
    public IEnumerable<(int Level, int From, int Repeats, double Before)> Ways(int block, int level, int width, double threshold)
    {
        var (table, before) = (Table(block), Before(block));
        for (var repeats = table.Repeats.First; repeats <= table.Repeats.Last; repeats++)
        {
            var source = _countsLayers ? level - repeats : level;
            for (var from = 0; source >= 0 && from < _leaves.Length; from++)
            {
                var value = before[source * _leaves.Length + from];
                if (value + table.Values(repeats, from)[width] >= threshold)
                {
                    yield return (source, from, repeats, value);
                }
            }
        }
    }

    /// <summary>The blocks at a position of the run.</summary>
    public BlockTable Table(int block) => block == 0 ? _strided : _plain;

    private double[] Before(int block) => block == 0 ? In : _blocks[block - 1];

    private void Step(BlockTable table, double[] before, double[] after)
    {
        Array.Fill(after, double.NegativeInfinity);
        var widths = _leaves.Length;
        for (var level = 0; level < _levels; level++)
        {
            for (var from = 0; from < widths; from++)
            {
                var value = before[level * widths + from];
                for (var repeats = table.Repeats.First; value > double.NegativeInfinity && repeats <= table.Repeats.Last; repeats++)
                {
                    var target = _countsLayers ? level + repeats : level;
                    if (target < _levels)
                    {
                        MaxPlus.Join(after.AsSpan(target * widths, widths), table.Values(repeats, from), value);
                    }
                }
            }
        }

        for (var state = 0; state < after.Length; state++)
        {
            after[state] = _leaves[state % widths] ? after[state] : double.NegativeInfinity;
        }
    }
}
