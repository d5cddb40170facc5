using System.Collections.Immutable;
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
    private readonly ImmutableArray<PlannedRuns> _plans;
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
        var size = new ProgramSize(space, _layout, maxLayers);
        (_widths, var blockLayers, var levels) = (size.Widths, size.BlockLayers, size.Levels);
        var repeats = space.Repeats with { Maximum = Math.Clamp(blockLayers ?? space.Repeats.Last, space.Repeats.First, space.Repeats.Last) };
        MostConvolutions = 2 + MostConvolutionsPerRepeat * (blockLayers ?? size.MostBlockLayers);
        var options = BlockOption.Of(space, _layout);
        var (inOrder, places) = (Places().ToArray(), Places().Distinct().ToArray());
        _tables = new BlockTable[places.Length];
        Workers.Run(places.Length, readers, i => _tables[i] = BlockTable.Create(options, _widths, places[i].Size, places[i].Stride, repeats, reader(), cancellation));
        BlockTable Table(int position) => _tables[Array.IndexOf(places, inOrder[position])];

        bool[] leaves = [.. _widths.Select(_layout.Width.Contains)];
        var (any, steps) = (WidthSteps.Any(_widths), space.Constraints.BindNeighbours ? WidthSteps.Of(_widths, space.Constraints) : WidthSteps.Any(_widths));
        _plans =
        [
            .. size.Plans.Select(plan => new PlannedRuns(plan,
            [
                .. StageRuns.Of(_layout).Select((run, i) => new ProgramRun(
                    Table(2 * i), Table(2 * i + 1), RunLimits.Of(run.Stages, space, plan.Runs[i], blockLayers), i == 0 ? any : steps, steps, leaves, levels,
                    countsLayers: blockLayers is not null)),
            ])),
        ];
        var ends = reader();
        _stems = [.. _widths.Select(width => _layout.Stem.Width.Contains(width) ? ends.ReadStem(Stem(width), resolution, space.InputChannels) : (Piece?)null)];
        _end = EndTable.Create(_layout.Head, _widths, inOrder[^1].Size, classes, ends);
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

        Workers.Run(_plans.Length, _threads, i => _plans[i].Pass(_start));
        return _plans.Max(plan => plan.States(_widths.Length)
            .Select(state => plan.Out[state.Level * _widths.Length + state.Width] + _endValues[state.Width]).DefaultIfEmpty(double.NegativeInfinity).Max());
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
        var trace = new NetworkTrace(this, threshold - Rounding * (SizeOfParts + Math.Abs(threshold)), mostBlocks, visit);
        foreach (var plan in _plans)
        {
            trace.Follow(plan);
        }

        return !trace.HasGivenUp;
    }

    /// <summary>Widths that a block or the first convolution may have, ascending.</summary>
    public ReadOnlySpan<int> Widths => _widths;

    /// <summary>Values of first convolutions by width, for the prices that were solved for last.</summary>
    public ReadOnlySpan<double> Starts => _start.AsSpan(0, _widths.Length);

    /// <summary>The ends behind a width whose value isn't below a threshold.</summary>
    public IEnumerable<(ConvolutionBlock? Head, double Value)> Ends(int width, double threshold) => _end.Above(width, threshold);

    /// <summary>Value of the best end behind a width.</summary>
    public double EndValue(int width) => _endValues[width];

    /// <summary>Stride of the first block of a run.</summary>
    public int StrideOf(int run) => StageRuns.Of(_layout).ElementAt(run).Stride;

    /// <summary>Two for each run: where its first block stands, and where further ones do.</summary>
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

    private ConvolutionBlock Stem(int width) => new(_layout.Stem.Kernel, width, _layout.Stem.Stride);

    private static int After(int size, int stride) => (size - 1) / stride + 1;


    /// <summary>A network.</summary>
    /// <param name="stem">Width of its first convolution.</param>
    /// <param name="blocks">What stands behind it.</param>
    public Architecture Network(int stem, IEnumerable<Block> blocks) => new([Stem(stem), .. blocks], _resolution, _classes, _space.InputChannels);
}
