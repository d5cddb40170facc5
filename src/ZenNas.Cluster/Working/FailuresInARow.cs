using ZenNas.Cluster.Messages;
using ZenNas.Scores;

namespace ZenNas.Cluster.Working;

/// <summary>
/// Says how long a worker whose jobs fail takes none: one that can do nothing would always be free, and get more jobs than those that can. Safe for
/// concurrent use.
/// </summary>
internal sealed class FailuresInARow
{
    private const int MostDoublings = 3;
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(300);
    private volatile int _count;

    /// <summary>How long to wait before the next job; longer after each failure in a row.</summary>
    public TimeSpan PauseAfter(JobOutcome outcome)
    {
        if (outcome.Reason is null || outcome.IsHandedOver)
        {
            _count = 0;
            return TimeSpan.Zero;
        }

        // That is the network's fault; the next one may be smaller.
        if (outcome.Reason.StartsWith(ScoreFailure.TooLittleMemory, StringComparison.Ordinal))
        {
            return TimeSpan.Zero;
        }

        return First * (1 << Math.Min(Interlocked.Increment(ref _count) - 1, MostDoublings));
    }
}
