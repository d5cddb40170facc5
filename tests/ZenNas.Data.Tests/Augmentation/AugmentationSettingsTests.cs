using ZenNas.Data.Augmentation;

namespace ZenNas.Data.Tests.Augmentation;

public sealed class AugmentationSettingsTests
{
    private static readonly AugmentationSettings Plain = new() { Resolution = 32 };

    public static TheoryData<string, AugmentationSettings> Refused => new()
    {
        { "resolution is 0", Plain with { Resolution = 0 } },
        { "resolution is 4097", Plain with { Resolution = 4097 } },
        { "padding is 33", Plain with { Pad = 33 } },
        { "padding is 4 with a random resized crop", Plain with { Pad = 4, RandomResizedCrop = true } },
        { "smallest area of a crop is 0", Plain with { SmallestCropArea = 0 } },
        { "deviation of PCA lighting is NaN", Plain with { PcaLighting = double.NaN } },
        { "probability of erasing is 1.5", Plain with { ErasingProbability = 1.5 } },
        { "smallest erased area is 0", Plain with { SmallestErasedArea = 0 } },
        { "largest erased area is 0.1; allowed is 0.2 to 1", Plain with { SmallestErasedArea = 0.2, LargestErasedArea = 0.1 } },
        { "largest erased aspect is 0.3", Plain with { LargestErasedAspect = 0.3 } },
        { "share of the crop for evaluation is 1.1", Plain with { EvaluationCropShare = 1.1 } },
        { "AutoAugment's policy is 7", Plain with { AutoAugment = (AutoAugmentPolicy)7 } },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void Should_refuse_what_cannot_be(string part, AugmentationSettings settings) =>
        Assert.Contains(part, Sentence.Of(settings.Check), StringComparison.Ordinal);

    [Fact]
    public void Should_accept_the_usual()
    {
        Plain.Check();
        (Plain with { Pad = 4, Flip = true, AutoAugment = AutoAugmentPolicy.Cifar, ErasingProbability = 0.25 }).Check();
        (Plain with { Resolution = 224, RandomResizedCrop = true, PcaLighting = 0.1, EvaluationCropShare = 1 }).Check();
    }
}
