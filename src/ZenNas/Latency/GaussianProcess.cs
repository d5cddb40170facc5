using System.Collections.Immutable;

namespace ZenNas.Latency;

/// <summary>
/// Gaussian process regression with a Matérn 5/2 covariance and a length scale for every feature (Rasmussen and Williams, 2006, chapters 2, 4
/// and 5). The mean of the process is 0.
/// </summary>
/// <param name="Scales">Length scale of every feature, above 0.</param>
/// <param name="Amplitude">Variance of the process.</param>
/// <param name="Noises">Variance of every sample around it.</param>
/// <param name="Inputs">Features of the samples, one row each.</param>
/// <param name="Weights">K⁻¹y, one number for each sample.</param>
internal sealed record GaussianProcess(
    ImmutableArray<double> Scales, double Amplitude, ImmutableArray<double> Noises, ImmutableArray<ImmutableArray<double>> Inputs, ImmutableArray<double> Weights)
{
    /// <summary>Conditions on samples, with given scales and variances.</summary>
    public static GaussianProcess Condition(
        ImmutableArray<double> scales, double amplitude, ImmutableArray<double> noises, ImmutableArray<ImmutableArray<double>> inputs, ReadOnlySpan<double> targets)
    {
        var factor = Cholesky.Of(Covariance(scales, amplitude, noises, inputs));
        return new GaussianProcess(scales, amplitude, noises, inputs, [.. factor.Solve(targets)]);
    }

    /// <summary>Logarithm of the marginal likelihood of samples, but for a constant.</summary>
    public static double LogLikelihood(
        ImmutableArray<double> scales, double amplitude, ImmutableArray<double> noises, ImmutableArray<ImmutableArray<double>> inputs, ReadOnlySpan<double> targets)
    {
        var factor = Cholesky.Of(Covariance(scales, amplitude, noises, inputs));
        var weights = factor.Solve(targets);
        double fit = 0;
        for (var i = 0; i < weights.Length; i++)
        {
            fit += weights[i] * targets[i];
        }

        return -(fit / 2) - factor.HalfLogDeterminant;
    }

    /// <summary>Mean of the process at a point.</summary>
    public double Predict(ReadOnlySpan<double> input)
    {
        double sum = 0;
        for (var i = 0; i < Inputs.Length; i++)
        {
            sum += Weights[i] * Matern(SquaredDistance(input, Inputs[i].AsSpan(), Scales.AsSpan()));
        }

        return Amplitude * sum;
    }

    /// <summary>Correlations of a point with every sample.</summary>
    public double[] Correlations(ReadOnlySpan<double> input)
    {
        var correlations = new double[Inputs.Length];
        for (var i = 0; i < correlations.Length; i++)
        {
            correlations[i] = Matern(SquaredDistance(input, Inputs[i].AsSpan(), Scales.AsSpan()));
        }

        return correlations;
    }

    /// <summary>Correlations of the samples with each other, with the noise relative to the process.</summary>
    public Cholesky FactorOfCorrelations() => Cholesky.Of(Covariance(Scales, 1, [.. Noises.Select(noise => noise / Amplitude)], Inputs));

    /// <summary>The process plus Σ γ·correlation with each sample.</summary>
    /// <param name="coefficients">γ, one for each sample.</param>
    public GaussianProcess Plus(double[] coefficients) => this with { Weights = [.. Weights.Select((w, i) => w + coefficients[i] / Amplitude)] };

    private static double[][] Covariance(ImmutableArray<double> scales, double amplitude, ImmutableArray<double> noises, ImmutableArray<ImmutableArray<double>> inputs)
    {
        var rows = new double[inputs.Length][];
        for (var i = 0; i < rows.Length; i++)
        {
            rows[i] = new double[i + 1];
            for (var j = 0; j <= i; j++)
            {
                rows[i][j] = amplitude * Matern(SquaredDistance(inputs[i].AsSpan(), inputs[j].AsSpan(), scales.AsSpan()));
            }

            rows[i][i] += noises[i];
        }

        return rows;
    }

    private static double Matern(double squared)
    {
        var r = Math.Sqrt(5 * squared);
        return (1 + r + r * r / 3) * Math.Exp(-r);
    }

    private static double SquaredDistance(ReadOnlySpan<double> a, ReadOnlySpan<double> b, ReadOnlySpan<double> scales)
    {
        double sum = 0;
        for (var i = 0; i < scales.Length; i++)
        {
            var d = (a[i] - b[i]) / scales[i];
            sum += d * d;
        }

        return sum;
    }
}
