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

    private const int FewestToJudge = 8;
    private const int LongestReason = 500;

    private readonly JobBoard _board;
    private readonly ScoreSettings _settings;
    private readonly Action<int, int>? _progress;
    private readonly CancellationToken _cancellation;
    private int _batches;

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
    /// <exception cref="InvalidInputException">Workers failed at all of eight or more networks: that isn't the networks' fault.</exception>
    public ScoreValue[] EvaluateAll(IReadOnlyList<(Network Network, ulong Seed)> networks, int threads)
    {
        ArgumentNullException.ThrowIfNull(networks);
        var requests = networks.Select(n => new ScoreRequest(Info.Name, _settings, n.Network.Architecture, n.Seed)).ToArray();
        _progress?.Invoke(0, requests.Length);

        // What failed in an earlier session may have failed by workers that are mended now.
        var triesAgain = Interlocked.Increment(ref _batches) == 1;
        var ends = _board.RunAsync(requests, done => _progress?.Invoke(done, requests.Length), _cancellation, triesAgain).GetAwaiter().GetResult();
        if (ends.Length >= FewestToJudge && ends.All(end => end.HasFailed && !IsTooLarge(end)))
        {
            throw new InvalidInputException(
                $"all {ends.Length} jobs of a batch failed on every worker that tried (the first: {Excerpt.Of(string.Join("; ", ends[0].Reasons), LongestReason)}); allowed are workers that can do them, and then --resume goes on");
        }

        return [.. ends.Select(ToValue)];
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
