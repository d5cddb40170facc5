using System.Globalization;

namespace ZenNas.Scores;

/// <summary>Shared settings of the Zen-Score.</summary>
public static class ZenOptions
{
    /// <summary>α of Algorithm 1.</summary>
    public const double DefaultAlpha = 0.01;

    /// <summary>Most images of a mini-batch.</summary>
    public const int MaxBatchSize = 4096;

    /// <summary>Whether a torch device of this name could be there: cpu, cuda or cuda:0 to cuda:63.</summary>
    public static bool IsDeviceName(string name) =>
        name is "cpu" or "cuda"
        || (name.StartsWith("cuda:", StringComparison.Ordinal)
            && int.TryParse(name.AsSpan(5), NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < 64);

    /// <summary>Returns α, or throws where it is outside (0, 1].</summary>
    /// <exception cref="InvalidInputException">α is out of range.</exception>
    public static double CheckAlpha(double alpha) =>
        alpha is > 0 and <= 1 ? alpha : throw new InvalidInputException($"alpha is {alpha}; allowed is above 0 and at most 1");
}
