using TorchSharp;
using ZenNas.Architectures;
using ZenNas.Scores;
using ZenNas.Search;

namespace ZenNas.Torch;

/// <summary>
/// The Zen-Score measured by Algorithm 1: forward passes of N(0,1) inputs through the vanilla network with N(0,1) weights.
/// </summary>
/// <remarks>
/// A repeat runs on one thread and is a function of network, options and seed alone; several run in parallel. Safe for concurrent use.
/// </remarks>
public sealed class MeasuredZenScore : IScore
{
    private readonly MeasurementOptions _options;
    private readonly torch.Device _device;

    /// <summary>Creates the score.</summary>
    /// <exception cref="InvalidInputException">An option is out of range, or the device isn't there.</exception>
    public MeasuredZenScore(MeasurementOptions options)
    {
        _options = options.Checked();
        TorchRuntime.Initialize();
        _device = TorchDevices.Parse(options.Device);
    }

    /// <inheritdoc/>
    public string Name => "measured";

    /// <summary>Checks, without loading torch, that a network can be measured here.</summary>
    /// <exception cref="InvalidInputException">It needs more memory than there is.</exception>
    public static void CheckMemory(VanillaNetwork network, MeasurementOptions options) =>
        MemoryNeed.RepeatsAtOnce(network, options.Checked(), most: 1);

    /// <summary>A single repeat.</summary>
    /// <exception cref="InvalidInputException">The network needs more memory than there is.</exception>
    public ScoreValue Evaluate(Network network, ulong seed) => ScoreValue.Of([MeasureOnce(network.Vanilla, seed)]);

    /// <inheritdoc/>
    public ScoreValue[] EvaluateAll(IReadOnlyList<(Network Network, ulong Seed)> networks, int threads)
    {
        var values = new ScoreValue[networks.Count];
        TensorThreads.Run(values.Length, threads, i => values[i] = EvaluateIfItFits(networks[i].Network, networks[i].Seed), CancellationToken.None);
        return values;
    }

    /// <summary>Among many networks, one that is too large for this machine has no score; the others go on.</summary>
    private ScoreValue EvaluateIfItFits(Network network, ulong seed)
    {
        try
        {
            return Evaluate(network, seed);
        }
        catch (InvalidInputException)
        {
            return ScoreValue.Of([double.NaN]);
        }
    }

    /// <summary>One repeat with the weights and inputs of a seed; in nats. Not finite where the passes aren't.</summary>
    /// <exception cref="InvalidInputException">The network needs more memory than there is.</exception>
    public double MeasureOnce(VanillaNetwork network, ulong seed)
    {
        CheckMemory(network, _options);
        var pass = _device.type == DeviceType.CPU
            ? FusedPass.Run(network, seed, _options)
            : PlainPass.Run(network, seed, _options, _device);
        return pass.Score(_options.Convention);
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
        threads = MemoryNeed.RepeatsAtOnce(network, _options, threads);
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
                    wave[i] = MeasureOnce(network, StepRandom.Derive(seed, (ulong)(first + i)));
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
}
