namespace ZenNas.Search.Optimal;

/// <summary>
/// Ellipsoid method with deep cuts (Bland, Goldfarb and Todd, 1981): encloses the minimum of a convex function of few variables in ellipsoids whose
/// volumes shrink geometrically. In one dimension it is bisection.
/// </summary>
internal sealed class Ellipsoid
{
    private readonly double[] _centre;
    private readonly double[,] _matrix;

    /// <param name="lowest">Least value of each variable.</param>
    /// <param name="highest">Largest value of each variable.</param>
    public Ellipsoid(double[] lowest, double[] highest)
    {
        var count = lowest.Length;
        _centre = [.. lowest.Zip(highest, (l, h) => (l + h) / 2)];
        _matrix = new double[count, count];
        for (var i = 0; i < count; i++)
        {
            _matrix[i, i] = count * Math.Pow((highest[i] - lowest[i]) / 2, 2);
        }
    }

    /// <summary>Centre of the ellipsoid.</summary>
    public ReadOnlySpan<double> Centre => _centre;

    /// <summary>By how much a linear function can fall from the centre to the ellipsoid's border.</summary>
    public double Reach(double[] gradient)
    {
        double sum = 0;
        for (var i = 0; i < gradient.Length; i++)
        {
            sum += gradient[i] * Product(i, gradient);
        }

        return Math.Sqrt(Math.Max(0, sum));
    }

    /// <summary>Keeps the points z with gradient·(z − centre) + depth ≤ 0.</summary>
    /// <param name="gradient">Not 0.</param>
    /// <param name="depth">At least 0.</param>
    /// <returns>False where no point is left.</returns>
    public bool Cut(double[] gradient, double depth)
    {
        var (n, reach) = (gradient.Length, Reach(gradient));
        var alpha = depth / reach;
        if (!(alpha < 1))
        {
            return false;
        }

        double[] step = [.. Enumerable.Range(0, n).Select(i => Product(i, gradient) / reach)];
        var (move, shrink, squeeze) = n == 1
            ? ((1 + alpha) / 2, Math.Pow((1 - alpha) / 2, 2), 0.0)
            : ((1 + n * alpha) / (n + 1), (double)n * n / (n * n - 1) * (1 - alpha * alpha), 2 * (1 + n * alpha) / ((n + 1) * (1 + alpha)));
        for (var i = 0; i < n; i++)
        {
            _centre[i] -= move * step[i];
            for (var j = 0; j < n; j++)
            {
                _matrix[i, j] = shrink * (_matrix[i, j] - squeeze * step[i] * step[j]);
            }
        }

        return true;
    }

    private double Product(int row, double[] vector)
    {
        double sum = 0;
        for (var i = 0; i < vector.Length; i++)
        {
            sum += _matrix[row, i] * vector[i];
        }

        return sum;
    }
}
