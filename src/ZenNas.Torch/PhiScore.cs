using ZenNas.Architectures;
using ZenNas.Scores;
using ZenNas.Search;

namespace ZenNas.Torch;

/// <summary>
/// Φ-score (Definition 1, equation 3): log E‖∇ₓf(x)‖_F of the vanilla network, with the gradient replaced by the finite difference
/// Δ/α of Algorithm 1, line 4. Without batch normalisation single precision overflows for deep networks (section 4.1).
/// </summary>
public sealed class PhiScore : TensorScore
{
    private static readonly ScoreFailure Overflow = new("the forward pass overflowed");

    private readonly bool _batchNorm;

    /// <summary>Creates the score.</summary>
    /// <param name="settings">Settings; the convention is always the paper's.</param>
    /// <param name="batchNorm">Whether batch normalisation stays in the network.</param>
    /// <exception cref="InvalidInputException">A setting is out of range, or the device isn't there.</exception>
    public PhiScore(ScoreSettings settings, bool batchNorm)
        : base(settings with { Convention = Convention.Paper }) => _batchNorm = batchNorm;

    /// <summary>The Φ-score without batch normalisation.</summary>
    public static ScoreInfo Plain { get; } = new()
    {
        Name = "phi",
        Summary = "Φ-score: log of the expected norm of the gradient by the input",
        Source = "Zen-NAS, Definition 1",
        IsRandom = true,
        NeedsTensors = true,
        IsLogarithm = true,
        UsesAlpha = true,
        UsesBatch = true,
        Conditions = "vanilla network without batch normalisation, N(0,1) weights and images",
    };

    /// <summary>The Φ-score with batch normalisation.</summary>
    public static ScoreInfo WithBatchNorm { get; } = Plain with
    {
        Name = "phi-bn",
        Summary = "Φ-score with batch normalisation kept",
        Source = "Zen-NAS, section 4.1",
        Conditions = "vanilla network, N(0,1) weights and images",
    };

    /// <inheritdoc/>
    public override ScoreInfo Info => _batchNorm ? WithBatchNorm : Plain;

    /// <summary>One repeat, in nats; positive infinity where the forward pass overflowed single precision.</summary>
    /// <exception cref="InvalidInputException">The network needs more memory than there is.</exception>
    public double MeasureOnce(VanillaNetwork network, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(network);
        MemoryNeed.OfChain(network, Settings.BatchSize).AtOnce(1);
        return Pass(network, seed);
    }

    /// <summary>The repeat itself; whether it fits has been checked.</summary>
    private double Pass(VanillaNetwork network, ulong seed)
    {
        var delta = PlainPass.Run(network, seed, Settings, Device, _batchNorm).Delta;

        // An overflow leaves infinities or their differences; dead ReLUs leave 0, whose logarithm is −∞.
        return double.IsFinite(delta) ? Math.Log(delta / Settings.Alpha) : double.PositiveInfinity;
    }

    /// <summary>Repeats with fresh weights and inputs; infinite where any repeat overflowed.</summary>
    /// <exception cref="InvalidInputException">The network needs more memory than there is.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public ScoreValue Measure(VanillaNetwork network, ulong seed, int repeats, int threads, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(network);
        threads = MemoryNeed.OfChain(network, Settings.BatchSize).AtOnce(threads);
        var values = new double[repeats];
        TensorThreads.Run(repeats, threads, i => values[i] = Pass(network, StepRandom.Derive(seed, (ulong)i)), cancellation);
        return values.Any(double.IsPositiveInfinity)
            ? new ScoreValue(double.PositiveInfinity, double.NaN, repeats)
            : ScoreValue.Of(values);
    }

    private protected override MemoryNeed Need(Network network) => MemoryNeed.OfChain(network.Vanilla, Settings.BatchSize);

    private protected override ScoreValue Compute(Network network, ulong seed)
    {
        var value = ScoreValue.Once(Pass(network.Vanilla, seed));
        return double.IsPositiveInfinity(value.Mean) ? value with { Failure = Overflow } : value;
    }
}
