using ZenNas.Latency;

namespace ZenNas.Tests.Latency;

public sealed class GaussianProcessTests
{
    /// <summary>Two samples by hand: covariance [[a+n, b], [b, a+n]], b = a·k(r).</summary>
    [Fact]
    public void Should_interpolate_two_samples()
    {
        const double Amplitude = 2;
        const double Noise = 0.5;
        var r = Math.Sqrt(5) * 3 / 1.5;
        var b = Amplitude * (1 + r + r * r / 3) * Math.Exp(-r);
        var a = Amplitude + Noise;
        var determinant = a * a - b * b;
        double[] weights = [(a * 1 - b * -2) / determinant, (a * -2 - b * 1) / determinant];

        var process = GaussianProcess.Condition([1.5], Amplitude, [Noise, Noise], [[0.0], [3.0]], [1, -2]);

        Assert.Equal(weights[0], process.Weights[0], 1e-12);
        Assert.Equal(weights[1], process.Weights[1], 1e-12);
        Assert.Equal(Amplitude * weights[0] + b * weights[1], process.Predict([0.0]), 1e-12);
        var likelihood = GaussianProcess.LogLikelihood([1.5], Amplitude, [Noise, Noise], [[0.0], [3.0]], [1, -2]);
        Assert.Equal(-0.5 * (weights[0] - 2 * weights[1]) - 0.5 * Math.Log(determinant), likelihood, 1e-12);
    }

    [Fact]
    public void Should_solve_as_the_matrix_says()
    {
        var random = new Random(3);
        const int Size = 37;
        var factor = new double[Size, Size];
        foreach (var (i, j) in Enumerable.Range(0, Size * Size).Select(k => (k / Size, k % Size)))
        {
            factor[i, j] = random.NextDouble() - 0.5 + (i == j ? 3 : 0);
        }

        double Entry(int i, int j) => Enumerable.Range(0, Size).Sum(k => factor[i, k] * factor[j, k]);
        double[] right = [.. Enumerable.Range(0, Size).Select(_ => random.NextDouble())];
        var x = Cholesky.Of([.. Enumerable.Range(0, Size).Select(i => Enumerable.Range(0, i + 1).Select(j => Entry(i, j)).ToArray())]).Solve(right);

        Assert.All(Enumerable.Range(0, Size), i => Assert.Equal(right[i], Enumerable.Range(0, Size).Sum(j => Entry(i, j) * x[j]), 1e-9));
    }
}
