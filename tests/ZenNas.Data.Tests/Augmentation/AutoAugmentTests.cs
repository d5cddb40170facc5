using ZenNas.Data.Augmentation;
using ZenNas.Search;

namespace ZenNas.Data.Tests.Augmentation;

public sealed class AutoAugmentTests
{
    [Fact]
    public void Should_have_25_sub_policies_with_levels_and_probabilities_in_range()
    {
        foreach (var policy in new[] { AutoAugmentPolicies.Cifar, AutoAugmentPolicies.ImageNet })
        {
            Assert.Equal(25, policy.Length);
            Assert.All(policy.SelectMany(p => new[] { p.First, p.Second }), step =>
            {
                Assert.InRange(step.Level, 0, PolicyStep.MostLevel);
                Assert.InRange(step.Probability, 0, 1);
            });
        }
    }

    /// <summary>Strongest of each, by the ranges of the paper's table 6.</summary>
    [Fact]
    public void Should_have_the_published_strengths()
    {
        var source = SamplePictures.Random(12, 14, 3);
        AssertSame(source, AutoAugmentOperation.ShearX, 1, -1, target => AffineOperations.ShearX(source.View, -0.3, target));
        AssertSame(source, AutoAugmentOperation.ShearY, 0.5, 1, target => AffineOperations.ShearY(source.View, 0.15, target));
        AssertSame(source, AutoAugmentOperation.TranslateX, 1, 1, target => AffineOperations.TranslateX(source.View, 6, target));
        AssertSame(source, AutoAugmentOperation.TranslateY, 1, -1, target => AffineOperations.TranslateY(source.View, -5, target));
        AssertSame(source, AutoAugmentOperation.Rotate, 1, -1, target => AffineOperations.Rotate(source.View, -30, target));
        AssertSame(source, AutoAugmentOperation.Sharpness, 1, 1, target => Blending.Sharpness(source.View, 1.9, target));
        AssertSame(source, AutoAugmentOperation.Contrast, 1, -1, target => InPlace(source, target, m => ToneOperations.Contrast(m, 0.1)));
        AssertSame(source, AutoAugmentOperation.Color, 1, 1, target => InPlace(source, target, m => Blending.Color(m, 1.9)));
        AssertSame(source, AutoAugmentOperation.Brightness, 1, -1, target => InPlace(source, target, m => ToneOperations.Brightness(m, 0.1)));
        AssertSame(source, AutoAugmentOperation.Solarize, 0, 1, target => InPlace(source, target, m => ToneOperations.Solarize(m, 256)));
        AssertSame(source, AutoAugmentOperation.Solarize, 1, 1, target => InPlace(source, target, m => ToneOperations.Solarize(m, 0)));
        AssertSame(source, AutoAugmentOperation.Posterize, 0, 1, target => InPlace(source, target, m => ToneOperations.Posterize(m, 8)));
        AssertSame(source, AutoAugmentOperation.Posterize, 1, 1, target => InPlace(source, target, m => ToneOperations.Posterize(m, 4)));
    }

    [Fact]
    public void Should_draw_each_outcome_as_often_as_the_policy_says()
    {
        // A picture of one value: of the CIFAR policy's operations, only these change it where all else leaves its middle as it is.
        var source = SamplePictures.Of(9, 9, 3, (_, _, _) => 100);
        var augment = new AutoAugment(AutoAugmentPolicy.Cifar);
        var map = SamplePictures.ToMap(source);
        var random = new StepRandom(1, 0);
        const int Draws = 50_000;
        var inverted = 0;
        for (var i = 0; i < Draws; i++)
        {
            map.CopyFrom(source.View);
            augment.Apply(ref map, ref random);
            inverted += map.At(4, 4, 0) == 155 ? 1 : 0;
        }

        // Invert, alone (0.1 once, 0.1 once), and Solarize, whose threshold of 256·(1−8/9) lies below 100 (0.2).
        Assert.Equal((0.1 + 0.1 + 0.2) / 25, (double)inverted / Draws, 0.002);
    }

    [Theory]
    [InlineData(AutoAugmentPolicy.Cifar, 1)]
    [InlineData(AutoAugmentPolicy.ImageNet, 3)]
    public void Should_keep_the_size_and_depend_on_the_random_numbers_alone(AutoAugmentPolicy policy, int channels)
    {
        var source = SamplePictures.Random(13, 11, channels);
        var (one, other) = (new AutoAugment(policy), new AutoAugment(policy));
        for (ulong step = 0; step < 300; step++)
        {
            var (a, b) = (SamplePictures.ToMap(source), SamplePictures.ToMap(source));
            var (first, second) = (new StepRandom(7, step), new StepRandom(7, step));
            one.Apply(ref a, ref first);
            other.Apply(ref b, ref second);
            Assert.Equal((13, 11, channels), (a.Height, a.Width, a.Channels));
            Assert.Equal(a.Pixels.ToArray(), b.Pixels.ToArray());
        }
    }

    private static void AssertSame(Picture source, AutoAugmentOperation operation, double strength, int sign, Action<PixelMap> expected)
    {
        var (map, target) = (SamplePictures.ToMap(source), new PixelMap());
        new AutoAugment(AutoAugmentPolicy.None).Apply(operation, strength, sign, ref map);
        expected(target);
        Assert.Equal(target.Pixels.ToArray(), map.Pixels.ToArray());
    }

    private static void InPlace(Picture source, PixelMap target, Action<PixelMap> operation)
    {
        target.CopyFrom(source.View);
        operation(target);
    }
}
