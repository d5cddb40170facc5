using System.Collections.Concurrent;

namespace ZenNas.Cluster.Working;

/// <summary>
/// A thread that does one job after the other: not one of the pool, which has others to serve, and not one for each job, since making it costs about as
/// much as all else. Ends with what it does when it is disposed of.
/// </summary>
internal sealed class JobThread : TaskScheduler, IDisposable
{
    private readonly BlockingCollection<Task> _tasks = [];

    public JobThread() => new Thread(Serve) { IsBackground = true, Name = "job" }.Start();

    /// <inheritdoc/>
    public override int MaximumConcurrencyLevel => 1;

    /// <summary>Does something there, from which the pool is where further tasks go.</summary>
    public Task<T> Run<T>(Func<T> work) => Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.HideScheduler, this);

    /// <inheritdoc/>
    public void Dispose() => _tasks.CompleteAdding();

    /// <inheritdoc/>
    protected override void QueueTask(Task task) => _tasks.Add(task);

    /// <inheritdoc/>
    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

    /// <inheritdoc/>
    protected override IEnumerable<Task> GetScheduledTasks() => _tasks;

    private void Serve()
    {
        foreach (var task in _tasks.GetConsumingEnumerable())
        {
            TryExecuteTask(task);
        }
    }
}
