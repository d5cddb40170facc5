using ZenNas.Architectures;
using ZenNas.Complexity;
using ZenNas.Scores;
using ZenNas.Spaces;

namespace ZenNas.Search.Optimal;

/// <summary>The way to the optimum within one budget.</summary>
internal sealed class OptimumSearch
{
    // A price of so many nats for a whole budget: far above what any budget is worth.
    private const double HighestPrice = 600;
    private const double HighestConvolutionPrice = 0.25;

    // Of making a convolution e times as wide, of which the score itself pays half a nat.
    private const double HighestWidthPrice = 20;
    private const double ConvolutionScale = 200;
    private const int PricesPerVariable = 25;
    private const double CloseEnough = 0.02;
    private const double NarrowGap = 0.003;
    private const int MostRounds = 60;
    private const int MostNeighbours = 128;
    private const int LooksPerReport = 2000;
    private const long EvolutionSteps = 30_000;
    private const long MostBlocksTried = 80_000;

    // On each side of the budget; more where the first leave a wide gap.
    private static readonly int[] Polished = [2, 8];

    private readonly NetworkProgram _program;
    private readonly SearchSpace _space;
    private readonly SpaceLayout _layout;
    private readonly Budget _budget;
    private readonly ClosedFormZenScore _score;
    private readonly Judge _judge;
    private readonly Dictionary<UInt128, Judged> _visited = [];
    private readonly Action<OptimumProgress>? _progress;
    private readonly CancellationToken _cancellation;
    private Judged? _best;
    private long _looked;
    private double _bound = double.PositiveInfinity;

    public OptimumSearch(
        NetworkProgram program, SearchSpace space, Architecture initial, Budget budget, ClosedFormZenScore score, Action<OptimumProgress>? progress,
        CancellationToken cancellation)
    {
        (_program, _space, _layout, _budget, _score) = (program, space, space.LayoutFor(initial.Resolution), budget, score);
        (_progress, _cancellation) = (progress, cancellation);
        _judge = new Judge(space, _layout, score, budget);
        Visit(initial);
    }

    public Optimum Run()
    {
        var (upperBound, prices) = MinimiseDual();
        foreach (var starts in Polished)
        {
            Polish(starts);
            if (upperBound <= BestFitting().Score || CloseGap(prices))
            {
                upperBound = BestFitting().Score;
                break;
            }

            if (upperBound <= BestFitting().Score * (1 + NarrowGap))
            {
                break;
            }

            if (starts != Polished[^1])
            {
                Evolve();
            }
        }

        var best = BestFitting();
        return new Optimum(
            best.Architecture, best.Score, Math.Max(upperBound, best.Score), [.. _visited.Values.Where(v => v.Fits).Select(v => v.Architecture)]);
    }

    /// <summary>The smallest upper bound over all prices, and the prices that give it.</summary>
    private (double Bound, double[] Prices) MinimiseDual()
    {
        var (lowest, highest) = Box();
        var ellipsoid = new Ellipsoid(lowest, highest);
        var (bound, at) = (double.PositiveInfinity, new double[highest.Length]);

        // Each volume is by a share smaller that falls with the square of the number of variables.
        for (var left = PricesPerVariable * highest.Length * highest.Length; left > 0;)
        {
            _cancellation.ThrowIfCancellationRequested();
            double[] prices = [.. ellipsoid.Centre];
            // The price of a convolution may be negative where its depth asks for width.
            var negative = Array.FindIndex(prices, 0, MaxDepthToWidth is null ? prices.Length : prices.Length - 1, price => price < 0);
            if (negative >= 0)
            {
                var inward = new double[prices.Length];
                inward[negative] = -1;
                if (!ellipsoid.Cut(inward, -prices[negative]))
                {
                    break;
                }

                continue;
            }

            left--;
            var (value, gradient) = Dual(prices);
            (bound, at) = value < bound ? (value, prices) : (bound, at);
            _bound = bound;
            Report();
            if (gradient.All(g => g == 0) || ellipsoid.Reach(gradient) < CloseEnough || !ellipsoid.Cut(gradient, value - bound))
            {
                break;
            }
        }

        return (bound, at);
    }

    /// <summary>Ranges of the prices: of budgets, of width where depth to width is limited, of a convolution.</summary>
    private (double[] Lowest, double[] Highest) Box()
    {
        var budgets = Enumerable.Repeat(HighestPrice, Limits().Count);
        var highest = HighestConvolutionPrice * ConvolutionScale;
        if (MaxDepthToWidth is not { } ratio)
        {
            return (new double[Limits().Count + 1], [.. budgets, highest]);
        }

        // A price of width makes convolutions cost what the last of them asks for.
        var lowest = -HighestWidthPrice * Math.Max(0, 1 + Math.Log(_program.MostConvolutions / ratio)) * ConvolutionScale;
        return ([.. new double[Limits().Count + 1], lowest], [.. budgets, HighestWidthPrice, highest]);
    }

    private (double Value, double[] Gradient) Dual(double[] prices)
    {
        var inUnits = InUnits(prices);
        var value = _program.Solve(inUnits);
        var network = Visit(_program.Best(value));
        var (worth, convolutions) = WorthOfConvolutions(inUnits);
        double[] width = MaxDepthToWidth is { } ratio ? [network.LogWidths - DepthToWidth.LeastLogWidths(ratio, convolutions)] : [];
        return (
            value + prices.Take(Limits().Count).Sum() + worth,
            [.. network.Use.Select(share => 1 - share), .. width, (network.Convolutions - convolutions) / ConvolutionScale]);
    }

