using ZenNas.Architectures;
using ZenNas.Complexity;
using ZenNas.Latency;
using ZenNas.Scores;
using ZenNas.Spaces;

namespace ZenNas.Search.Optimal;

/// <summary>
/// The network of the highest closed-form Zen-Score within a budget. The score is a sum over layers, so for given prices of parameters, MACs and
/// milliseconds dynamic programming finds the best network; the smallest value over all prices (the Lagrangian dual) is an upper bound. Neighbours of
/// the networks found on the way, and at last all networks whose Lagrangian reaches the best score, close the gap. Derivation: docs/optimum.md.
/// Not safe for concurrent use.
/// </summary>
public sealed class OptimumFinder
{
    private readonly SearchSpace _space;
    private readonly int _resolution;
    private readonly int _classes;
    private readonly int? _maxLayers;
    private readonly LatencyPredictor? _latency;
    private readonly ClosedFormZenScore _score;
    private readonly NetworkProgram _program;

    /// <summary>Reads the parts of all blocks of a space, which serves any number of budgets with the same limit on layers.</summary>
    /// <param name="space">The space.</param>
    /// <param name="resolution">Input resolution in pixels.</param>
    /// <param name="classes">Classes.</param>
    /// <param name="maxLayers">Most layers; null for any number.</param>
    /// <param name="latency">Predicts latencies; null where no budget will limit them.</param>
    /// <param name="score">The closed form.</param>
    /// <param name="threads">Threads; they don't change the result.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="InvalidInputException">The space has no layout for the resolution or is too large, or the profile lacks a kind of kernel.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public OptimumFinder(
        SearchSpace space, int resolution, int classes, int? maxLayers, LatencyPredictor? latency, ClosedFormZenScore score, int threads, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(space);
        ArgumentNullException.ThrowIfNull(score);
        (_space, _resolution, _classes, _maxLayers, _latency, _score) = (space, resolution, classes, maxLayers, latency, score);

        // A predictor remembers kernels and serves one thread.
        _program = new NetworkProgram(space, resolution, classes, maxLayers, () => new PieceReader(latency), latency is null ? threads : 1, threads, cancellation);
    }

    /// <summary>A finder for budgets like this one.</summary>
    /// <param name="budget">Whose limits on layers and latency matter.</param>
    /// <param name="space">The space.</param>
    /// <param name="resolution">Input resolution in pixels.</param>
    /// <param name="classes">Classes.</param>
    /// <param name="score">The closed form.</param>
    /// <param name="threads">Threads; they don't change the result.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <param name="initial">A network within the budget, where one is known.</param>
    /// <exception cref="InvalidInputException">Its latencies are measured, or nothing of the space fits it, or the space is too large.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static OptimumFinder For(
        Budget budget, SearchSpace space, int resolution, int classes, ClosedFormZenScore score, int threads, CancellationToken cancellation, Architecture? initial = null)
    {
        ArgumentNullException.ThrowIfNull(budget);
        var latency = budget.MaxLatency?.Source switch
        {
            null => null,
            LatencyPredictor predictor => predictor,
            _ => throw new InvalidInputException("the optimum needs latencies that are predicted; allowed is a latency profile"),
        };
        _ = initial ?? InitialNetwork.Generate(space, resolution, classes, budget, seed: 0);
        return new OptimumFinder(space, resolution, classes, budget.MaxLayers, latency, score, threads, cancellation);
    }

    /// <summary>Refuses spaces whose optimum would ask for more memory than it should, without reading anything.</summary>
    /// <param name="space">The space.</param>
    /// <param name="resolution">Input resolution in pixels.</param>
    /// <param name="maxLayers">Most layers; null for any number.</param>
    /// <exception cref="InvalidInputException">The space has no layout for the resolution, or is too large.</exception>
    public static void CheckSize(SearchSpace space, int resolution, int? maxLayers)
    {
        ArgumentNullException.ThrowIfNull(space);
        _ = new ProgramSize(space, space.LayoutFor(resolution), maxLayers);
    }

    /// <summary>Finds the optimum.</summary>
    /// <param name="budget">Its limit on layers is the finder's; its latencies come from the finder's predictor.</param>
    /// <param name="progress">Told now and then.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <param name="initial">A network within the budget to improve; null for the smallest ones only.</param>
    /// <exception cref="InvalidInputException">Not even the smallest network of the space fits the budget.</exception>
    /// <exception cref="ArgumentException">The budget has another limit on layers, or another source of latencies.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public Optimum Find(Budget budget, Action<OptimumProgress>? progress, CancellationToken cancellation, Architecture? initial = null)
    {
        ArgumentNullException.ThrowIfNull(budget);
        return budget.MaxLayers == _maxLayers && (budget.MaxLatency is null || ReferenceEquals(budget.MaxLatency.Source, _latency))
            ? new OptimumSearch(
                _program, _space, initial ?? InitialNetwork.Generate(_space, _resolution, _classes, budget, seed: 0), budget, _score, progress, cancellation).Run()
            : throw new ArgumentException("the finder was made for another limit on layers, or another source of latencies", nameof(budget));
    }
}
