using ZenNas.Architectures;

namespace ZenNas.Search.Optimal;

/// <summary>Traces networks back from their ends through the values of a program.</summary>
internal sealed class NetworkTrace(NetworkProgram program, double threshold, long mostBlocks, Func<Architecture, double> visit)
{
    private readonly Stack<Block> _blocks = [];
    private double _threshold = threshold;
    private long _left = mostBlocks;

    /// <summary>Whether more blocks were tried than it may.</summary>
    public bool HasGivenUp => _left <= 0;

    /// <summary>Visits all networks of a plan whose value isn't below the threshold.</summary>
    public void Follow(PlannedRuns plan)
    {
        var last = plan.Runs.Length - 1;
        foreach (var (level, width) in plan.States(program.Widths.Length))
        {
            foreach (var (block, layers, value) in HasGivenUp ? [] : plan.Runs[last].Ends(level, width))
            {
                foreach (var (head, end) in value + program.EndValue(width) < _threshold ? [] : program.Ends(width, _threshold - value))
                {
                    if (head is not null)
                    {
                        _blocks.Push(head);
                    }

                    Back(plan, new Place(last, block, level, layers, width), end);
                    if (head is not null)
                    {
                        _blocks.Pop();
                    }
                }
            }
        }
    }

    /// <summary>Goes on from the state behind a block to all blocks it may be.</summary>
    private void Back(PlannedRuns plan, Place at, double behind)
    {
        var run = plan.Runs[at.Run];
        foreach (var (level, layers, from, repeats, before) in run.Ways(at.Block, at.Level, at.Layers, at.Width, _threshold - behind))
        {
            foreach (var (option, value) in run.Table(at.Block).Above(repeats, from, at.Width, _threshold - behind - before))
            {
                if (--_left <= 0)
                {
                    return;
                }

                _blocks.Push(option.Block(program.Widths[at.Width], at.Block == 0 ? program.StrideOf(at.Run) : 1, repeats));
                Before(plan, at with { Level = level, Layers = layers, Width = from }, behind + value);
                _blocks.Pop();
            }
        }
    }

    private void Before(PlannedRuns plan, Place at, double behind)
    {
        if (at.Block > 0)
        {
            Back(plan, at with { Block = at.Block - 1 }, behind);
        }
        else if (at.Run > 0)
        {
            foreach (var (block, layers, value) in plan.Runs[at.Run - 1].Ends(at.Level, at.Width))
            {
                if (value + behind >= _threshold)
                {
                    Back(plan, at with { Run = at.Run - 1, Block = block, Layers = layers }, behind);
                }
            }
        }
        else if (at.Level == 0 && program.Starts[at.Width] + behind >= _threshold)
        {
            _threshold = Math.Max(_threshold, visit(program.Network(program.Widths[at.Width], _blocks)));
        }
    }

    /// <summary>A state behind a block.</summary>
    /// <param name="Run">Its run.</param>
    /// <param name="Block">Its position in the run.</param>
    /// <param name="Level">Layers of the network up to its end.</param>
    /// <param name="Layers">Layers of the run up to its end, as far as they are told apart.</param>
    /// <param name="Width">Position of its width.</param>
    private readonly record struct Place(int Run, int Block, int Level, int Layers, int Width);
}
