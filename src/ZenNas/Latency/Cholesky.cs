using System.Numerics;
using System.Runtime.InteropServices;

namespace ZenNas.Latency;

/// <summary>A symmetric positive definite matrix as L·Lᵀ.</summary>
internal sealed class Cholesky
{
    private readonly double[][] _rows;

    private Cholesky(double[][] rows) => _rows = rows;

    /// <summary>Half the logarithm of the determinant.</summary>
    public double HalfLogDeterminant => _rows.Sum(row => Math.Log(row[^1]));

    /// <summary>Decomposes in place.</summary>
    /// <param name="rows">Lower triangle: row i has i + 1 entries.</param>
    /// <exception cref="ArithmeticException">The matrix isn't positive definite.</exception>
    public static Cholesky Of(double[][] rows)
    {
        for (var i = 0; i < rows.Length; i++)
        {
            var row = rows[i];
            for (var j = 0; j < i; j++)
            {
                var other = rows[j];
                row[j] = (row[j] - Dot(row, other, j)) / other[j];
            }

            var square = row[i] - Dot(row, row, i);
            row[i] = square > 0 ? Math.Sqrt(square) : throw new ArithmeticException($"pivot {i} is {square}");
        }

        return new Cholesky(rows);
    }

    /// <summary>Solves for a right-hand side.</summary>
    public double[] Solve(ReadOnlySpan<double> right)
    {
        var x = right.ToArray();
        for (var i = 0; i < x.Length; i++)
        {
            x[i] = (x[i] - Dot(_rows[i], x, i)) / _rows[i][i];
        }

        for (var i = x.Length - 1; i >= 0; i--)
        {
            x[i] /= _rows[i][i];
            for (var j = 0; j < i; j++)
            {
                x[j] -= x[i] * _rows[i][j];
            }
        }

        return x;
    }

    /// <summary>Σ a·b over the first elements.</summary>
    public static double Dot(double[] a, double[] b, int count)
    {
        var first = MemoryMarshal.Cast<double, Vector<double>>(a.AsSpan(0, count));
        var second = MemoryMarshal.Cast<double, Vector<double>>(b.AsSpan(0, count));
        var sums = Vector<double>.Zero;
        for (var i = 0; i < first.Length; i++)
        {
            sums += first[i] * second[i];
        }

        var sum = Vector.Sum(sums);
        for (var i = first.Length * Vector<double>.Count; i < count; i++)
        {
            sum += a[i] * b[i];
        }

        return sum;
    }
}
