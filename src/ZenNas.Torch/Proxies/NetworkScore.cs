using ZenNas.Architectures;
using ZenNas.Scores;
using static TorchSharp.torch;

namespace ZenNas.Torch.Proxies;

/// <summary>
/// A proxy of the whole network as it would be trained: residual links, squeeze-and-excitation and classifier included, weights i.i.d. N(0,1),
/// biases 0, N(0,1) images, batch normalisation by the mini-batch.
/// </summary>
public abstract class NetworkScore : TensorScore
{
    private protected NetworkScore(ScoreSettings settings, ScalarType type)
        : base(settings)
    {
        Type = settings.Precision == Precision.Fp32
            ? type
            : throw new InvalidInputException(
                $"precision is {ScoreSettingNames.Of(settings.Precision)}; allowed for this proxy is {ScoreSettingNames.Of(Precision.Fp32)}, only the measured Zen-Score and the Φ-score know others");
    }

    /// <summary>Number format; parity tests compute in double precision.</summary>
    private protected ScalarType Type { get; }

    private protected int BytesPerElement => Type == ScalarType.Float64 ? sizeof(double) : sizeof(float);

    private protected sealed override ScoreValue Compute(Network network, ulong seed)
    {
        using var scope = NewDisposeScope();
        var random = new RandomTensors(seed, Device);
        var images = random.Images(network.Architecture, Settings.BatchSize, Type);
        using var weighted = new RandomNetwork(network, random, Type);
        return Compute(weighted, images, seed);
    }

    /// <summary>The value for drawn weights and images; called in a dispose scope.</summary>
    private protected abstract ScoreValue Compute(RandomNetwork network, Tensor images, ulong seed);
}
