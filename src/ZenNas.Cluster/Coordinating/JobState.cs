using System.Collections.Immutable;
using ZenNas.Cluster.Messages;
using ZenNas.Cluster.Working;

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
    private readonly SortedDictionary<int, JobOutcome> _attempts = [];
    private readonly int _forgiven;
    private readonly TaskCompletionSource<JobEnd> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource _news = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public JobState()
    {
    }

    private JobState(JobState givenUp)
    {
        _attempts = new SortedDictionary<int, JobOutcome>(givenUp._attempts);
        _forgiven = Failed.Count();
        if (_attempts.Values.FirstOrDefault(attempt => attempt.Reason is null) is { } late)
        {
            EndWith(late);
        }
        else if (Last == JobSubject.MostAttempt)
        {
            EndWith(_attempts[Last]);
        }
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
                return Failed.Count();
            }
        }
    }

    /// <summary>Attempts of which anything is known.</summary>
    public int Attempts
    {
        get
        {
            lock (_lock)
            {
                return _attempts.Count;
            }
        }
    }

    /// <summary>How many attempts were given back.</summary>
    public int HandedOver
    {
        get
        {
            lock (_lock)
            {
                return _attempts.Values.Count(attempt => attempt.IsHandedOver);
            }
        }
    }

    /// <summary>Number of the last attempt of which anything is known; results of earlier ones may be gone.</summary>
    public int LastAttempt
    {
        get
        {
            lock (_lock)
            {
                return Last;
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
                return [.. Failed.Select(f => f.Worker).Distinct(StringComparer.Ordinal)];
            }
        }
    }

    private IEnumerable<JobOutcome> Failed => _attempts.Values.Where(attempt => attempt.Reason is not null && !attempt.IsHandedOver);

    private int Last => _attempts.Count == 0 ? 0 : _attempts.Keys.Last();

    /// <summary>The job with as many attempts again, or with the result that came after it was given up.</summary>
    public JobState Again()
    {
        lock (_lock)
        {
            return new JobState(this);
        }
    }

    /// <summary>Takes what came of an attempt; once is enough, however often it is told.</summary>
    public void Add(int attempt, JobOutcome outcome)
    {
        lock (_lock)
        {
            if (!_attempts.TryAdd(attempt, outcome) || HasEnded)
            {
                return;
            }

            if (outcome.Reason is null || outcome.IsFinal || Failed.Count() - _forgiven >= JobBoard.MostAttempts || attempt == JobSubject.MostAttempt)
            {
                EndWith(outcome);
            }

            _news.SetResult();
            _news = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
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

                if (Last >= attempt)
                {
                    return null;
                }

                news = _news.Task;
            }

            await news.WaitAsync(cancellation).ConfigureAwait(false);
        }
    }

    private void EndWith(JobOutcome outcome) =>
        _end.SetResult(new JobEnd(outcome, [.. (outcome.IsHandedOver ? Failed.Append(outcome) : Failed).Select(f => $"{Excerpt.Of(f.Worker, LongestName)}: {Excerpt.Of(f.Reason, LongestReason)}")]));
}
