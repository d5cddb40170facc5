namespace ZenNas.Scores;

/// <summary>
/// Mean-field step of a max pool that follows a ReLU: moments of M = max(z₁…z_n, 0) for independent standard normal z, and what is
/// left of a small perturbation after it.
/// </summary>
/// <remarks>
/// With weights i.i.d. N(0,1), pre-activations at different positions are uncorrelated over the weights, so a window of n positions holds
/// n independent normals. For correlation 1−e between z and z', and M' = max(z₁'…z_n', 0),
/// E[(M−M')²] = 2e·P(M>0) − e^{3/2}·(4√2·γ + 4·f(0))/(3√π) + O(e²), where γ = n(n−1)∫₀^∞ φ²Φ^{n−2} is the density of a tie of the two
/// largest and f(0) = nφ(0)/2^{n−1} that of a tie with 0: near a tie the larger of two perturbed values wins. Derivation: docs/closed-form.md.
/// The coefficient of e² is the one that gives 2·Var M at e = 1, where M and M' are independent.
/// </remarks>
internal readonly record struct MaxPoolMoments(double Mean, double SecondMoment, double Positive, double TieLoss, double SecondOrder)
{
    private const int Largest = 49;
    private static readonly Lazy<MaxPoolMoments[]> Table = new(() => [.. Enumerable.Range(0, Largest + 1).Select(Integrate)]);

    /// <summary>Variance of M.</summary>
    public double Variance => SecondMoment - Mean * Mean;

    /// <summary>E[(M−M')²] for 1 − correlation e in (0, 1] before the ReLU; within 1 %, and exact at both ends.</summary>
    public double SquaredDifference(double e) => 2 * e * Positive - e * Math.Sqrt(e) * TieLoss + e * e * SecondOrder;

    /// <summary>Averages over the windows of a padded pool, which are cut at the border.</summary>
    public static MaxPoolMoments Of(int kernel, int stride, int size)
    {
        var outSize = (size - 1) / stride + 1;
        var padding = (kernel - 1) / 2;
        Span<int> rows = stackalloc int[kernel + 1];
        for (var o = 0; o < outSize; o++)
        {
            var first = Math.Max(0, o * stride - padding);
            var last = Math.Min(size - 1, o * stride - padding + kernel - 1);
            rows[last - first + 1]++;
        }

        var sum = default(MaxPoolMoments);
        for (var a = 1; a <= kernel; a++)
        {
            for (var b = 1; b <= kernel; b++)
            {
                sum = sum.Plus(Table.Value[a * b], (double)rows[a] * rows[b] / outSize / outSize);
            }
        }

        return sum;
    }

    private MaxPoolMoments Plus(MaxPoolMoments other, double weight) => new(
        Mean + weight * other.Mean, SecondMoment + weight * other.SecondMoment,
        Positive + weight * other.Positive, TieLoss + weight * other.TieLoss, SecondOrder + weight * other.SecondOrder);

    /// <summary>Simpson's rule on [0, 10]; the integrands and all their derivatives are below 1e-16 at the upper end.</summary>
    private static MaxPoolMoments Integrate(int n)
    {
        if (n == 0)
        {
            return default;
        }

        const int Steps = 4000;
        const double Width = 10.0 / Steps;
        double mean = 0, second = 0, tie = 0;
        var cumulative = 0.5;
        for (var i = 0; i <= Steps; i++)
        {
            var x = i * Width;
            if (i > 0)
            {
                // Φ by Simpson's rule over one step, from the step before.
                cumulative += Width / 6 * (Density(x - Width) + 4 * Density(x - Width / 2) + Density(x));
            }

            var weight = Width / 3 * (i == 0 || i == Steps ? 1 : i % 2 == 1 ? 4 : 2);
            var maximum = n * Density(x) * Math.Pow(cumulative, n - 1);
            mean += weight * x * maximum;
            second += weight * x * x * maximum;
            tie += weight * n * (n - 1) * Density(x) * Density(x) * Math.Pow(cumulative, n - 2);
        }

        var atZero = n * Density(0) * Math.Pow(0.5, n - 1);
        var tieLoss = (4 * Math.Sqrt(2) * tie + 4 * atZero) / (3 * Math.Sqrt(Math.PI));
        var positive = 1 - Math.Pow(0.5, n);
        return new MaxPoolMoments(mean, second, positive, tieLoss, 2 * (second - mean * mean) - 2 * positive + tieLoss);
    }

    private static double Density(double x) => Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI);
}
