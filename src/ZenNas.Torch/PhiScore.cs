using TorchSharp;
using ZenNas.Architectures;
using ZenNas.Scores;
using ZenNas.Search;

namespace ZenNas.Torch;

/// <summary>
/// Φ-score (Definition 1, equation 3): log E‖∇ₓf(x)‖_F of the vanilla network, with the gradient replaced by the finite difference
/// Δ/α of Algorithm 1, line 4. Without batch normalisation single precision overflows for deep networks (section 4.1).
/// </summary>
public sealed class PhiScore : IScore
{
    private readonly MeasurementOptions _options;
    private readonly bool _batchNorm;
    private readonly torch.Device _device;

    /// <summary>Creates the score.</summary>
    /// <param name="options">Settings; convention is always the paper's.</param>
    /// <param name="batchNorm">Whether batch normalisation stays in the network.</param>
    /// <exception cref="InvalidInputException">An option is out of range, or the device isn't there.</exception>
    public PhiScore(MeasurementOptions options, bool batchNorm)
    {
        _options = options.Checked() with { Convention = Convention.Paper };
        _batchNorm = batchNorm;
        TorchRuntime.Initialize();
        _device = TorchDevices.Parse(options.Device);
    }

    /// <inheritdoc/>
    public string Name => _batchNorm ? "phi-bn" : "phi";

    /// <inheritdoc/>
    public ScoreValue Evaluate(Network network, ulong seed) => ScoreValue.Of([MeasureOnce(network.Vanilla, seed)]);

    /// <summary>One repeat, in nats; positive infinity where the forward pass overflowed single precision.</summary>
    /// <exception cref="InvalidInputException">The network needs more memory than there is.</exception>
    public double MeasureOnce(VanillaNetwork network, ulong seed)
    {
        MeasuredZenScore.CheckMemory(network, _options);
        var delta = PlainPass.Run(network, seed, _options, _device, _batchNorm).Delta;

        // An overflow leaves infinities or their differences; dead ReLUs leave 0, whose logarithm is −∞.
        return double.IsFinite(delta) ? Math.Log(delta / _options.Alpha) : double.PositiveInfinity;
    }

    /// <summary>Repeats with fresh weights and inputs; infinite where any repeat overflowed.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public ScoreValue Measure(VanillaNetwork network, ulong seed, int repeats, int threads, CancellationToken cancellation = default)
    {
        threads = MemoryNeed.RepeatsAtOnce(network, _options, threads);
        var values = new double[repeats];
        TensorThreads.Run(repeats, threads, i => values[i] = MeasureOnce(network, StepRandom.Derive(seed, (ulong)i)), cancellation);
        return values.Any(double.IsPositiveInfinity)
            ? new ScoreValue(double.PositiveInfinity, double.NaN, repeats)
            : ScoreValue.Of(values);
    }
}
