namespace ZenNas.Scores;

/// <summary>Shared settings of the Zen-Score.</summary>
public static class ZenOptions
{
    /// <summary>α of Algorithm 1.</summary>
    public const double DefaultAlpha = 0.01;

    /// <summary>Returns α, or throws where it is outside (0, 1].</summary>
    /// <exception cref="InvalidInputException">α is out of range.</exception>
    public static double CheckAlpha(double alpha) =>
        alpha is > 0 and <= 1 ? alpha : throw new InvalidInputException($"alpha is {alpha}; allowed is above 0 and at most 1");
}
