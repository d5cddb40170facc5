using ZenNas.Data.Loading;
using ZenNas.Torch;
using ZenNas.Training.Recipes;
using static TorchSharp.torch;

namespace ZenNas.Training;

/// <summary>One step: forward, loss, gradients, update.</summary>
internal sealed class TrainingStep
{
    private readonly TrainableNetwork _network;
    private readonly NesterovDescent _descent;
    private readonly double _labelSmoothing;
    private readonly Distillation? _distillation;
    private readonly Device _device;

    public TrainingStep(TrainableNetwork network, NesterovDescent descent, Recipe recipe, Distillation? distillation, Device device) =>
        (_network, _descent, _labelSmoothing, _distillation, _device) = (network, descent, recipe.LabelSmoothing, distillation, device);

    /// <summary>Learns from a batch.</summary>
    /// <param name="batch">Images and labels.</param>
    /// <param name="rate">Learning rate.</param>
    /// <param name="step">Number of the step from 0.</param>
    /// <returns>The loss before the update.</returns>
    public double Run(ImageBatch batch, double rate, long step)
    {
        using var scope = NewDisposeScope();
        var images = BatchTensors.Images(batch, _device);
        var (logits, features) = _network.Forward(images, _distillation?.StudentLayers ?? []);
        var loss = LabelLoss(logits, batch);
        if (_distillation is not null)
        {
            loss = loss.add(_distillation.Loss(images, logits, features, _network.Projections));
        }

        _descent.Step(autograd.grad([loss], [.. _network.Leaves]), rate, step);
        return loss.Number();
    }

    private Tensor LabelLoss(Tensor logits, ImageBatch batch)
    {
        var loss = CrossEntropy(logits, BatchTensors.Labels(batch.Labels, batch.Count, _device));
        return batch.Lambda == 1
            ? loss
            : loss.Times(batch.Lambda).add(CrossEntropy(logits, BatchTensors.Labels(batch.OtherLabels, batch.Count, _device)).Times(1 - batch.Lambda));
    }

    private Tensor CrossEntropy(Tensor logits, Tensor labels) => nn.functional.cross_entropy(logits, labels, label_smoothing: _labelSmoothing);
}
