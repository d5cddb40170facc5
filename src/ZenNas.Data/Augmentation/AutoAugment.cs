using System.Collections.Immutable;
using ZenNas.Search;
using static ZenNas.Data.Augmentation.AutoAugmentOperation;

namespace ZenNas.Data.Augmentation;

/// <summary>
/// AutoAugment (Cubuk et al., 2019): each picture goes through the two steps of a random sub-policy. Ranges of strengths are those of its table 6;
/// levels 0 to 9 divide them evenly. What has a direction goes either way.
/// </summary>
internal sealed class AutoAugment
{
    private const double MostShear = 0.3;
    private const double MostTranslation = 150.0 / 331;
    private const double MostDegrees = 30;
    private const double MostThreshold = 256;
    private const int MostBits = 8;
    private const int LeastBits = 4;
    private const double MostChange = 0.9;

    private readonly ImmutableArray<(PolicyStep First, PolicyStep Second)> _policy;
    private PixelMap _spare = new();

    public AutoAugment(AutoAugmentPolicy policy) => _policy = AutoAugmentPolicies.Of(policy);

    /// <summary>Changes a picture; the map it is given may be exchanged for another.</summary>
    public void Apply(ref PixelMap map, ref StepRandom random)
    {
        if (_policy.IsEmpty)
        {
            return;
        }

        var (first, second) = _policy[random.Next(_policy.Length)];
        MayApply(first, ref map, ref random);
        MayApply(second, ref map, ref random);
    }

    private void MayApply(PolicyStep step, ref PixelMap map, ref StepRandom random)
    {
        var isApplied = random.Chance(step.Probability);
        var isNegative = random.Chance(0.5);
        if (isApplied)
        {
            Apply(step.Operation, (double)step.Level / PolicyStep.MostLevel, isNegative ? -1 : 1, ref map);
        }
    }

    /// <summary>Applies one operation.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="strength">Its strength, 0 to 1; for the last four the distance from a factor of 1.</param>
    /// <param name="sign">Its direction, 1 or −1.</param>
    /// <param name="map">The picture; may be exchanged for another map.</param>
    public void Apply(AutoAugmentOperation operation, double strength, int sign, ref PixelMap map)
    {
        switch (operation)
        {
            case ShearX:
                AffineOperations.ShearX(map.View, sign * strength * MostShear, _spare);
                Exchange(ref map);
                break;
            case ShearY:
                AffineOperations.ShearY(map.View, sign * strength * MostShear, _spare);
                Exchange(ref map);
                break;
            case TranslateX:
                AffineOperations.TranslateX(map.View, sign * (int)(strength * MostTranslation * map.Width), _spare);
                Exchange(ref map);
                break;
            case TranslateY:
                AffineOperations.TranslateY(map.View, sign * (int)(strength * MostTranslation * map.Height), _spare);
                Exchange(ref map);
                break;
            case Rotate:
                AffineOperations.Rotate(map.View, sign * strength * MostDegrees, _spare);
                Exchange(ref map);
                break;
            case Sharpness:
                Blending.Sharpness(map.View, Factor(strength, sign), _spare);
                Exchange(ref map);
                break;
            case AutoContrast:
                ToneOperations.AutoContrast(map);
                break;
            case Invert:
                ToneOperations.Invert(map);
                break;
            case Equalize:
                ToneOperations.Equalize(map);
                break;
            case Solarize:
                ToneOperations.Solarize(map, MostThreshold * (1 - strength));
                break;
            case Posterize:
                ToneOperations.Posterize(map, MostBits - (int)Math.Round(strength * (MostBits - LeastBits)));
                break;
            case Contrast:
                ToneOperations.Contrast(map, Factor(strength, sign));
                break;
            case Color:
                Blending.Color(map, Factor(strength, sign));
                break;
            case Brightness:
                ToneOperations.Brightness(map, Factor(strength, sign));
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(operation), operation, "no such operation");
        }
    }

    private static double Factor(double strength, int sign) => 1 + sign * MostChange * strength;

    private void Exchange(ref PixelMap map) => (map, _spare) = (_spare, map);
}
