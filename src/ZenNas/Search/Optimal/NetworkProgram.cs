using ZenNas.Architectures;
using ZenNas.Spaces;

namespace ZenNas.Search.Optimal;

/// <summary>
/// Dynamic programming over (block, layers used, width): for given prices the network whose Lagrangian is largest, and all networks above a threshold.
/// </summary>
internal sealed class NetworkProgram
{
    // Sums of the same numbers in another order differ by so much; parts are of the order of a thousand nats where the whole may be 0.
    private const double Rounding = 1e-11;
    private const double SizeOfParts = 1000;

    // Tables of a hundred megabytes, and seconds of reading, for each size of the map and stride.
    private const int MostWidths = 1024;
    private const int MostBlocks = 1_000_000;

    // Two units of three convolutions.
    private const int MostConvolutionsPerRepeat = 6;

    private readonly SearchSpace _space;
    private readonly SpaceLayout _layout;
    private readonly int _resolution;
    private readonly int _classes;
    private readonly int _threads;
    private readonly int[] _widths;
    private readonly BlockTable[] _tables;
    private readonly Piece?[] _stems;
    private readonly EndTable _end;
    private readonly ProgramRun[] _runs;
    private readonly double[] _start;
    private readonly double[] _endValues;

    /// <summary>Reads the parts of all blocks.</summary>
    /// <param name="space">The space.</param>
    /// <param name="resolution">Input resolution.</param>
    /// <param name="classes">Classes.</param>
    /// <param name="maxLayers">Most layers; null for any number.</param>
    /// <param name="reader">Makes a reader of parts for a thread.</param>
    /// <param name="readers">Threads that read.</param>
    /// <param name="threads">Threads that compute.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="InvalidInputException">The space has more widths and options than memory should be asked for.</exception>
    public NetworkProgram(
        SearchSpace space, int resolution, int classes, int? maxLayers, Func<PieceReader> reader, int readers, int threads, CancellationToken cancellation)
    {
        (_space, _layout, _resolution, _threads) = (space, space.LayoutFor(resolution), resolution, threads);
        (_classes, Readers) = (classes, readers);
        _widths = [.. Values(_layout.Width).Union(Values(_layout.Stem.Width)).Order()];
        var blockLayers = maxLayers - (_layout.Head is null ? 1 : 2);
        var mostBlockLayers = _layout.StageStrides.Length * space.MaxBlocksPerStage * space.Repeats.Last;
        if (blockLayers >= mostBlockLayers)
        {
            (maxLayers, blockLayers) = (null, null);
        }

        var repeats = space.Repeats with { Maximum = Math.Clamp(blockLayers ?? space.Repeats.Last, space.Repeats.First, space.Repeats.Last) };
        var levels = Math.Max(0, blockLayers ?? 0) + 1;
        MostConvolutions = 2 + MostConvolutionsPerRepeat * (blockLayers ?? mostBlockLayers);
        var options = BlockOption.Of(space, _layout);
        CheckSize(options.Length);
        var places = Places().Distinct().ToArray();
        _tables = new BlockTable[places.Length];
        Workers.Run(places.Length, readers, i => _tables[i] = BlockTable.Create(options, _widths, places[i].Size, places[i].Stride, repeats, reader(), cancellation));
        BlockTable Table(int size, int stride) => _tables[Array.IndexOf(places, (size, stride))];

        bool[] leaves = [.. _widths.Select(_layout.Width.Contains)];
        var size = After(resolution, _layout.Stem.Stride);
        var runs = new List<ProgramRun>();
        foreach (var (stride, stages) in StageRuns.Of(_layout))
        {
            runs.Add(new ProgramRun(
                Table(size, stride), Table(After(size, stride), 1), stages, Most(stages, blockLayers), leaves, levels, countsLayers: maxLayers is not null));
            size = After(size, stride);
        }

        _runs = [.. runs];
        var ends = reader();
        _stems = [.. _widths.Select(width => _layout.Stem.Width.Contains(width) ? ends.ReadStem(Stem(width), resolution, space.InputChannels) : (Piece?)null)];
        _end = EndTable.Create(_layout.Head, _widths, size, classes, ends);
        (_start, _endValues) = (new double[levels * _widths.Length], new double[_widths.Length]);
    }

    /// <summary>Threads that may read latencies at the same time.</summary>
    public int Readers { get; }

    /// <summary>As many convolutions as any network has, or more.</summary>
    public int MostConvolutions { get; }

    /// <summary>Largest value of the Lagrangian, without what a budget itself is worth; −∞ where no network has so few layers.</summary>
    public double Solve(Prices prices)
    {
        Workers.Run(_tables.Length, _threads, i => _tables[i].Price(prices));
        _end.Price(prices, _endValues);
        Array.Fill(_start, double.NegativeInfinity);
        for (var width = 0; width < _widths.Length; width++)
        {
            _start[width] = _stems[width]?.Value(prices) ?? double.NegativeInfinity;
        }

        var values = _start;
        foreach (var run in _runs)
        {
            run.Pass(values);
            values = run.Out;
        }

        return States().Max(state => values[state.Level * _widths.Length + state.Width] + _endValues[state.Width]);
    }

