using ZenNas.Data.Augmentation;

namespace ZenNas.Training.Recipes;

/// <summary>How convolutions and the linear layer start.</summary>
public enum Initialization
{
    /// <summary>He et al., 2015: N(0, 2/(k²·out/groups)), linear N(0, 0.01²).</summary>
    He,

    /// <summary>Zen-NAS: Xavier-normal with gain 3.26033, linear N(0, 3.26033²·2/(in + out)).</summary>
    Xavier,
}

/// <summary>How a network is trained: stochastic gradient descent with Nesterov's momentum, a warm-up and a cosine to 0.</summary>
/// <remarks>Zen-NAS, section 5 and appendix: the values of the recipes <c>cifar</c> and <c>imagenet</c>.</remarks>
public sealed record Recipe
{
    /// <summary>Images for which <see cref="LearningRate"/> is meant.</summary>
    public const int ReferenceBatch = 256;

    /// <summary>Passes over the training images.</summary>
    public required int Epochs { get; init; }

    /// <summary>Images of a step.</summary>
    public required int Batch { get; init; }

    /// <summary>Highest learning rate for each <see cref="ReferenceBatch"/> images of a batch.</summary>
    public required double LearningRate { get; init; }

    /// <summary>Epochs in which the learning rate rises linearly from 0.</summary>
    public required double WarmUpEpochs { get; init; }

    /// <summary>Momentum, from 0 to below 1.</summary>
    public required double Momentum { get; init; }

    /// <summary>Weight decay of convolutions and the linear layer; biases, scales and shifts have none.</summary>
    public required double WeightDecay { get; init; }

    /// <summary>Share of a batch's statistics in the running ones.</summary>
    public required double BatchNormMomentum { get; init; }

    /// <summary>ε of batch normalisation.</summary>
    public required double BatchNormEpsilon { get; init; }

    /// <summary>Share of a label that goes evenly to all classes.</summary>
    public required double LabelSmoothing { get; init; }

    /// <summary>α of mixup's Beta(α, α); 0 for none.</summary>
    public required double Mixup { get; init; }

    /// <summary>Decay of the exponential moving average of the weights, by step; 0 for none.</summary>
    public required double AverageDecay { get; init; }

    /// <summary>How weights start.</summary>
    public required Initialization Initialization { get; init; }

    /// <summary>Whether the last batch normalisation of every residual branch starts with scale 0, the unit as its shortcut.</summary>
    public required bool ZeroResidualScales { get; init; }

    /// <summary>What happens to images.</summary>
    public required AugmentationRecipe Augmentation { get; init; }

    /// <summary>How a teacher is followed, where there is one.</summary>
    public required DistillationRecipe Distillation { get; init; }
}

/// <summary>What happens to images before they are learnt from.</summary>
/// <param name="Pad">Zero pixels on each side before a crop at a random place; 0 for none.</param>
/// <param name="Flip">Whether half of the images are mirrored.</param>
/// <param name="RandomResizedCrop">Whether a random part is scaled to the resolution.</param>
/// <param name="AutoAugment">Policy of AutoAugment.</param>
/// <param name="Erasing">Probability of random erasing.</param>
/// <param name="Lighting">Standard deviation of PCA lighting; 0 for none.</param>
/// <param name="EvaluationCrop">Share of the shorter side that is evaluated, 1 for whole images.</param>
public sealed record AugmentationRecipe(
    int Pad, bool Flip, bool RandomResizedCrop, AutoAugmentPolicy AutoAugment, double Erasing, double Lighting, double EvaluationCrop)
{
    /// <summary>The settings for networks of a resolution.</summary>
    /// <param name="resolution">Height and width of the network's input in pixels.</param>
    public AugmentationSettings For(int resolution) => new()
    {
        Resolution = resolution,
        Pad = Pad,
        Flip = Flip,
        RandomResizedCrop = RandomResizedCrop,
        AutoAugment = AutoAugment,
        ErasingProbability = Erasing,
        PcaLighting = Lighting,
        EvaluationCropShare = EvaluationCrop,
    };
}

/// <summary>Weights of the losses that come from a teacher; the labels' own loss has weight 1.</summary>
/// <param name="SoftLabels">Weight of the cross-entropy with the teacher's probabilities.</param>
/// <param name="Temperature">Both logits are divided by it.</param>
/// <param name="Features">Weight of the smooth L1 difference of feature maps.</param>
public sealed record DistillationRecipe(double SoftLabels, double Temperature, double Features);
