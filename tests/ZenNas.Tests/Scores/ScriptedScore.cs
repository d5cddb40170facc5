using System.Collections.Concurrent;
using ZenNas.Architectures;
using ZenNas.Scores;

namespace ZenNas.Tests.Scores;

/// <summary>Says what a test wants for the n-th evaluation, and remembers the seeds it was asked with.</summary>
internal sealed class ScriptedScore(bool isRandom, Func<int, ScoreValue> value) : IScore
{
    private readonly ConcurrentQueue<ulong> _seeds = [];

    public IReadOnlyCollection<ulong> Seeds => _seeds;

    public ScoreInfo Info { get; } = new() { Name = "scripted", Summary = "what the test says", Source = "this test", IsRandom = isRandom };

    public ScoreValue Evaluate(Network network, ulong seed)
    {
        _seeds.Enqueue(seed);
        return value(_seeds.Count - 1);
    }
}
