using ZenNas.Scores;

namespace ZenNas.Torch;

/// <summary>Mean over channels of the biased mini-batch variances of one batch normalisation.</summary>
/// <param name="Clean">For x.</param>
/// <param name="Perturbed">For x + αε.</param>
/// <param name="Samples">Values per channel.</param>
internal readonly record struct LayerVariance(double Clean, double Perturbed, long Samples);

/// <summary>What the two forward passes of Algorithm 1 leave.</summary>
/// <param name="Delta">Mean over images of the norm of f(x) − f(x + αε).</param>
/// <param name="Variances">Per convolution, input side first.</param>
internal sealed record PassResult(double Delta, IReadOnlyList<LayerVariance> Variances)
{
    /// <summary>log Δ + Σ log σ̄.</summary>
    public double Score(Convention convention)
    {
        var score = Math.Log(Delta);
        foreach (var variance in Variances)
        {
            score += 0.5 * Math.Log(convention == Convention.Paper ? variance.Clean : Running(variance));
        }

        return score;
    }

    /// <summary>running_var after a pass with x and one with x + αε, momentum 0.1, starting at 1; torch keeps the unbiased variance.</summary>
    private static double Running(LayerVariance variance)
    {
        var unbiased = variance.Samples / (variance.Samples - 1.0);
        return 0.9 * (0.9 + 0.1 * unbiased * variance.Clean) + 0.1 * unbiased * variance.Perturbed;
    }
}
