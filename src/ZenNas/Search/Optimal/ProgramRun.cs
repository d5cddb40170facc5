using ZenNas.Spaces;

namespace ZenNas.Search.Optimal;

/// <summary>What a run of stages may hold.</summary>
/// <param name="FewestBlocks">Fewest blocks.</param>
/// <param name="MostBlocks">Most blocks.</param>
/// <param name="Layers">Allowed layers.</param>
internal readonly record struct RunLimits(int FewestBlocks, int MostBlocks, LayerRange Layers)
{
    /// <summary>The limits of a run; those on layers that can't bind are left out.</summary>
    /// <param name="stages">Stages of the run.</param>
    /// <param name="space">The space.</param>
    /// <param name="layers">Allowed layers.</param>
    /// <param name="mostLayers">Most layers of the network's residual blocks; null for any number.</param>
    public static RunLimits Of(int stages, SearchSpace space, LayerRange layers, int? mostLayers)
    {
        var blocks = Math.Max(stages, Math.Min(stages * space.MaxBlocksPerStage, mostLayers ?? int.MaxValue));
        var most = Math.Min(blocks * space.Repeats.Last, mostLayers ?? int.MaxValue);
        return new RunLimits(stages, blocks, new LayerRange(
            layers.Minimum <= stages * space.Repeats.First ? 0 : layers.Minimum, layers.Maximum >= most ? int.MaxValue : layers.Maximum));
    }

    /// <summary>Up to which number layers of the run are told apart; 0 where it may have any number.</summary>
    public int Told => HasMost ? Layers.Maximum : Layers.Minimum;

    private bool HasMost => Layers.Maximum < int.MaxValue;

    /// <summary>Layers behind a block, as far as they are told apart; -1 where they are too many.</summary>
    public int After(int layers, int repeats) => layers + repeats <= Told ? layers + repeats : HasMost ? -1 : Told;

    /// <summary>Whether the run may end with so many layers, as far as they are told apart.</summary>
    public bool MayEnd(int layers) => layers >= Layers.Minimum;
}

/// <summary>
/// The blocks between two changes of resolution: the first with the run's stride, further ones without. A state is the layers of the network so far, those of the run as far
/// as they are limited, and the width. Keeps the values of all states, from which networks are traced back.
/// </summary>
internal sealed class ProgramRun
{
    private readonly BlockTable _strided;
    private readonly BlockTable _plain;
    private readonly RunLimits _limits;
    private readonly WidthSteps _entering;
    private readonly WidthSteps _steps;
    private readonly bool[] _leaves;
    private readonly int _levels;
    private readonly bool _countsLayers;
    private readonly double[] _in;
    private readonly double[][] _blocks;

    /// <param name="strided">Blocks with the run's stride.</param>
    /// <param name="plain">Blocks behind them.</param>
    /// <param name="limits">Blocks and layers it may have.</param>
    /// <param name="entering">Widths of its first block behind what stands before the run.</param>
    /// <param name="steps">Widths of a block behind another.</param>
    /// <param name="leaves">Whether a block may have a width.</param>
    /// <param name="levels">Numbers of the network's layers that are told apart.</param>
    /// <param name="countsLayers">Whether repeats lead from level to level.</param>
    public ProgramRun(
        BlockTable strided, BlockTable plain, RunLimits limits, WidthSteps entering, WidthSteps steps, bool[] leaves, int levels, bool countsLayers)
    {
        (_strided, _plain, _limits, _entering, _steps) = (strided, plain, limits, entering, steps);
        (_leaves, _levels, _countsLayers) = (leaves, levels, countsLayers);
        var states = levels * (limits.Told + 1) * leaves.Length;
        _in = new double[states];
        _blocks = [.. Enumerable.Range(0, limits.MostBlocks).Select(_ => new double[states])];
        Out = new double[levels * leaves.Length];
    }

    /// <summary>Values of the states behind the run, by level and width.</summary>
    public double[] Out { get; }

