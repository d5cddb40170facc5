using ZenNas.Search;

namespace ZenNas.Data.Augmentation;

/// <summary>Distributions that augmentation draws from.</summary>
internal static class RandomDraws
{
    private const float Step24 = 1f / (1 << 24);
    private const double Step53 = 1.0 / (1UL << 53);

    /// <summary>In [0, 1).</summary>
    public static double Uniform(this ref StepRandom random) => random.NextUniform();

    /// <summary>In [minimum, maximum).</summary>
    public static double Uniform(this ref StepRandom random, double minimum, double maximum) => minimum + (maximum - minimum) * random.Uniform();

    /// <summary>Uniform in its logarithm; both ends are above 0.</summary>
    public static double LogUniform(this ref StepRandom random, double minimum, double maximum) =>
        Math.Exp(random.Uniform(Math.Log(minimum), Math.Log(maximum)));

    public static bool Chance(this ref StepRandom random, double probability) => random.Uniform() < probability;

    /// <summary>Standard normal, by Box and Muller.</summary>
    public static double Normal(this ref StepRandom random) =>
        Math.Sqrt(-2 * Math.Log(random.UniformAboveZero())) * Math.Cos(2 * Math.PI * random.Uniform());

    /// <summary>Fills with independent standard normal numbers in single precision; none is beyond 5.8.</summary>
    public static void FillNormal(this ref StepRandom random, Span<float> values)
    {
        for (var i = 0; i < values.Length; i += 2)
        {
            var bits = random.NextBits();
            var radius = MathF.Sqrt(-2 * MathF.Log(((uint)(bits >> 40) + 1) * Step24));
            var (sine, cosine) = MathF.SinCos(2 * MathF.PI * Step24 * (uint)(bits & 0xFFFFFF));
            values[i] = radius * cosine;
            if (i + 1 < values.Length)
            {
                values[i + 1] = radius * sine;
            }
        }
    }

    /// <summary>The symmetric beta distribution, Beta(α, α), as x/(x+y) of two gamma distributed numbers.</summary>
    public static double Beta(this ref StepRandom random, double alpha)
    {
        // In logarithms, as for small α both numbers are often too small for their ratio.
        var x = random.LogGamma(alpha);
        var y = random.LogGamma(alpha);
        return 1 / (1 + Math.Exp(y - x));
    }

    /// <summary>
    /// Logarithm of a number of the gamma distribution of a shape above 0 and scale 1 (Marsaglia and Tsang, 2000). The method needs a shape
    /// of at least 1; with u uniform, Gamma(α) = Gamma(α+1)·u^(1/α).
    /// </summary>
    public static double LogGamma(this ref StepRandom random, double shape)
    {
        if (shape < 1)
        {
            return random.LogGamma(shape + 1) + Math.Log(random.UniformAboveZero()) / shape;
        }

        var d = shape - 1.0 / 3;
        var c = 1 / Math.Sqrt(9 * d);
        while (true)
        {
            var x = random.Normal();
            var root = 1 + c * x;
            if (root > 0)
            {
                var logCube = 3 * Math.Log(root);
                if (Math.Log(random.UniformAboveZero()) < 0.5 * x * x + d - d * root * root * root + d * logCube)
                {
                    return Math.Log(d) + logCube;
                }
            }
        }
    }

    /// <summary>In (0, 1].</summary>
    private static double UniformAboveZero(this ref StepRandom random) => ((random.NextBits() >> 11) + 1) * Step53;
}
