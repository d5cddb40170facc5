using ZenNas.Architectures;

namespace ZenNas.Scores;

/// <summary>
/// The Zen-Score (Algorithm 1) in its mean-field limit: no tensor, no noise. Weights are i.i.d. N(0,1), every convolution is followed by
/// batch normalisation and the input is N(0,1), so each quantity of the algorithm follows from the architecture alone.
/// Derivation: docs/closed-form.md.
/// </summary>
public sealed class ClosedFormZenScore : IScore
{
    // Longest chain: Limits.Layers repeats of two inverted bottlenecks of three convolutions.
    private const int LongestChain = 6 * Limits.Layers;

    // Products of this many σ̄² stay far within the range of a double: each is below 2²² and above 2⁻¹⁰.
    private const int FactorsPerLogarithm = 16;

    private readonly double[] _decorrelation = new double[LongestChain + 1];

    /// <summary>Creates the score for a perturbation α of the input.</summary>
    /// <param name="alpha">Size of the perturbation, in (0, 1]; the paper uses 0.01.</param>
    /// <exception cref="InvalidInputException">α is out of range.</exception>
    public ClosedFormZenScore(double alpha = ScoreSettings.DefaultAlpha)
    {
        Alpha = ScoreSettings.CheckAlpha(alpha);
        _decorrelation[0] = ReluMoments.InputDecorrelation(alpha);
        for (var i = 1; i < _decorrelation.Length; i++)
        {
            _decorrelation[i] = ReluMoments.Decorrelate(_decorrelation[i - 1]);
        }
    }

    /// <summary>Size of the perturbation.</summary>
    public double Alpha { get; }

    /// <summary>What the score is.</summary>
    public static ScoreInfo Description { get; } = new()
    {
        Name = "closed-form",
        Summary = "Zen-Score, computed from the architecture",
        Source = "Zen-NAS, Algorithm 1; docs/closed-form.md",
        IsLogarithm = true,
        UsesAlpha = true,
        Conditions = "vanilla network, limit of Algorithm 1 for N(0,1) weights and images",
    };

    /// <inheritdoc/>
    public ScoreInfo Info => Description;

    /// <inheritdoc/>
    public ScoreValue Evaluate(Network network, ulong seed) => ScoreValue.Exact(Score(network.Vanilla));

    /// <summary>log Δ + Σ log σ̄ in nats. Allocates nothing.</summary>
    public double Score(VanillaNetwork network)
    {
        double logarithm = 0, product = 1;
        var factors = 0;
        double u = 1, squaredMean = 0;
        var layers = network.Layers.AsSpan();
        var perturbation = new Perturbation(_decorrelation);
        for (var i = 0; i < layers.Length; i++)
        {
            ref readonly var layer = ref layers[i];
            if (layer.Kind == VanillaKind.MaxPool)
            {
                var moments = MaxPoolMoments.Of(layer.Kernel, layer.Stride, layer.InSize);
                perturbation.Pool(moments);
                (u, squaredMean) = (moments.Variance, moments.Mean * moments.Mean);
                continue;
            }

            product *= u * layer.TapSum + squaredMean * layer.TapSpread;
            if (++factors == FactorsPerLogarithm)
            {
                logarithm += Math.Log(product);
                (product, factors) = (1, 0);
            }

            if (layer.Relu)
            {
                perturbation.Rectify();
                (u, squaredMean) = (ReluMoments.Variance, ReluMoments.MeanSquared);
            }
            else
            {
                (u, squaredMean) = (1, 0);
            }
        }

        ref readonly var last = ref layers[^1];
        var outputs = (double)last.OutChannels * last.OutSize * last.OutSize;
        return 0.5 * (logarithm + Math.Log(product) + Math.Log(outputs * 2 * u * perturbation.Current));
    }

    /// <summary>
    /// What a chain of so many convolutions, each with a ReLU, adds to the score besides sums over layers: ½·log(2ue), where e falls short of
    /// growing by the same factor in every layer. Concave in the number.
    /// </summary>
    internal double Depth(int convolutions) => 0.5 * Math.Log(2 * ReluMoments.Variance * _decorrelation[convolutions]);

    /// <summary>
    /// e = 1 − correlation between the features of x and of x + αε. It depends only on how many ReLUs were passed, so it is read from a
    /// table, until a max pool leads off it.
    /// </summary>
    private ref struct Perturbation(ReadOnlySpan<double> table)
    {
        private readonly ReadOnlySpan<double> _table = table;
        private int _rectified;
        private double _offTable;
        private double _before;

        public readonly double Current => _offTable > 0 ? _offTable : _table[_rectified];

        public void Rectify()
        {
            if (_offTable > 0)
            {
                _before = _offTable;
                _offTable = ReluMoments.Decorrelate(_offTable);
            }
            else
            {
                _rectified++;
            }
        }

        /// <summary>Replaces the ReLU before the pool by ReLU and pool together.</summary>
        public void Pool(MaxPoolMoments moments)
        {
            var before = _offTable > 0 ? _before : _table[_rectified - 1];
            _offTable = moments.SquaredDifference(before) / (2 * moments.Variance);
        }
    }
}
