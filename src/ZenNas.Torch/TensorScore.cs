using System.Runtime.InteropServices;
using TorchSharp;
using ZenNas.Architectures;
using ZenNas.Scores;

namespace ZenNas.Torch;

/// <summary>
/// A score that runs networks on tensors. An evaluation runs on one thread and is a function of network, settings and seed alone; several
/// run in parallel. A network that takes more memory than there is has no score. Safe for concurrent use.
/// </summary>
public abstract class TensorScore : IScore
{
    private protected TensorScore(ScoreSettings settings)
    {
        Settings = settings.Checked();
        TorchRuntime.Initialize();
        Device = TorchDevices.Parse(settings.Device);
    }

    /// <inheritdoc/>
    public abstract ScoreInfo Info { get; }

    private protected ScoreSettings Settings { get; }

    private protected torch.Device Device { get; }

    /// <inheritdoc/>
    public ScoreValue Evaluate(Network network, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(network);
        var need = Need(network);
        if (!need.Fits)
        {
            return ScoreValue.Failed(ScoreFailure.TooLittleMemory, need.Detail);
        }

        // A worker's slots don't know of each other.
        using var held = MemoryReservation.Take((long)need.Bytes);
        try
        {
            var value = Compute(network, seed);
            return value.Failure is null && !double.IsFinite(value.Mean) ? value with { Failure = ScoreFailure.NotFinite(value.Mean) } : value;
        }
        catch (ExternalException e) when (IsOutOfMemory(e))
        {
            return ScoreValue.Failed(ScoreFailure.TooLittleMemory, e.Message.Split('\n')[0]);
        }
    }

    /// <inheritdoc/>
    public ScoreValue[] EvaluateAll(IReadOnlyList<(Network Network, ulong Seed)> networks, int threads)
    {
        ArgumentNullException.ThrowIfNull(networks);
        var largest = networks.Select(n => Need(n.Network)).Where(need => need.Fits).Select(need => need.Bytes).DefaultIfEmpty(1).Max();
        var atOnce = (int)Math.Clamp(MemoryNeed.Limit / largest, 1, threads);
        var values = new ScoreValue[networks.Count];
        TensorThreads.Run(values.Length, atOnce, i => values[i] = Evaluate(networks[i].Network, networks[i].Seed), CancellationToken.None);
        return values;
    }

    private protected abstract MemoryNeed Need(Network network);

    private protected abstract ScoreValue Compute(Network network, ulong seed);

    /// <summary>libtorch has no type for it: its CPU and CUDA allocators say it in words.</summary>
    private static bool IsOutOfMemory(ExternalException e) =>
        e.Message.Contains("can't allocate memory", StringComparison.Ordinal) || e.Message.Contains("out of memory", StringComparison.OrdinalIgnoreCase);
}
