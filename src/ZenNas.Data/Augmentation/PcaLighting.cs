using ZenNas.Search;

namespace ZenNas.Data.Augmentation;

/// <summary>
/// Shifts a picture's colours along the principal components of ImageNet's (Krizhevsky et al., 2012), each by a normal number times its
/// eigenvalue.
/// </summary>
internal static class PcaLighting
{
    // Of the covariance of red, green and blue where 1 is white, as published with fb.resnet.torch (2016).
    private const double First = 0.2175;
    private const double Second = 0.0188;
    private const double Third = 0.0045;

    public static Light Draw(double deviation, ref StepRandom random)
    {
        var a = deviation * random.Normal() * First;
        var b = deviation * random.Normal() * Second;
        var c = deviation * random.Normal() * Third;
        return new Light(
            (float)(-0.5675 * a + 0.7192 * b + 0.4009 * c),
            (float)(-0.5808 * a - 0.0045 * b - 0.8140 * c),
            (float)(-0.5836 * a - 0.6948 * b + 0.4203 * c));
    }
}
