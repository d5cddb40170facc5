using static TorchSharp.torch;

namespace ZenNas.Torch.Proxies;

/// <summary>Eigenvalues of small symmetric matrices.</summary>
internal static class Spectrum
{
    /// <summary>Ascending eigenvalues; all NaN where an element isn't finite.</summary>
    public static double[] Of(double[,] symmetric)
    {
        var size = symmetric.GetLength(0);
        if (symmetric.Cast<double>().Any(x => !double.IsFinite(x)))
        {
            return [.. Enumerable.Repeat(double.NaN, size)];
        }

        using var scope = NewDisposeScope();
        return linalg.eigvalsh(tensor(symmetric)).data<double>().ToArray();
    }

    /// <summary>Whether the smallest eigenvalue is no more than rounding of the largest.</summary>
    /// <param name="ascending">Eigenvalues.</param>
    /// <param name="epsilon">Relative rounding of the matrix's elements.</param>
    public static bool IsSingular(double[] ascending, double epsilon) => ascending[0] <= ascending.Length * epsilon * ascending[^1];
}
