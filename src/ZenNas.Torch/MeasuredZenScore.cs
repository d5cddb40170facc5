using TorchSharp;
using ZenNas.Architectures;
using ZenNas.Scores;
using ZenNas.Search;

namespace ZenNas.Torch;

/// <summary>
/// The Zen-Score measured by Algorithm 1: forward passes of N(0,1) inputs through the vanilla network with N(0,1) weights.
/// </summary>
public sealed class MeasuredZenScore : TensorScore
{
    /// <summary>Creates the score.</summary>
    /// <exception cref="InvalidInputException">A setting is out of range, or the device isn't there.</exception>
    public MeasuredZenScore(ScoreSettings settings)
        : base(settings) { }

    /// <summary>What the score is.</summary>
    public static ScoreInfo Description { get; } = new()
    {
        Name = "measured",
        Summary = "Zen-Score, measured by forward passes",
        Source = "Zen-NAS, Algorithm 1",
        IsRandom = true,
        NeedsTensors = true,
        IsLogarithm = true,
        UsesAlpha = true,
        UsesBatch = true,
        UsesConvention = true,
        Conditions = "vanilla network, N(0,1) weights and images",
    };

    /// <inheritdoc/>
    public override ScoreInfo Info => Description;

    /// <summary>Checks, without loading torch, that a network can be measured here.</summary>
    /// <exception cref="InvalidInputException">It needs more memory than there is.</exception>
    public static void CheckMemory(VanillaNetwork network, ScoreSettings settings)
    {
        ArgumentNullException.ThrowIfNull(network);
        MemoryNeed.OfChain(network, settings.Checked().BatchSize).AtOnce(1);
    }

    /// <summary>One repeat with the weights and inputs of a seed; in nats. Not finite where the passes aren't.</summary>
    /// <exception cref="InvalidInputException">The network needs more memory than there is.</exception>
    public double MeasureOnce(VanillaNetwork network, ulong seed)
    {
        CheckMemory(network, Settings);
        return Pass(network, seed);
    }

    /// <summary>The repeat itself; whether it fits has been checked.</summary>
    private double Pass(VanillaNetwork network, ulong seed)
    {
        var pass = Device.type == DeviceType.CPU
            ? FusedPass.Run(network, seed, Settings)
            : PlainPass.Run(network, seed, Settings, Device);
        return pass.Score(Settings.Convention);
    }

    /// <summary>Repeats with fresh weights and inputs. The number of threads doesn't change the result.</summary>
    /// <param name="network">What to score.</param>
    /// <param name="seed">Seed of all repeats.</param>
    /// <param name="policy">How many repeats.</param>
    /// <param name="threads">Repeats that run at the same time.</param>
    /// <param name="measured">Told the number of repeats so far, from any thread.</param>
    /// <param name="cancellation">Ends the measurement between repeats.</param>
    /// <exception cref="InvalidInputException">The network needs more memory than there is.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public ScoreValue Measure(
        VanillaNetwork network, ulong seed, RepeatPolicy policy, int threads, Action<int>? measured = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(network);
        threads = MemoryNeed.OfChain(network, Settings.BatchSize).AtOnce(threads);
        var values = new List<double>();
        var target = policy.Minimum;
        var finished = 0;
        while (true)
        {
            var wave = new double[target - values.Count];
            var first = values.Count;
            TensorThreads.Run(
                wave.Length, threads,
                i =>
                {
                    wave[i] = Pass(network, StepRandom.Derive(seed, (ulong)(first + i)));
                    measured?.Invoke(Interlocked.Increment(ref finished));
                },
                cancellation);
            values.AddRange(wave);
            var value = ScoreValue.Of(values.ToArray());
            if (values.Count >= policy.Maximum || value.StandardError <= policy.StandardError)
            {
                return value;
            }

            target = Math.Min(values.Count + RepeatPolicy.Wave, policy.Maximum);
        }
    }

    private protected override MemoryNeed Need(Network network) => MemoryNeed.OfChain(network.Vanilla, Settings.BatchSize);

    private protected override ScoreValue Compute(Network network, ulong seed) => ScoreValue.Once(Pass(network.Vanilla, seed));
}
