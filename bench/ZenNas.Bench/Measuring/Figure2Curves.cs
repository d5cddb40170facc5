using ZenNas.Architectures;
using ZenNas.Scores;
using ZenNas.Torch;

namespace ZenNas.Bench.Measuring;

/// <summary>
/// The curves of Figure 2: networks P of equal width and growing depth, networks Q of two layers and growing hidden width; of each the
/// Φ-score without and with batch normalisation, and the Zen-Score.
/// </summary>
internal sealed class Figure2Curves(int repeats, int step, int batch, int threads)
{
    /// <summary>Height and width of the input.</summary>
    public const int Resolution = 16;

    /// <summary>Width of all layers of P and of the last layer of Q; with it single precision ends near 30 layers.</summary>
    public const int Width = 64;

    private const int Kernel = 3;
    private const int Smallest = 2;
    private const int Largest = 60;

    private readonly PhiScore _phi = new(new ScoreSettings { BatchSize = batch }, batchNorm: false);
    private readonly PhiScore _phiBatchNorm = new(new ScoreSettings { BatchSize = batch }, batchNorm: true);
    private readonly MeasuredZenScore _zen = new(new ScoreSettings { BatchSize = batch });
    private readonly ClosedFormZenScore _closedForm = new();

    /// <summary>Measures the curves (a) to (f).</summary>
    public IReadOnlyList<Curve> Measure()
    {
        int[] xs = [.. Enumerable.Range(0, (Largest - Smallest) / step + 1).Select(i => Smallest + i * step)];
        var progress = new Progress("networks", 2 * xs.Length);
        return
        [
            .. Measure('a', "P", "depth", xs, depth => [new ConvolutionBlock(Kernel, Width, repeats: depth)], progress),
            .. Measure('d', "Q", "hidden width", xs, hidden => [new ConvolutionBlock(Kernel, hidden), new ConvolutionBlock(Kernel, Width)], progress),
        ];
    }

    private Curve[] Measure(char first, string set, string xLabel, int[] xs, Func<int, Block[]> blocks, Progress progress)
    {
        List<CurvePoint>[] points = [[], [], []];
        foreach (var x in xs)
        {
            var network = Network.Lower(new Architecture([.. blocks(x)], Resolution, classes: 10)).Vanilla;
            var seed = (ulong)(first * 1000 + x);
            points[0].Add(new CurvePoint(x, _phi.Measure(network, seed, repeats, threads), null));
            points[1].Add(new CurvePoint(x, _phiBatchNorm.Measure(network, seed, repeats, threads), null));
            points[2].Add(new CurvePoint(x, _zen.Measure(network, seed, RepeatPolicy.Exactly(repeats), threads), _closedForm.Score(network)));
            progress.Advance();
        }

        return
        [
            new Curve(first, $"Φ-score of {set} without BN", xLabel, points[0]),
            new Curve((char)(first + 1), $"Φ-score of {set} with BN", xLabel, points[1]),
            new Curve((char)(first + 2), $"Zen-Score of {set}", xLabel, points[2]),
        ];
    }
}
