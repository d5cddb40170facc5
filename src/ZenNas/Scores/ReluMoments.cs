namespace ZenNas.Scores;

/// <summary>Moments of a rectified standard normal variable z, and the correlation it keeps (arc-cosine kernel of degree 1).</summary>
internal static class ReluMoments
{
    /// <summary>E[max(z,0)]² = 1/(2π).</summary>
    public const double MeanSquared = 1 / (2 * Math.PI);

    /// <summary>Var[max(z,0)] = 1/2 − 1/(2π).</summary>
    public const double Variance = 0.5 - MeanSquared;

    /// <summary>What a small correlation keeps: E[max(z,0)·max(z',0)] rises by ρ/4, over the variance.</summary>
    public const double LinearShare = 0.25 / Variance;

    /// <summary>
    /// 1/2 − K(1−e) = ½·E[(max(z,0) − max(z',0))²] for normal z, z' with correlation 1−e, where
    /// K(r) = (√(1−r²) + r(π − arccos r))/(2π).
    /// </summary>
    /// <remarks>
    /// K'(r) = (π − arccos r)/(2π), so the difference is e/2 − ∫₀ᵉ arccos(1−t)/(2π) dt. The direct form cancels below e ≈ 10⁻³; there
    /// arccos(1−t) = √(2t)·(1 + t/12 + 3t²/160 + 5t³/896 + …) is integrated term by term.
    /// </remarks>
    public static double HalfSquaredDifference(double e)
    {
        if (e < 0.02)
        {
            var tail = 2.0 / 3 + e * (1.0 / 30 + e * (3.0 / 560 + e * (5.0 / 4032)));
            return e / 2 - Math.Sqrt(2 * e) * e * tail / (2 * Math.PI);
        }

        var r = Math.Max(-1, 1 - e);
        return 0.5 - (Math.Sqrt(Math.Max(0, 1 - r * r)) + r * (Math.PI - Math.Acos(r))) / (2 * Math.PI);
    }

    /// <summary>1 − correlation of x and x + αε, 1 − 1/√(1+α²), without cancellation.</summary>
    public static double InputDecorrelation(double alpha)
    {
        var root = Math.Sqrt(1 + alpha * alpha);
        return alpha * alpha / (root * (1 + root));
    }

    /// <summary>1 − correlation after the ReLU, from 1 − correlation before it.</summary>
    public static double Decorrelate(double e) => HalfSquaredDifference(e) / Variance;
}
