using ZenNas.Architectures;

namespace ZenNas.Scores;

/// <summary>
/// The closed form with what finite widths, maps and batches add: fluctuations of energy, which widen rectified features, and channels that differ in how much of the perturbation they carry.
/// Nearer to Algorithm 1 than <see cref="ClosedFormZenScore"/>, and as free of noise, but no sum over layers any more. Derivation: docs/finite-width.md.
/// </summary>
public sealed class FiniteWidthZenScore : IScore
{
    // Products of this many σ̄² stay far within the range of a double.
    private const int FactorsPerLogarithm = 16;

    private readonly double _decorrelation;
    private readonly int _batchSize;

    /// <summary>Creates the score for a perturbation and a batch.</summary>
    /// <param name="alpha">Size of the perturbation, in (0, 1]; the paper uses 0.01.</param>
    /// <param name="batchSize">Images of a batch, at least 1; the paper uses 16.</param>
    /// <exception cref="InvalidInputException">α or the batch size is out of range.</exception>
    public FiniteWidthZenScore(double alpha = ScoreSettings.DefaultAlpha, int batchSize = ScoreSettings.DefaultBatchSize)
    {
        Guard.InRange(batchSize, 1, int.MaxValue, "batch size");
        (_decorrelation, _batchSize) = (ReluMoments.InputDecorrelation(ScoreSettings.CheckAlpha(alpha)), batchSize);
    }

    /// <summary>What the score is.</summary>
    public static ScoreInfo Description { get; } = new()
    {
        Name = "finite-width",
        Summary = "Zen-Score, computed from the architecture with corrections for narrow layers",
        Source = "Zen-NAS, Algorithm 1; docs/finite-width.md",
        IsLogarithm = true,
        UsesAlpha = true,
        UsesBatch = true,
        Conditions = "vanilla network, Algorithm 1 for N(0,1) weights and images, fluctuations to first order",
    };

    /// <inheritdoc/>
    public ScoreInfo Info => Description;

    /// <inheritdoc/>
    public ScoreValue Evaluate(Network network, ulong seed) => ScoreValue.Exact(Score(network.Vanilla));

    /// <summary>log Δ + Σ log σ̄ in nats. Allocates nothing.</summary>
    public double Score(VanillaNetwork network)
    {
        ArgumentNullException.ThrowIfNull(network);
        double logarithm = 0, product = 1;
        var factors = 0;
        var state = new ChainState(_decorrelation, _batchSize);
        var layers = network.Layers.AsSpan();
        foreach (ref readonly var layer in layers)
        {
            if (layer.Kind == VanillaKind.MaxPool)
            {
                state.Pool(layer);
                continue;
            }

            product *= state.Convolve(layer);
            if (++factors == FactorsPerLogarithm)
            {
                logarithm += Math.Log(product);
                (product, factors) = (1, 0);
            }
        }

        ref readonly var last = ref layers[^1];
        return 0.5 * (logarithm + Math.Log(product) + Math.Log((double)last.OutChannels * last.OutSize * last.OutSize * state.SquaredDifference));
    }

    /// <summary>½·log σ̄² of each convolution, for comparison with measurements.</summary>
    internal double[] LayerTerms(VanillaNetwork network)
    {
        var terms = new List<double>();
        var state = new ChainState(_decorrelation, _batchSize);
        foreach (var layer in network.Layers)
        {
            if (layer.Kind == VanillaKind.MaxPool)
            {
                state.Pool(layer);
            }
            else
            {
                terms.Add(0.5 * Math.Log(state.Convolve(layer)));
            }
        }

        return [.. terms];
    }
}
