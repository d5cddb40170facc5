using ZenNas.Architectures;
using ZenNas.Cluster.Coordinating;
using ZenNas.Cluster.Messages;
using ZenNas.Scores;

namespace ZenNas.Cluster;

/// <summary>
/// A score that workers evaluate. A network whose job failed everywhere has no score, and the reasons are its failure's detail. Safe for concurrent
/// use.
/// </summary>
public sealed class RemoteScore : IScore
{
    /// <summary>Why a network whose job was given up has no score.</summary>
    public const string FailedReason = "the job failed on every worker that tried";

    private const int MostFailuresInARow = 8;
    private const int LongestReason = 500;

    private readonly JobBoard _board;
    private readonly ScoreSettings _settings;
    private readonly Action<int, int>? _progress;
    private readonly CancellationToken _cancellation;
    private readonly Lock _lock = new();
    private int _failedInARow;

    /// <param name="info">What the score is.</param>
    /// <param name="settings">What determines it.</param>
    /// <param name="board">Where its jobs go.</param>
    /// <param name="progress">Told how many of a batch's jobs have ended, and how many there are, from any thread.</param>
    /// <param name="cancellation">Ends an evaluation with an <see cref="OperationCanceledException"/>; jobs that are published go on.</param>
    public RemoteScore(ScoreInfo info, ScoreSettings settings, JobBoard board, Action<int, int>? progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(info);
        (Info, _settings, _board, _progress, _cancellation) = (info, settings.Checked(), board, progress, cancellation);
    }

    /// <inheritdoc/>
    public ScoreInfo Info { get; }

    /// <inheritdoc/>
    public ScoreValue Evaluate(Network network, ulong seed) => EvaluateAll([(network, seed)], threads: 1)[0];

    /// <inheritdoc/>
    /// <exception cref="InvalidInputException">Workers failed at eight networks in a row, or at the first of all: that isn't the networks' fault.</exception>
    public ScoreValue[] EvaluateAll(IReadOnlyList<(Network Network, ulong Seed)> networks, int threads)
    {
        ArgumentNullException.ThrowIfNull(networks);
        var requests = networks.Select(n => new ScoreRequest(Info.Name, _settings, n.Network.Architecture, n.Seed)).ToArray();
        _progress?.Invoke(0, requests.Length);
        var ends = _board.RunAsync(requests, done => _progress?.Invoke(done, requests.Length), _cancellation).GetAwaiter().GetResult();
        CheckWorkers(ends);
        return [.. ends.Select(ToValue)];
    }

    /// <summary>A network that is too large for every worker says nothing of them.</summary>
    private void CheckWorkers(IReadOnlyList<JobEnd> ends)
    {
        lock (_lock)
        {
            foreach (var end in ends.Where(end => !end.HasFailed || !IsTooLarge(end)))
            {
                _failedInARow = end.HasFailed ? _failedInARow + 1 : 0;
                if (_failedInARow >= MostFailuresInARow || _failedInARow > 0 && _board.Counts.Finished == 0)
                {
                    throw new InvalidInputException(
                        $"workers failed at {(_failedInARow == 1 ? "the first network" : $"{_failedInARow} networks in a row")} ({Excerpt.Of(string.Join("; ", end.Reasons), LongestReason)}); allowed are workers that can score them, with which --resume goes on");
                }
            }
        }
    }

    private static bool IsTooLarge(JobEnd end) => end.Reasons.All(reason => reason.Contains(ScoreFailure.TooLittleMemory, StringComparison.Ordinal));

    private static ScoreValue ToValue(JobEnd end)
    {
        if (end.HasFailed)
        {
            // The same as one process says, where nobody has more memory.
            return ScoreValue.Failed(IsTooLarge(end) ? ScoreFailure.TooLittleMemory : FailedReason, string.Join("; ", end.Reasons));
        }

        try
        {
            return end.Outcome.Read(ScoreJson.Read);
        }
        catch (InvalidInputException e)
        {
            return ScoreValue.Failed(FailedReason, e.Message);
        }
    }
}
