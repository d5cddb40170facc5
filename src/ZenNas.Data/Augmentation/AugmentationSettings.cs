using ZenNas.Architectures;

namespace ZenNas.Data.Augmentation;

/// <summary>
/// How pictures are prepared for a network. In training they go, in this order, through a random resized crop or else resizing to the
/// resolution, pad-and-crop, flip, AutoAugment, PCA lighting, normalisation, erasing; for evaluation they are resized and normalised alone.
/// </summary>
public sealed record AugmentationSettings
{
    private const double LeastCropShare = 0.1;
    private const double MostAspect = 100;
    private const double LeastArea = 1e-4;

    /// <summary>Height and width of what the network gets, in pixels.</summary>
    public required int Resolution { get; init; }

    /// <summary>Black pixels put on each side before a window of <see cref="Resolution"/> is cut out at random; 0 for none.</summary>
    public int Pad { get; init; }

    /// <summary>Whether half of the pictures are mirrored left to right.</summary>
    public bool Flip { get; init; }

    /// <summary>
    /// Whether a random part of the picture, of at least <see cref="SmallestCropArea"/> of its area and an aspect of 3/4 to 4/3, is resized to
    /// <see cref="Resolution"/> (Szegedy et al., 2015).
    /// </summary>
    public bool RandomResizedCrop { get; init; }

    /// <summary>Smallest area of a random resized crop as a share of the picture's.</summary>
    public double SmallestCropArea { get; init; } = 0.08;

    /// <summary>Policy of AutoAugment.</summary>
    public AutoAugmentPolicy AutoAugment { get; init; }

    /// <summary>
    /// Standard deviation of the shifts along the principal components of ImageNet's colours (Krizhevsky et al., 2012; there 0.1); 0 for none.
    /// Needs 3 channels.
    /// </summary>
    public double PcaLighting { get; init; }

    /// <summary>Probability that a rectangle is replaced by noise of N(0, 1) after normalisation (Zhong et al., 2020).</summary>
    public double ErasingProbability { get; init; }

    /// <summary>Smallest area that is erased, as a share of the picture's.</summary>
    public double SmallestErasedArea { get; init; } = 0.02;

    /// <summary>Largest area that is erased, as a share of the picture's.</summary>
    public double LargestErasedArea { get; init; } = 1.0 / 3;

    /// <summary>Largest ratio of the longer to the shorter side of what is erased.</summary>
    public double LargestErasedAspect { get; init; } = 1 / 0.3;

    /// <summary>
    /// For evaluation the shorter side is resized to <see cref="Resolution"/> divided by this share, then the centre cut out. Datasets of
    /// pictures that already have the resolution are taken as they are.
    /// </summary>
    public double EvaluationCropShare { get; init; } = 0.875;

    /// <summary>Throws where a setting can't be used.</summary>
    /// <exception cref="InvalidInputException">A number lies outside its range, or settings exclude each other.</exception>
    public void Check()
    {
        Guard.InRange(Resolution, 1, Limits.Resolution, "resolution");
        Guard.InRange(Pad, 0, Resolution, "padding");
        Guard.InRange(SmallestCropArea, LeastArea, 1, "smallest area of a crop");
        Guard.InRange(PcaLighting, 0, 1, "deviation of PCA lighting");
        Guard.InRange(ErasingProbability, 0, 1, "probability of erasing");
        Guard.InRange(SmallestErasedArea, LeastArea, 1, "smallest erased area");
        Guard.InRange(LargestErasedArea, SmallestErasedArea, 1, "largest erased area");
        Guard.InRange(LargestErasedAspect, 1, MostAspect, "largest erased aspect");
        Guard.InRange(EvaluationCropShare, LeastCropShare, 1, "share of the crop for evaluation");
        if (!Enum.IsDefined(AutoAugment))
        {
            throw new InvalidInputException($"AutoAugment's policy is {AutoAugment}; allowed is one of {string.Join(", ", Enum.GetNames<AutoAugmentPolicy>())}");
        }

        if (RandomResizedCrop && Pad > 0)
        {
            throw new InvalidInputException($"padding is {Pad} with a random resized crop; allowed is 0, as both move the picture");
        }
    }
}
