using ZenNas.Torch;
using static TorchSharp.torch;

namespace ZenNas.Training;

/// <summary>
/// Stochastic gradient descent with Nesterov's momentum as torch defines it (Sutskever et al., 2013): g += λw; v = μv + g; w −= η(g + μv); and a
/// moving average of the weights.
/// </summary>
internal sealed class NesterovDescent : IDisposable
{
    private readonly TrainableNetwork _network;
    private readonly double _momentum;
    private readonly double _weightDecay;
    private readonly double _averageDecay;

    /// <param name="network">Whose parameters are changed.</param>
    /// <param name="momentum">μ.</param>
    /// <param name="weightDecay">λ.</param>
    /// <param name="averageDecay">Decay of the moving average; 0 for none.</param>
    public NesterovDescent(TrainableNetwork network, double momentum, double weightDecay, double averageDecay)
    {
        (_network, _momentum, _weightDecay, _averageDecay) = (network, momentum, weightDecay, averageDecay);
        Velocity = zeros_like(network.Parameters).DetachFromDisposeScope();
        Average = averageDecay > 0 ? network.Parameters.clone().DetachFromDisposeScope() : null;
        AverageStatistics = averageDecay > 0 ? network.Statistics.clone().DetachFromDisposeScope() : null;
    }

    /// <summary>v.</summary>
    public Tensor Velocity { get; }

    /// <summary>Moving average of the parameters, where there is one.</summary>
    public Tensor? Average { get; }

    /// <summary>Moving average of the running statistics.</summary>
    public Tensor? AverageStatistics { get; }

    /// <summary>One step; to be called in a dispose scope.</summary>
    /// <param name="gradient">Of all parameters; changed.</param>
    /// <param name="rate">η.</param>
    /// <param name="step">Number of the step from 0; a young average forgets faster, so that it doesn't hold the beginning.</param>
    public void Step(Tensor gradient, double rate, long step)
    {
        using var noGradient = no_grad();
        var decayed = _network.Layout.Decayed;
        gradient.narrow(0, 0, decayed).PlusInPlace(_network.Parameters.narrow(0, 0, decayed), _weightDecay);
        Velocity.TimesInPlace(_momentum).PlusInPlace(gradient);
        gradient.PlusInPlace(Velocity, _momentum);
        _network.Parameters.PlusInPlace(gradient, -rate);
        if (Average is not null)
        {
            var decay = Math.Min(_averageDecay, (1.0 + step) / (10.0 + step));
            Average.TimesInPlace(decay).PlusInPlace(_network.Parameters, 1 - decay);
            AverageStatistics!.TimesInPlace(decay).PlusInPlace(_network.Statistics, 1 - decay);
        }
    }

    public void Dispose()
    {
        Velocity.Dispose();
        Average?.Dispose();
        AverageStatistics?.Dispose();
    }
}
