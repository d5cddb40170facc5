namespace ZenNas.Tests.Scores;

/// <summary>Numerical integration, so that expected values come from definitions and not from the formulas under test.</summary>
internal static class Quadrature
{
    /// <summary>Simpson's rule.</summary>
    public static double Simpson(Func<double, double> f, double from, double to, int steps = 400)
    {
        var width = (to - from) / steps;
        var sum = f(from) + f(to);
        for (var i = 1; i < steps; i++)
        {
            sum += (i % 2 == 1 ? 4 : 2) * f(from + i * width);
        }

        return sum * width / 3;
    }

    /// <summary>
    /// ½·E[(max(z,0) − max(z',0))²] for standard normal z, z' with correlation 1−e. In polar coordinates z = R·cos a and
    /// z' = R·cos(a−θ) with cos θ = 1−e and E[R²] = 2, so it is an average over the angle; the pieces end where z or z' changes sign.
    /// </summary>
    public static double HalfSquaredDifferenceOfRelus(double e)
    {
        var angle = 2 * Math.Asin(Math.Sqrt(e / 2));
        const double Quarter = Math.PI / 2;
        var onlyFirst = Simpson(a => Square(Math.Cos(a)), -Quarter, angle - Quarter);

        // cos a − cos(a−θ) = −2·sin(a − θ/2)·sin(θ/2), which doesn't cancel for small θ.
        var both = Simpson(a => Square(2 * Math.Sin(a - angle / 2) * Math.Sin(angle / 2)), angle - Quarter, Quarter);
        var onlySecond = Simpson(a => Square(Math.Cos(a - angle)), Quarter, angle + Quarter);
        return (onlyFirst + both + onlySecond) / (2 * Math.PI);
    }

    private static double Square(double x) => x * x;
}