    /// <summary>A network that has the value that <see cref="Solve"/> returned.</summary>
    public Architecture Best(double value)
    {
        Architecture? best = null;
        _ = Enumerate(value, long.MaxValue, network =>
        {
            best = network;
            return double.PositiveInfinity;
        });
        return best ?? throw new InvalidOperationException("the best network can't be traced back");
    }

    /// <summary>Visits all networks whose Lagrangian isn't below a threshold, for the prices that were solved for last.</summary>
    /// <param name="threshold">The threshold; sums that rounding makes smaller are visited too.</param>
    /// <param name="mostBlocks">Ends after so many blocks were tried.</param>
    /// <param name="visit">Told each network; returns the threshold from then on.</param>
    /// <returns>Whether all were visited.</returns>
    public bool Enumerate(double threshold, long mostBlocks, Func<Architecture, double> visit)
    {
        var trace = new Trace(this, threshold - Rounding * (SizeOfParts + Math.Abs(threshold)), mostBlocks, visit);
        var last = _runs.Length - 1;
        foreach (var (level, width) in States())
        {
            foreach (var (block, value) in trace.HasGivenUp ? [] : _runs[last].Ends(level, width))
            {
                foreach (var (head, end) in value + _endValues[width] < trace.Threshold ? [] : _end.Above(width, trace.Threshold - value))
                {
                    trace.Push(head);
                    trace.Back(last, block, level, width, end);
                    trace.Pop(head);
                }
            }
        }

        return !trace.HasGivenUp;
    }

    private void CheckSize(int options)
    {
        if (_widths.Length > MostWidths || (long)_widths.Length * options > MostBlocks)
        {
            throw new InvalidInputException(
                $"space '{_space.Name}' has {_widths.Length:N0} widths and {options:N0} kinds, kernels, expansions and bottleneck widths of blocks; allowed for the optimum are {MostWidths:N0} widths "
                + $"and {MostBlocks:N0} of both together, so take larger steps");
        }
    }

    private IEnumerable<(int Level, int Width)> States()
    {
        for (var level = 0; level < _start.Length / _widths.Length; level++)
        {
            for (var width = 0; width < _widths.Length; width++)
            {
                yield return (level, width);
            }
        }
    }

    private IEnumerable<(int Size, int Stride)> Places()
    {
        var size = After(_resolution, _layout.Stem.Stride);
        foreach (var (stride, _) in StageRuns.Of(_layout))
        {
            yield return (size, stride);
            size = After(size, stride);
            yield return (size, 1);
        }
    }

    private int Most(int stages, int? layers) => Math.Max(stages, Math.Min(stages * _space.MaxBlocksPerStage, layers ?? int.MaxValue));

    private ConvolutionBlock Stem(int width) => new(_layout.Stem.Kernel, width, _layout.Stem.Stride);

    private static int After(int size, int stride) => (size - 1) / stride + 1;

    private static IEnumerable<int> Values(IntRange range) => Enumerable.Range(0, range.Count).Select(range.At);

    /// <summary>Traces networks back from their ends.</summary>
    private sealed class Trace(NetworkProgram program, double threshold, long mostBlocks, Func<Architecture, double> visit)
    {
        private readonly Stack<Block> _blocks = [];
        private long _left = mostBlocks;

        public double Threshold { get; private set; } = threshold;

        public bool HasGivenUp => _left <= 0;

        public void Push(Block? block)
        {
            if (block is not null)
            {
                _blocks.Push(block);
            }
        }

        public void Pop(Block? block)
        {
            if (block is not null)
            {
                _blocks.Pop();
            }
        }

        /// <summary>Goes on from the state behind a block to all blocks it may be.</summary>
        /// <param name="run">Run of the block.</param>
        /// <param name="block">Its position in the run.</param>
        /// <param name="level">Layers up to its end.</param>
        /// <param name="width">Position of its width.</param>
        /// <param name="behind">Value of all that stands behind it.</param>
        public void Back(int run, int block, int level, int width, double behind)
        {
            var stride = block == 0 ? program.StrideOf(run) : 1;
            foreach (var (source, from, repeats, before) in program._runs[run].Ways(block, level, width, Threshold - behind))
            {
                foreach (var (option, value) in program._runs[run].Table(block).Above(repeats, from, width, Threshold - behind - before))
                {
                    if (--_left <= 0)
                    {
                        return;
                    }

                    _blocks.Push(option.Block(program._widths[width], stride, repeats));
                    Before(run, block, source, from, behind + value);
                    _blocks.Pop();
                }
            }
        }

        private void Before(int run, int block, int level, int width, double behind)
        {
            if (block > 0)
            {
                Back(run, block - 1, level, width, behind);
            }
            else if (run > 0)
            {
                foreach (var (last, value) in program._runs[run - 1].Ends(level, width))
                {
                    if (value + behind >= Threshold)
                    {
                        Back(run - 1, last, level, width, behind);
                    }
                }
            }
            else if (level == 0 && program._start[width] + behind >= Threshold)
            {
                Threshold = Math.Max(Threshold, visit(program.Network(program._widths[width], _blocks)));
            }
        }
    }

    private int StrideOf(int run) => StageRuns.Of(_layout).ElementAt(run).Stride;

    private Architecture Network(int stem, IEnumerable<Block> blocks) => new([Stem(stem), .. blocks], _resolution, _classes, _space.InputChannels);
}
