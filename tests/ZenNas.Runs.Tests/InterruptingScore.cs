using ZenNas.Architectures;
using ZenNas.Scores;

namespace ZenNas.Runs.Tests;

/// <summary>Another score, until it was asked a number of times; then something happens.</summary>
internal sealed class InterruptingScore(IScore score, int after, Action interrupt) : IScore
{
    private int _evaluated;

    public ScoreInfo Info => score.Info;

    public ScoreValue Evaluate(Network network, ulong seed)
    {
        if (Interlocked.Increment(ref _evaluated) == after)
        {
            interrupt();
        }

        return score.Evaluate(network, seed);
    }
}
