using ZenNas.Data.Loading;
using ZenNas.Training.Lanes;
using static TorchSharp.torch;

namespace ZenNas.Training;

/// <summary>Forward and backward pass of a batch.</summary>
internal interface IGradientPass : IDisposable
{
    /// <summary>Computes loss and gradient, and updates the running statistics; to be called in a dispose scope.</summary>
    /// <param name="team">Threads that may be used.</param>
    /// <param name="batch">Images and labels.</param>
    /// <returns>Mean loss, and the gradient of all parameters in the layout's order, valid until the next call; the caller may change it.</returns>
    (double Loss, Tensor Gradient) Run(LaneTeam team, ImageBatch batch);
}
