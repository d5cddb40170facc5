using System.Collections.Immutable;
using ZenNas.Architectures;

namespace ZenNas.Latency;

/// <summary>A predicted latency.</summary>
/// <param name="ms">Milliseconds for a batch under the profile's conditions.</param>
/// <param name="extrapolated">Kernels outside the profiled range; where there are any, the prediction is a guess.</param>
public sealed class LatencyPrediction(double ms, ImmutableArray<KernelShape> extrapolated)
{
    /// <summary>Milliseconds for a batch under the profile's conditions.</summary>
    public double Ms { get; } = ms;

    /// <summary>Kernels outside the profiled range; where there are any, the prediction is a guess.</summary>
    public ImmutableArray<KernelShape> Extrapolated { get; } = extrapolated;

    /// <summary>Whether a kernel lies outside the profiled range.</summary>
    public bool IsExtrapolated => Extrapolated.Length > 0;
}

/// <summary>
/// Predicts the latency of networks as a sum over their kernels, whose times come from a profile. Kernels that were asked for are remembered,
/// so that a search pays for each shape once. Not safe for concurrent use.
/// </summary>
public sealed class LatencyPredictor : ILatencySource
{
    private readonly IReadOnlyDictionary<KernelKind, KernelTimeModel> _models;
    private readonly Dictionary<KernelShape, double> _known = [];

    /// <param name="models">A model for every kind that was profiled.</param>
    internal LatencyPredictor(IReadOnlyDictionary<KernelKind, KernelTimeModel> models) => _models = models;

    /// <summary>Milliseconds for a batch.</summary>
    /// <exception cref="InvalidInputException">The network has a kind of kernel that the profile knows nothing of.</exception>
    public double Ms(Network network)
    {
        double sum = 0;
        foreach (var kernel in KernelPlan.Of(network).Kernels)
        {
            sum += Ms(kernel);
        }

        return sum;
    }

    /// <summary>The prediction with what it rests on.</summary>
    /// <exception cref="InvalidInputException">The network has a kind of kernel that the profile knows nothing of.</exception>
    public LatencyPrediction Predict(Network network) => new(
        Ms(network), [.. KernelPlan.Of(network).Kernels.Where(kernel => _models[kernel.Kind].IsExtrapolated(kernel)).Distinct()]);

    /// <summary>Milliseconds of one kernel for a batch.</summary>
    /// <exception cref="InvalidInputException">The profile knows nothing of its kind.</exception>
    public double Ms(in KernelShape kernel)
    {
        if (_known.TryGetValue(kernel, out var known))
        {
            return known;
        }

        var ms = _models.TryGetValue(kernel.Kind, out var model)
            ? model.Ms(kernel)
            : throw new InvalidInputException($"the network has a {KernelNames.Of(kernel.Kind)} kernel, the profile has none, as no network of its space has one; allowed are networks of such blocks as the space has");
        _known.Add(kernel, ms);
        return ms;
    }
}