    /// <summary>
    /// max f(N) − price·N, where f is what a network's number N of convolutions adds to the score, less the price of the width that so many need; f is concave.
    /// </summary>
    private (double Worth, int Convolutions) WorthOfConvolutions(in Prices prices)
    {
        var (worth, at) = (double.NegativeInfinity, 0);
        for (var n = 1; n <= _program.MostConvolutions; n++)
        {
            var needed = MaxDepthToWidth is { } ratio ? prices.LogWidth * DepthToWidth.LeastLogWidths(ratio, n) : 0;
            var value = _score.Depth(n) - needed - prices.Convolution * n;
            (worth, at) = value > worth ? (value, n) : (worth, at);
        }

        return (worth, at);
    }

    /// <summary>Improves the best networks on both sides of the budget by small changes until none helps.</summary>
    private void Polish(int starts)
    {
        Judged[] chosen =
        [
            .. _visited.Values.Where(v => v.Fits).OrderByDescending(v => v.Score).Take(starts),
            .. _visited.Values.Where(v => !v.Fits).OrderBy(v => v.Excess).Take(starts),
        ];
        var improved = new List<Judged>[chosen.Length];
        Workers.Run(chosen.Length, _program.Readers, i => improved[i] = Improve(chosen[i]));
        foreach (var judged in improved.SelectMany(steps => steps))
        {
            Keep(judged);
        }

        Report();
    }

    /// <summary>Goes far from the best network, where small changes of it lead nowhere: limits on shape leave islands.</summary>
    private void Evolve()
    {
        var search = new EvolutionarySearch(new SearchSettings { Space = _space, Initial = BestFitting().Architecture, Budget = _budget });
        while (search.Ask(EvolutionSteps) is { } proposal)
        {
            _cancellation.ThrowIfCancellationRequested();
            search.Tell(proposal, _score.Score(proposal.Network.Vanilla));
        }

        foreach (var candidate in search.Population.OrderByDescending(c => c.Score).Take(Polished[^1]))
        {
            Visit(candidate.Architecture);
        }
    }

    private List<Judged> Improve(Judged start)
    {
        var (moves, judge, steps) = (new Moves(_space, _layout), new Judge(_space, _layout, _score, _budget), new List<Judged>());
        for (var (current, round) = (start, 0); round < MostRounds; round++)
        {
            var best = current;
            var near = new PriorityQueue<Judged, double>();
            foreach (var neighbour in moves.Of(current.Architecture))
            {
                _cancellation.ThrowIfCancellationRequested();
                var judged = judge.Of(neighbour);
                best = judged.IsBetterThan(best) ? judged : best;
                if (judged.Fits && !judged.Architecture.Equals(current.Architecture))
                {
                    near.Enqueue(judged, judged.Score);
                    if (near.Count > MostNeighbours)
                    {
                        near.Dequeue();
                    }
                }
            }

            if (ReferenceEquals(best, current))
            {
                // They are the frontier that another score may rank.
                steps.AddRange(near.UnorderedItems.Select(item => item.Element).OrderByDescending(judged => judged.Score));
                break;
            }

            steps.Add(best);
            current = best;
        }

        return steps;
    }

    /// <summary>Looks at all networks whose Lagrangian reaches the best score: the optimum is among them.</summary>
    /// <returns>Whether there were few enough to see all.</returns>
    private bool CloseGap(double[] prices)
    {
        var inUnits = InUnits(prices);
        var value = _program.Solve(inUnits);
        var (worth, _) = WorthOfConvolutions(inUnits);
        var constant = prices.Take(Limits().Count).Sum() + worth;
        var threshold = BestFitting().Score - constant;
        return value < threshold || _program.Enumerate(threshold, MostBlocksTried, network =>
        {
            var judged = Look(network);
            if (judged.Fits && judged.Score > BestFitting().Score)
            {
                Keep(judged);
            }

            return judged.Fits ? judged.Score - constant : double.NegativeInfinity;
        });
    }

    private Prices InUnits(double[] prices)
    {
        var next = 0;
        double Next(double? limit) => limit is { } most ? prices[next++] / most : 0;
        return new Prices(Next(_budget.MaxParameters), Next(_budget.MaxMacs), Next(_budget.MaxLatency?.MaxMs), prices[^1] / ConvolutionScale,
            MaxDepthToWidth is null ? 0 : prices[^2]);
    }

    private double? MaxDepthToWidth => _space.Constraints.MaxDepthToWidth;

    private List<double> Limits()
    {
        var limits = new double?[] { _budget.MaxParameters, _budget.MaxMacs, _budget.MaxLatency?.MaxMs };
        return [.. limits.OfType<double>()];
    }

    /// <summary>There is always one: the network that it began with.</summary>
    private Judged BestFitting() => _best!;

    private Judged Visit(Architecture architecture) => Keep(Look(architecture));

    private Judged Look(Architecture architecture)
    {
        if (++_looked % LooksPerReport == 0)
        {
            _cancellation.ThrowIfCancellationRequested();
            Report();
        }

        return _judge.Of(architecture);
    }

    private void Report() => _progress?.Invoke(new OptimumProgress(_looked, BestFitting().Score, _bound));

    private Judged Keep(Judged judged)
    {
        _visited.TryAdd(Fingerprint.Of(judged.Architecture), judged);
        _best = judged.Fits && !(judged.Score <= _best?.Score) ? judged : _best;
        return judged;
    }
}
