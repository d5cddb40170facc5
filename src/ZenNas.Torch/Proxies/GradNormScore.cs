using ZenNas.Architectures;
using ZenNas.Scores;
using static TorchSharp.torch;

namespace ZenNas.Torch.Proxies;

/// <summary>
/// Gradient norm: Σ over convolutions and the linear layer of ‖∂L/∂W‖₂, L the mean cross-entropy of N images with random labels.
/// </summary>
/// <remarks>
/// Abdelfattah et al., 2021, section 3.1: the sum of the Euclidean norms of the gradients after one mini-batch. The program released with
/// Zen-NAS takes the norm of all gradients together instead.
/// </remarks>
public sealed class GradNormScore : NetworkScore
{
    /// <summary>Creates the score.</summary>
    /// <exception cref="InvalidInputException">A setting is out of range, or the device isn't there.</exception>
    public GradNormScore(ScoreSettings settings)
        : this(settings, ScalarType.Float32) { }

    internal GradNormScore(ScoreSettings settings, ScalarType type)
        : base(settings, type) { }

    /// <summary>What the score is.</summary>
    public static ScoreInfo Description { get; } = new()
    {
        Name = "grad-norm",
        Summary = "sum over layers of the norm of the loss's gradient by the weights",
        Source = "Abdelfattah et al., Zero-Cost Proxies for Lightweight NAS, 2021",
        NeedsGradients = true,
        DependsOnClasses = true,
        IsRandom = true,
        NeedsTensors = true,
        UsesBatch = true,
        Conditions = "whole network, N(0,1) weights and images, random labels, batch normalisation by the mini-batch",
    };

    /// <inheritdoc/>
    public override ScoreInfo Info => Description;

    private protected override MemoryNeed Need(Network network) =>
        MemoryNeed.OfBackward(network, Settings.BatchSize, BytesPerElement, gradients: 1);

    private protected override ScoreValue Compute(RandomNetwork network, Tensor images, ulong seed)
    {
        var weights = network.Differentiable();
        var logits = network.Logits(images);
        var labels = tensor(RandomLabels.Draw(network.Network.Architecture.Classes, Settings.BatchSize, seed)).to(Device);
        var gradients = autograd.grad([nn.functional.cross_entropy(logits, labels)], weights);
        return ScoreValue.Once(gradients.Sum(g => g.to_type(ScalarType.Float64).square().sum().sqrt().Number()));
    }
}
