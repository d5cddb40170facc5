using ZenNas.Architectures;
using ZenNas.Scores;
using static TorchSharp.torch;

namespace ZenNas.Torch.Proxies;

/// <summary>
/// NASWOT: log-determinant of K = Σ over ReLUs of x·xᵀ + (1−x)·(1−x)ᵀ, where x (N × units) says which units are active for each of N images.
/// The more the activation patterns differ, the larger.
/// </summary>
/// <remarks>
/// Mellor et al., 2021, section 3 (K_H summed over layers as in the authors' later code). K is kept in double precision and its
/// eigenvalues are summed as logarithms, so the score is finite wherever K has full rank; where it hasn't, the network has no score and the
/// reason says so, where the original returns −∞ or Inf.
/// </remarks>
public sealed class NaswotScore : NetworkScore
{
    private const double DoubleEpsilon = 2.2e-16;

    /// <summary>Creates the score.</summary>
    /// <exception cref="InvalidInputException">A setting is out of range, or the device isn't there.</exception>
    public NaswotScore(ScoreSettings settings)
        : this(settings, ScalarType.Float32) { }

    internal NaswotScore(ScoreSettings settings, ScalarType type)
        : base(settings, type) { }

    /// <summary>What the score is.</summary>
    public static ScoreInfo Description { get; } = new()
    {
        Name = "naswot",
        Summary = "log-determinant of the kernel of binary activations",
        Source = "Mellor et al., Neural Architecture Search without Training, 2021",
        IsRandom = true,
        NeedsTensors = true,
        IsLogarithm = true,
        UsesBatch = true,
        Conditions = "whole network, N(0,1) weights and images, batch normalisation by the mini-batch",
    };

    /// <inheritdoc/>
    public override ScoreInfo Info => Description;

    private protected override MemoryNeed Need(Network network) => MemoryNeed.OfForward(network, Settings.BatchSize, BytesPerElement);

    private protected override ScoreValue Compute(RandomNetwork network, Tensor images, ulong seed)
    {
        using var noGradient = inference_mode();
        var kernel = new ActivationKernel(Settings.BatchSize);
        network.Logits(images, kernel.Add);
        if (kernel.Twins() is var (first, second))
        {
            return ScoreValue.Failed("the activation kernel is singular", $"images {first + 1} and {second + 1} of {Settings.BatchSize} activate the same units");
        }

        var eigenvalues = kernel.Eigenvalues();
        return Spectrum.IsSingular(eigenvalues, DoubleEpsilon)
            ? ScoreValue.Failed("the activation kernel is singular")
            : ScoreValue.Once(eigenvalues.Sum(Math.Log));
    }
}
