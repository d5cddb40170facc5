using ZenNas.Scores;
using ZenNas.Torch.Proxies;

namespace ZenNas.Torch;

/// <summary>All scores, those that need tensors included. Listing them doesn't load torch.</summary>
public static class TorchScores
{
    /// <summary>The scores by name.</summary>
    public static ScoreCatalog Catalog { get; } = ScoreCatalog.TensorFree
        .With(MeasuredZenScore.Description, s => new MeasuredZenScore(s))
        .With(PhiScore.Plain, s => new PhiScore(s, batchNorm: false))
        .With(PhiScore.WithBatchNorm, s => new PhiScore(s, batchNorm: true))
        .With(GradNormScore.Description, s => new GradNormScore(s))
        .With(SynflowScore.Description, s => new SynflowScore(s))
        .With(NaswotScore.Description, s => new NaswotScore(s))
        .With(TeNasScore.Description, s => new TeNasScore(s));
}