    /// <summary>Computes the values behind the run.</summary>
    /// <param name="before">Values of the states before it, by level and width.</param>
    public void Pass(double[] before)
    {
        Array.Fill(_in, double.NegativeInfinity);
        for (var level = 0; level < _levels; level++)
        {
            before.AsSpan(level * _leaves.Length, _leaves.Length).CopyTo(States(_in, level, 0));
        }

        Array.Fill(Out, double.NegativeInfinity);
        for (var block = 0; block < _blocks.Length; block++)
        {
            Step(block);
            for (var level = 0; level < _levels && block + 1 >= _limits.FewestBlocks; level++)
            {
                for (var layers = 0; layers <= _limits.Told; layers++)
                {
                    if (_limits.MayEnd(layers))
                    {
                        MaxPlus.Join(Out.AsSpan(level * _leaves.Length, _leaves.Length), States(_blocks[block], level, layers), 0);
                    }
                }
            }
        }
    }

    /// <summary>Places that may end the run at a level and width: the block's position and the run's layers, with the values there.</summary>
    public IEnumerable<(int Block, int Layers, double Value)> Ends(int level, int width)
    {
        for (var block = _limits.FewestBlocks - 1; block < _blocks.Length; block++)
        {
            for (var layers = 0; layers <= _limits.Told; layers++)
            {
                if (_limits.MayEnd(layers))
                {
                    yield return (block, layers, States(_blocks[block], level, layers)[width]);
                }
            }
        }
    }

    /// <summary>The ways into a state behind a block, none of which can reach more than its bound.</summary>
    /// <param name="block">Position of the block.</param>
    /// <param name="level">Layers of the network.</param>
    /// <param name="layers">Layers of the run.</param>
    /// <param name="width">Position of the width.</param>
    /// <param name="threshold">The bound.</param>
    public IEnumerable<(int Level, int Layers, int From, int Repeats, double Before)> Ways(int block, int level, int layers, int width, double threshold)
    {
        var (table, before, steps) = (Table(block), Before(block), Steps(block));
        for (var repeats = table.Repeats.First; repeats <= table.Repeats.Last; repeats++)
        {
            var source = _countsLayers ? level - repeats : level;
            for (var layersBefore = 0; source >= 0 && layersBefore <= layers; layersBefore++)
            {
                if (_limits.After(layersBefore, repeats) != layers)
                {
                    continue;
                }

                for (var from = 0; from < _leaves.Length; from++)
                {
                    var value = States(before, source, layersBefore)[from];
                    if (steps.Allows(from, width) && value + table.Values(repeats, from)[width] >= threshold)
                    {
                        yield return (source, layersBefore, from, repeats, value);
                    }
                }
            }
        }
    }

    /// <summary>The blocks at a position of the run.</summary>
    public BlockTable Table(int block) => block == 0 ? _strided : _plain;

    private double[] Before(int block) => block == 0 ? _in : _blocks[block - 1];

    private WidthSteps Steps(int block) => block == 0 ? _entering : _steps;

    private void Step(int block)
    {
        var after = _blocks[block];
        Array.Fill(after, double.NegativeInfinity);
        for (var level = 0; level < _levels; level++)
        {
            for (var layers = 0; layers <= _limits.Told; layers++)
            {
                Step(block, level, layers, after);
            }
        }

        for (var state = 0; state < after.Length; state++)
        {
            after[state] = _leaves[state % _leaves.Length] ? after[state] : double.NegativeInfinity;
        }
    }

    private void Step(int block, int level, int layers, double[] after)
    {
        var (table, steps) = (Table(block), Steps(block));
        var before = States(Before(block), level, layers);
        for (var from = 0; from < before.Length; from++)
        {
            for (var repeats = table.Repeats.First; before[from] > double.NegativeInfinity && repeats <= table.Repeats.Last; repeats++)
            {
                var target = _countsLayers ? level + repeats : level;
                var layersAfter = _limits.After(layers, repeats);
                if (target < _levels && layersAfter >= 0)
                {
                    var next = steps.Next(from);
                    MaxPlus.Join(States(after, target, layersAfter)[next], table.Values(repeats, from)[next], before[from]);
                }
            }
        }
    }

    private Span<double> States(double[] values, int level, int layers) =>
        values.AsSpan((level * (_limits.Told + 1) + layers) * _leaves.Length, _leaves.Length);
}
