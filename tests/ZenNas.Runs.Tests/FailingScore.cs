using ZenNas.Architectures;
using ZenNas.Scores;

namespace ZenNas.Runs.Tests;

/// <summary>The closed form, but for some networks, which fail for one of two reasons; the shallow network that a search starts from never does.</summary>
internal sealed class FailingScore : IScore
{
    public const string Often = "it has many repeats";
    public const string Seldom = "the kernel is singular";

    private readonly ClosedFormZenScore _closedForm = new();

    public ScoreInfo Info { get; } = new() { Name = "measured", Summary = "closed form with failures", Source = "this test", NeedsTensors = true };

    public ScoreValue Evaluate(Network network, ulong seed) => Failure(network.Architecture) is { } failure
        ? ScoreValue.Failed(failure.Reason, failure.Detail)
        : ScoreValue.Exact(_closedForm.Score(network.Vanilla));

    public static ScoreFailure? Failure(Architecture architecture) => ((ulong)Fingerprint.Of(architecture) % 12) switch
    {
        _ when architecture.Layers <= 6 => null,
        0 => new ScoreFailure(Seldom),
        < 4 => new ScoreFailure(Often, $"{architecture.Layers} of them"),
        _ => null,
    };
}
