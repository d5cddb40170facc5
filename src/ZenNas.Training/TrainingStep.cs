using ZenNas.Data.Loading;
using ZenNas.Training.Lanes;
using static TorchSharp.torch;

namespace ZenNas.Training;

/// <summary>One step: forward, loss, gradients, update.</summary>
internal sealed class TrainingStep
{
    private readonly IGradientPass _pass;
    private readonly NesterovDescent _descent;

    public TrainingStep(IGradientPass pass, NesterovDescent descent) => (_pass, _descent) = (pass, descent);

    /// <summary>Learns from a batch.</summary>
    /// <param name="team">Threads that share it.</param>
    /// <param name="batch">Images and labels.</param>
    /// <param name="rate">Learning rate.</param>
    /// <param name="step">Number of the step from 0.</param>
    /// <returns>The loss before the update.</returns>
    public double Run(LaneTeam team, ImageBatch batch, double rate, long step)
    {
        using var scope = NewDisposeScope();
        var (loss, gradient) = _pass.Run(team, batch);
        _descent.Step(gradient, rate, step);
        return loss;
    }
}
