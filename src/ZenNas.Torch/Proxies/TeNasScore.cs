using ZenNas.Architectures;
using ZenNas.Scores;
using static TorchSharp.torch;

namespace ZenNas.Torch.Proxies;

/// <summary>
/// TE-Score: the condition number κ of the neural tangent kernel (smaller is better) and the number R of linear regions that N images fall
/// into (larger is better); as one number, ln R − ln κ.
/// </summary>
/// <remarks>
/// Chen et al., 2021 (TE-NAS), section 3. The kernel is J·Jᵀ (N × N) of the gradients of each image's summed logits by all convolution and
/// linear weights, with batch normalisation in training mode, so every image's gradient passes through the whole mini-batch. TE-NAS
/// itself compares networks by the sum of their two ranks (<see cref="ScorePair.CombinedRanks"/>), which needs a set of networks; a
/// search needs a value for each, and a ratio weighs relative changes of both alike, as ranks do. The program released with
/// Zen-NAS takes R − κ, where κ, thousands, drowns R, at most N. With few random images and a whole network every image lies in a region
/// of its own: for N = 16, R is 16 for each of the thirty networks of docs/correlations.md. There R tells nothing apart, and value and
/// combined rank alike order networks by κ alone.
/// </remarks>
public sealed class TeNasScore : NetworkScore
{
    private const int FewestImages = 2;

    /// <summary>Name of κ in files.</summary>
    public const string ConditionNumber = "conditionNumber";

    /// <summary>Name of R in files.</summary>
    public const string LinearRegions = "linearRegions";

    /// <summary>Creates the score.</summary>
    /// <exception cref="InvalidInputException">A setting is out of range, or the device isn't there.</exception>
    public TeNasScore(ScoreSettings settings)
        : this(settings, ScalarType.Float32) { }

    internal TeNasScore(ScoreSettings settings, ScalarType type)
        : base(settings, type)
    {
        // One image has one region and a kernel of one number, so every network would score alike.
        if (settings.BatchSize < FewestImages)
        {
            throw new InvalidInputException($"batch is {settings.BatchSize}; allowed for te-nas is {FewestImages} to {ScoreSettings.MaxBatchSize} images");
        }
    }

    /// <summary>What the score is.</summary>
    public static ScoreInfo Description { get; } = new()
    {
        Name = "te-nas",
        Summary = "ln of linear regions − ln of the NTK's condition number",
        Source = "Chen et al., Neural Architecture Search on ImageNet in Four GPU Hours, 2021",
        NeedsGradients = true,
        DependsOnClasses = true,
        IsRandom = true,
        NeedsTensors = true,
        IsLogarithm = true,
        UsesBatch = true,
        Conditions = "whole network, N(0,1) weights and images, batch normalisation by the mini-batch",
    };

    /// <inheritdoc/>
    public override ScoreInfo Info => Description;

    private double Epsilon => Type == ScalarType.Float64 ? 2.2e-16 : 1.2e-7;

    private protected override MemoryNeed Need(Network network) =>
        MemoryNeed.OfBackward(network, Settings.BatchSize, BytesPerElement, gradients: Settings.BatchSize);

    private protected override ScoreValue Compute(RandomNetwork network, Tensor images, ulong seed)
    {
        var activations = new ActivationKernel(Settings.BatchSize);
        var weights = network.Differentiable();
        var logits = network.Logits(images, activations.Add);
        var eigenvalues = Spectrum.Of(TangentKernel(logits, weights));
        if (Spectrum.IsSingular(eigenvalues, Epsilon))
        {
            return ScoreValue.Failed("the neural tangent kernel is singular");
        }

        var condition = eigenvalues[^1] / eigenvalues[0];
        var regions = activations.Regions();
        return ScoreValue.Once(Math.Log(regions) - Math.Log(condition)) with
        {
            Pair = new ScorePair(
                new ScorePart(ConditionNumber, condition, IsLargerBetter: false), new ScorePart(LinearRegions, regions, IsLargerBetter: true)),
        };
    }

    private double[,] TangentKernel(Tensor logits, Tensor[] weights)
    {
        var images = Settings.BatchSize;
        var gradients = new IList<Tensor>[images];
        for (var i = 0; i < images; i++)
        {
            gradients[i] = autograd.grad([logits[i].sum()], weights, retain_graph: i < images - 1);
        }

        var kernel = zeros([images, images], ScalarType.Float64);
        for (var layer = 0; layer < weights.Length; layer++)
        {
            using var scope = NewDisposeScope();
            var jacobian = stack(gradients.Select(g => g[layer].flatten()), 0).to_type(ScalarType.Float64);
            kernel.PlusInPlace(jacobian.matmul(jacobian.t()).cpu());
            foreach (var image in gradients)
            {
                image[layer].Dispose();
            }
        }

        var values = kernel.data<double>().ToArray();
        var matrix = new double[images, images];
        Buffer.BlockCopy(values, 0, matrix, 0, values.Length * sizeof(double));
        return matrix;
    }
}
