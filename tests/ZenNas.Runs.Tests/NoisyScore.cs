using ZenNas.Architectures;
using ZenNas.Scores;
using ZenNas.Search;

namespace ZenNas.Runs.Tests;

/// <summary>Stands in for a measured score: slow, noisy by its seed, and now and then without a finite value (but for the shallow network that a search starts from).</summary>
internal sealed class NoisyScore : IScore
{
    private readonly ClosedFormZenScore _closedForm = new();

    public ScoreInfo Info { get; } = new() { Name = "measured", Summary = "closed form and noise", Source = "this test", IsRandom = true };

    public ScoreValue Evaluate(Network network, ulong seed)
    {
        var noise = new StepRandom(seed, 1);
        // Differing times make threads overtake each other.
        Thread.Sleep(noise.Next(3));
        var value = _closedForm.Score(network.Vanilla) + noise.Next(-1000, 1000) / 500.0;
        return ScoreValue.Exact(network.Architecture.Layers > 6 && noise.Next(10) == 0 ? double.NaN : value);
    }
}
