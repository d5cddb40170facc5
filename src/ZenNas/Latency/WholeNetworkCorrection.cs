using System.Collections.Immutable;

namespace ZenNas.Latency;

/// <summary>
/// Corrects the models of kernels by what whole networks take. Short kernels are measured badly one by one, networks well: their relative
/// differences r from the sum of their kernels are explained by a change δ of the kernels' logarithms, a Gaussian process with the same length
/// scales. Since a network weighs δ by the kernels' shares w of its time, r = Σ w·δ + noise, which is linear (Rasmussen and Williams, 2006,
/// chapter 8: subset of regressors).
/// </summary>
internal static class WholeNetworkCorrection
{
    private const double Deviation = 0.12;
    private const double NoiseOfNetworks = 0.04;

    // Some networks are measured while the machine is disturbed: noise has the tails of Student's distribution, whose scale is found by iteration.
    private const double DegreesOfFreedom = 4;
    private const double LeastNoise = 0.5;
    private const int Iterations = 4;

    /// <summary>The corrected models.</summary>
    public static ImmutableSortedDictionary<KernelKind, KernelTimeModel> Apply(
        ImmutableSortedDictionary<KernelKind, KernelTimeModel> models, ImmutableArray<KernelSample> samples, ImmutableArray<NetworkSample> networks)
    {
        for (var i = 0; i < Iterations; i++)
        {
            models = Step(models, samples, networks);
        }

        return models;
    }

    private static ImmutableSortedDictionary<KernelKind, KernelTimeModel> Step(
        ImmutableSortedDictionary<KernelKind, KernelTimeModel> models, ImmutableArray<KernelSample> samples, ImmutableArray<NetworkSample> networks)
    {
        double[] kernelMs = [.. samples.Select(s => models[s.Shape.Kind].Ms(s.Shape))];
        double[] sums = [.. networks.Select(n => n.Kernels.Sum(k => kernelMs[k]))];
        double[] differences = [.. networks.Select((n, i) => Math.Log(n.Ms / sums[i]))];
        var shares = networks.Select((n, i) => n.Kernels.CountBy(k => k).Select(c => (Kernel: c.Key, Share: c.Value * kernelMs[c.Key] / sums[i])).ToArray()).ToArray();

        var covariance = new double[networks.Length][];
        for (var i = 0; i < covariance.Length; i++)
        {
            covariance[i] = new double[i + 1];
            covariance[i][i] = Tail(differences[i]) * NoiseOfNetworks * NoiseOfNetworks / (Deviation * Deviation);
        }

        var parts = models.Select(m => new Part(m.Key, m.Value, samples, shares)).ToArray();
        foreach (var part in parts)
        {
            part.AddTo(covariance);
        }

        var weights = Cholesky.Of(covariance).Solve(differences);
        return parts.ToImmutableSortedDictionary(part => part.Kind, part => part.Corrected(weights));
    }

    /// <summary>By how much larger the variance of a network's noise is taken for what is left of its difference (expectation–maximisation for Student's t).</summary>
    private static double Tail(double difference) =>
        Math.Max(LeastNoise, (DegreesOfFreedom + Math.Pow(difference / NoiseOfNetworks, 2)) / (DegreesOfFreedom + 1));

    /// <summary>What the kernels of one kind contribute: Φ, the shares times the correlations with the process's inputs, and C⁻¹Φᵀ.</summary>
    private sealed class Part
    {
        private readonly KernelTimeModel _model;
        private readonly double[][] _rows;
        private readonly double[][] _solved;

        public Part(KernelKind kind, KernelTimeModel model, ImmutableArray<KernelSample> samples, (int Kernel, double Share)[][] shares)
        {
            (Kind, _model) = (kind, model);
            var correlations = new double[]?[samples.Length];
            _rows = [.. shares.Select(network => Row(network, samples, correlations))];
            var factor = model.Process.FactorOfCorrelations();
            _solved = [.. _rows.Select(row => factor.Solve(row))];
        }

        public KernelKind Kind { get; }

        public void AddTo(double[][] covariance)
        {
            for (var i = 0; i < covariance.Length; i++)
            {
                for (var j = 0; j <= i; j++)
                {
                    covariance[i][j] += Cholesky.Dot(_rows[i], _solved[j], _rows[i].Length);
                }
            }
        }

        public KernelTimeModel Corrected(double[] weights)
        {
            var added = new double[_model.Process.Inputs.Length];
            for (var n = 0; n < weights.Length; n++)
            {
                for (var j = 0; j < added.Length; j++)
                {
                    added[j] += weights[n] * _solved[n][j];
                }
            }

            return _model with { Process = _model.Process.Plus(added) };
        }

        private double[] Row((int Kernel, double Share)[] network, ImmutableArray<KernelSample> samples, double[]?[] correlations)
        {
            var row = new double[_model.Process.Inputs.Length];
            foreach (var (kernel, share) in network.Where(k => samples[k.Kernel].Shape.Kind == Kind))
            {
                var correlation = correlations[kernel] ??= _model.Process.Correlations(KernelTimeModel.Features(samples[kernel].Shape).AsSpan());
                for (var j = 0; j < row.Length; j++)
                {
                    row[j] += share * correlation[j];
                }
            }

            return row;
        }
    }
}
