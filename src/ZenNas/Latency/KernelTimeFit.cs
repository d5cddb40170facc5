using System.Collections.Immutable;

namespace ZenNas.Latency;

/// <summary>Fits <see cref="KernelTimeModel"/>s: trend by ridge regression, scales and variances by the largest marginal likelihood.</summary>
internal static class KernelTimeFit
{
    // The likelihood of more samples costs n³ each time; the process itself may hold more.
    private const int SamplesOfLikelihood = 400;
    private const int SamplesOfProcess = 1200;
    private const double Ridge = 1e-3;
    private const double FirstScale = 2;
    private const double FirstNoise = 0.0025;
    private const double LeastNoise = 1e-4;
    private const double FirstStep = 0.9;
    private const double LastStep = 0.2;

    // Runtimes report kernels in whole microseconds.
    private const double ResolutionMs = 5e-4;

    /// <summary>Fits the kernels of one kind.</summary>
    /// <param name="samples">At least one.</param>
    public static KernelTimeModel Fit(IReadOnlyList<KernelSample> samples)
    {
        var inputs = samples.Select(s => KernelTimeModel.Features(s.Shape)).ToArray();
        var trend = FitTrend(samples);
        var targets = samples.Select(s =>
        {
            var (macs, elements) = KernelTimeModel.TrendTerms(s.Shape);
            return Math.Log(s.Ms) - trend[0] - trend[1] * macs - trend[2] * elements;
        }).ToArray();
        double[] coarseness = [.. samples.Select(s => Math.Pow(ResolutionMs / s.Ms, 2) / s.Count)];
        var logs = FitParameters(Pick(inputs, targets, coarseness, SamplesOfLikelihood));
        var (chosen, values, variances) = Pick(inputs, targets, coarseness, SamplesOfProcess);
        var (scales, amplitude, noise) = Parameters(logs);
        return new KernelTimeModel(
            trend, GaussianProcess.Condition(scales, amplitude, Noises(noise, variances), chosen, values),
            [.. Enumerable.Range(0, KernelTimeModel.FeatureCount).Select(d => inputs.Min(x => x[d]))],
            [.. Enumerable.Range(0, KernelTimeModel.FeatureCount).Select(d => inputs.Max(x => x[d]))]);
    }

    private static ImmutableArray<double> FitTrend(IReadOnlyList<KernelSample> samples)
    {
        var rows = new double[3][];
        var right = new double[3];
        for (var i = 0; i < 3; i++)
        {
            rows[i] = new double[i + 1];
        }

        foreach (var sample in samples)
        {
            var (macs, elements) = KernelTimeModel.TrendTerms(sample.Shape);
            double[] terms = [1, macs, elements];
            for (var i = 0; i < 3; i++)
            {
                right[i] += terms[i] * Math.Log(sample.Ms);
                for (var j = 0; j <= i; j++)
                {
                    rows[i][j] += terms[i] * terms[j];
                }
            }
        }

        for (var i = 0; i < 3; i++)
        {
            rows[i][i] += Ridge * samples.Count;
        }

        return [.. Cholesky.Of(rows).Solve(right)];
    }

    /// <summary>Samples spread over the space of features: each next one is farthest from those taken.</summary>
    private static Chosen Pick(ImmutableArray<double>[] inputs, double[] targets, double[] coarseness, int most)
    {
        if (inputs.Length <= most)
        {
            return new Chosen([.. inputs], targets, coarseness);
        }

        var nearest = new double[inputs.Length];
        Array.Fill(nearest, double.PositiveInfinity);
        var chosen = new List<int>();
        for (var next = 0; chosen.Count < most; next = Array.IndexOf(nearest, nearest.Max()))
        {
            chosen.Add(next);
            for (var i = 0; i < inputs.Length; i++)
            {
                nearest[i] = Math.Min(nearest[i], inputs[i].Zip(inputs[next], (a, b) => (a - b) * (a - b)).Sum());
            }
        }

        chosen.Sort();
        return new Chosen([.. chosen.Select(i => inputs[i])], [.. chosen.Select(i => targets[i])], [.. chosen.Select(i => coarseness[i])]);
    }

    /// <summary>Climbs one logarithm after the other, with steps that become smaller.</summary>
    private static double[] FitParameters(Chosen data)
    {
        var variance = Math.Max(data.Targets.Average(t => t * t), 1e-4);
        double[] logs = [.. Enumerable.Repeat(Math.Log(FirstScale), KernelTimeModel.FeatureCount), Math.Log(variance), Math.Log(FirstNoise)];
        var best = Likelihood(logs, data);
        for (var step = FirstStep; step >= LastStep; step /= 2)
        {
            for (var round = 0; round < 2; round++)
            {
                for (var i = 0; i < logs.Length; i++)
                {
                    best = Climb(logs, i, step, best, data);
                }
            }
        }

        return logs;
    }

    private static double Climb(double[] logs, int position, double step, double best, Chosen data)
    {
        foreach (var direction in new[] { step, -step })
        {
            var before = logs[position];
            logs[position] = before + direction;
            var likelihood = Likelihood(logs, data);
            if (likelihood > best)
            {
                return likelihood;
            }

            logs[position] = before;
        }

        return best;
    }

    private static double Likelihood(double[] logs, Chosen data)
    {
        var (scales, amplitude, noise) = Parameters(logs);
        return GaussianProcess.LogLikelihood(scales, amplitude, Noises(noise, data.Coarseness), data.Inputs, data.Targets);
    }

    private static (ImmutableArray<double> Scales, double Amplitude, double Noise) Parameters(double[] logs) =>
        ([.. logs.Take(KernelTimeModel.FeatureCount).Select(Math.Exp)], Math.Exp(logs[^2]), Math.Max(LeastNoise, Math.Exp(logs[^1])));

    private static ImmutableArray<double> Noises(double noise, double[] coarseness) => [.. coarseness.Select(variance => noise + variance)];

    /// <summary>Samples of a fit: features, residuals of the trend, and the variance that their coarse times add.</summary>
    private readonly record struct Chosen(ImmutableArray<ImmutableArray<double>> Inputs, double[] Targets, double[] Coarseness);
}
