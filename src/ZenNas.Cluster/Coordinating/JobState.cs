using System.Collections.Immutable;
using ZenNas.Cluster.Messages;

namespace ZenNas.Cluster.Coordinating;

/// <summary>How a job ended.</summary>
/// <param name="outcome">The attempt that ended it.</param>
/// <param name="reasons">Why attempts failed, in their order.</param>
public sealed class JobEnd(JobOutcome outcome, ImmutableArray<string> reasons)
{
    /// <summary>The attempt that ended it.</summary>
    public JobOutcome Outcome { get; } = outcome;

    /// <summary>Why attempts failed, in their order, each with its worker.</summary>
    public ImmutableArray<string> Reasons { get; } = reasons;

    /// <summary>Whether no attempt gave a result.</summary>
    public bool HasFailed => Outcome.Body is null;
}

/// <summary>The attempts at one job that are known of. Safe for concurrent use.</summary>
internal sealed class JobState
{
    private const int LongestName = 100;
    private const int LongestReason = 1000;
    private readonly Lock _lock = new();
    private readonly SortedDictionary<int, JobOutcome> _failed = [];
    private readonly HashSet<int> _handedOver = [];
    private readonly int _forgiven;
    private readonly TaskCompletionSource<JobEnd> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource _news = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public JobState()
    {
    }

    private JobState(JobState givenUp)
    {
        _failed = new SortedDictionary<int, JobOutcome>(givenUp._failed);
        _handedOver = [.. givenUp._handedOver];
        _forgiven = _failed.Count;
    }

    public bool HasEnded => _end.Task.IsCompleted;

    public bool HasResult => HasEnded && !_end.Task.Result.HasFailed;

    public bool IsGivenUp => HasEnded && _end.Task.Result.HasFailed;

    public Task<JobEnd> End => _end.Task;

    public int FailedAttempts
    {
        get
        {
            lock (_lock)
            {
                return _failed.Count;
            }
        }
    }

    /// <summary>Attempts that ended without a result, those that were handed over included.</summary>
    public int EndedAttempts
    {
        get
        {
            lock (_lock)
            {
                return _failed.Count + _handedOver.Count;
            }
        }
    }

    /// <summary>Workers whose attempts failed.</summary>
    public string[] FailedBy
    {
        get
        {
            lock (_lock)
            {
                return [.. _failed.Values.Select(f => f.Worker).Distinct(StringComparer.Ordinal)];
            }
        }
    }

    /// <summary>The job with as many attempts again.</summary>
    public JobState Again()
    {
        lock (_lock)
        {
            return new JobState(this);
        }
    }

    /// <summary>Takes what came of an attempt.</summary>
    /// <returns>Whether it was news: the job hadn't ended, and nothing was known of the attempt.</returns>
    public bool Add(int attempt, JobOutcome outcome)
    {
        lock (_lock)
        {
            if (HasEnded || _failed.ContainsKey(attempt) || _handedOver.Contains(attempt))
            {
                return false;
            }

            if (outcome.IsHandedOver)
            {
                _handedOver.Add(attempt);
            }
            else if (outcome.Reason is not null)
            {
                _failed.Add(attempt, outcome);
            }

            if (outcome.Reason is null || outcome.IsFinal || _failed.Count - _forgiven >= JobBoard.MostAttempts)
            {
                _end.SetResult(new JobEnd(outcome, [.. _failed.Values.Select(f => $"{Excerpt.Of(f.Worker, LongestName)}: {Excerpt.Of(f.Reason, LongestReason)}")]));
            }

            _news.SetResult();
            _news = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return true;
        }
    }

    /// <summary>Waits for the end of an attempt: the job's end, or null where another attempt is due.</summary>
    public async Task<JobEnd?> NextAsync(int attempt, CancellationToken cancellation)
    {
        while (true)
        {
            Task news;
            lock (_lock)
            {
                if (HasEnded)
                {
                    return _end.Task.Result;
                }

                if (_failed.Count + _handedOver.Count >= attempt)
                {
                    return null;
                }

                news = _news.Task;
            }

            await news.WaitAsync(cancellation).ConfigureAwait(false);
        }
    }
}
