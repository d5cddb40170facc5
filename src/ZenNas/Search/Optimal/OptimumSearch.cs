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
    private const double ConvolutionScale = 200;
    private const int PricesPerVariable = 40;
    private const double CloseEnough = 0.02;
    private const double NarrowGap = 0.003;
    private const int MostRounds = 60;
    private const int LooksPerReport = 2000;
    private const long MostBlocksTried = 200_000;

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
    private long _looked;
    private double _bound = double.PositiveInfinity;

    public OptimumSearch(
        NetworkProgram program, SearchSpace space, Architecture initial, Budget budget, ClosedFormZenScore score, Action<OptimumProgress>? progress,
        CancellationToken cancellation)
    {
        (_program, _space, _layout, _budget, _score) = (program, space, space.LayoutFor(initial.Resolution), budget, score);
        (_progress, _cancellation) = (progress, cancellation);
        _judge = new Judge(score, budget);
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
        }

        var best = BestFitting();
        return new Optimum(
            best.Architecture, best.Score, Math.Max(upperBound, best.Score), [.. _visited.Values.Where(v => v.Fits).Select(v => v.Architecture)]);
    }

    /// <summary>The smallest upper bound over all prices, and the prices that give it.</summary>
    private (double Bound, double[] Prices) MinimiseDual()
    {
        double[] highest = [.. Enumerable.Repeat(HighestPrice, Limits().Count), HighestConvolutionPrice * ConvolutionScale];
        var ellipsoid = new Ellipsoid(new double[highest.Length], highest);
        var (bound, at) = (double.PositiveInfinity, new double[highest.Length]);

        // Each volume is by a share smaller that falls with the square of the number of variables.
        for (var left = PricesPerVariable * highest.Length * highest.Length; left > 0;)
        {
            _cancellation.ThrowIfCancellationRequested();
            double[] prices = [.. ellipsoid.Centre];
            var negative = Array.FindIndex(prices, price => price < 0);
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

    private (double Value, double[] Gradient) Dual(double[] prices)
    {
        var value = _program.Solve(InUnits(prices));
        var network = Visit(_program.Best(value));
        var (worth, convolutions) = WorthOfConvolutions(prices[^1] / ConvolutionScale);
        return (
            value + prices.SkipLast(1).Sum() + worth,
            [.. network.Use.Select(share => 1 - share), (network.Convolutions - convolutions) / ConvolutionScale]);
    }

    /// <summary>max f(N) − price·N, where f is what a network's number N of convolutions adds to the score; f is concave.</summary>
    private (double Worth, int Convolutions) WorthOfConvolutions(double price)
    {
        var (worth, at) = (double.NegativeInfinity, 0);
        for (var n = 1; n <= _program.MostConvolutions; n++)
        {
            var value = _score.Depth(n) - price * n;
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

    private List<Judged> Improve(Judged start)
    {
        var (moves, judge, steps) = (new Moves(_space, _layout), new Judge(_score, _budget), new List<Judged>());
        for (var current = start; steps.Count < MostRounds;)
        {
            var best = current;
            foreach (var neighbour in moves.Of(current.Architecture))
            {
                _cancellation.ThrowIfCancellationRequested();
                var judged = judge.Of(neighbour);
                best = judged.IsBetterThan(best) ? judged : best;
            }

            if (ReferenceEquals(best, current))
            {
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
        var value = _program.Solve(InUnits(prices));
        var (worth, _) = WorthOfConvolutions(prices[^1] / ConvolutionScale);
        var constant = prices.SkipLast(1).Sum() + worth;
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
        return new Prices(Next(_budget.MaxParameters), Next(_budget.MaxMacs), Next(_budget.MaxLatency?.MaxMs), prices[^1] / ConvolutionScale);
    }

    private List<double> Limits()
    {
        var limits = new double?[] { _budget.MaxParameters, _budget.MaxMacs, _budget.MaxLatency?.MaxMs };
        return [.. limits.OfType<double>()];
    }

    /// <summary>There is always one: the network that it began with.</summary>
    private Judged BestFitting() => _visited.Values.Where(v => v.Fits).MaxBy(v => v.Score)!;

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
        return judged;
    }
}
