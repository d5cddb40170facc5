using ZenNas.Data.Loading;
using ZenNas.Torch;
using ZenNas.Training.Lanes;
using static TorchSharp.torch;

namespace ZenNas.Training;

/// <summary>Forward and backward pass by torch alone, on any device.</summary>
internal sealed class AutogradPass : IGradientPass
{
    private readonly TrainableNetwork _network;
    private readonly TrainingLoss _loss;
    private readonly Device _device;

    public AutogradPass(TrainableNetwork network, TrainingLoss loss, Device device) => (_network, _loss, _device) = (network, loss, device);

    public (double Loss, Tensor Gradient) Run(LaneTeam team, ImageBatch batch)
    {
        var images = BatchTensors.Images(batch, new Share(0, batch.Count), _device);
        var (logits, features) = _network.Forward(images, _loss.StudentLayers);
        var loss = _loss.Of(batch, new Share(0, batch.Count), images, logits, features, _network.Projections);
        var gradients = autograd.grad([loss], [.. _network.Leaves]);
        return (loss.Number(), cat([.. gradients.Select(g => g.reshape(-1))]));
    }

    public void Dispose()
    {
    }
}
