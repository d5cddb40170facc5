using ZenNas.Data.Loading;
using ZenNas.Torch;
using static TorchSharp.torch;

namespace ZenNas.Training;

/// <summary>What is made small: cross-entropy with smoothed labels, for both labels of a mixed picture, and what a teacher adds.</summary>
internal sealed class TrainingLoss
{
    private readonly double _labelSmoothing;
    private readonly Distillation? _distillation;

    /// <param name="labelSmoothing">Share of a label that goes to all classes.</param>
    /// <param name="distillation">The teacher's part; null for none.</param>
    public TrainingLoss(double labelSmoothing, Distillation? distillation) => (_labelSmoothing, _distillation) = (labelSmoothing, distillation);

    /// <summary>Layers of the student whose outputs it needs.</summary>
    public IReadOnlyList<int> StudentLayers => _distillation is null ? [] : _distillation.StudentLayers;

    /// <summary>Mean over a share of a batch; safe for concurrent use.</summary>
    /// <param name="batch">Labels.</param>
    /// <param name="share">Which pictures.</param>
    /// <param name="images">These pictures, (N, C, H, W).</param>
    /// <param name="logits">What the student says of them.</param>
    /// <param name="features">Its maps for <see cref="StudentLayers"/>, (N, C, H, W).</param>
    /// <param name="projections">Weights of the 1×1 convolutions as (out, 1, 1, in).</param>
    public Tensor Of(ImageBatch batch, Share share, Tensor images, Tensor logits, Tensor[] features, IReadOnlyList<Tensor> projections)
    {
        var loss = LabelLoss(logits, batch, share);
        return _distillation is null ? loss : loss.Plus(_distillation.Loss(images, logits, features, projections));
    }

    private Tensor LabelLoss(Tensor logits, ImageBatch batch, Share share)
    {
        var loss = CrossEntropy(logits, BatchTensors.Labels(batch.Labels, share, logits.device));
        return batch.Lambda == 1
            ? loss
            : loss.Times(batch.Lambda).Plus(CrossEntropy(logits, BatchTensors.Labels(batch.OtherLabels, share, logits.device)).Times(1 - batch.Lambda));
    }

    private Tensor CrossEntropy(Tensor logits, Tensor labels) => nn.functional.cross_entropy(logits, labels, label_smoothing: _labelSmoothing);
}
