using System.Runtime.ExceptionServices;

namespace ZenNas.Data.Loading;

/// <summary>Fills items on worker threads ahead of their use, and hands them out in order.</summary>
internal sealed class OrderedPrefetch<T> : IDisposable
    where T : class
{
    private readonly int _count;
    private readonly object _gate = new();
    private readonly Stack<T> _free = new();
    private readonly Result[] _results;
    private readonly CancellationToken _cancellation;
    private readonly CancellationTokenSource _stop;
    private readonly CancellationTokenRegistration _wake;
    private readonly Thread[] _threads;
    private int _next;

    private OrderedPrefetch(int count, int ahead, int workers, Func<T> createItem, Func<Fill> createWorker, CancellationToken cancellation)
    {
        (_count, _cancellation) = (count, cancellation);
        // One more than are ahead: the one in use.
        _results = new Result[ahead + 1];
        for (var i = 0; i < Math.Min(_results.Length, count); i++)
        {
            _free.Push(createItem());
        }

        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        _wake = _stop.Token.Register(WakeAll);
        _threads = new Thread[Math.Min(workers, count)];
        for (var i = 0; i < _threads.Length; i++)
        {
            var fill = createWorker();
            _threads[i] = new Thread(() => Work(fill)) { IsBackground = true, Name = $"batch loader {i}" };
            _threads[i].Start();
        }
    }

    /// <summary>Fills an item of a number.</summary>
    public delegate void Fill(int number, T item, CancellationToken cancellation);

    /// <summary>
    /// Enumerates filled items. What a worker throws is thrown in place of the item it was to fill. Workers end with the enumeration, however
    /// that ends.
    /// </summary>
    /// <param name="count">Number of items.</param>
    /// <param name="ahead">Items filled, or being filled, beside the one in use.</param>
    /// <param name="workers">Number of threads.</param>
    /// <param name="createItem">Makes an empty item; items are filled again once the next one was asked for.</param>
    /// <param name="createWorker">Makes what fills items on one thread.</param>
    /// <param name="cancellation">Ends the enumeration.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static IEnumerable<T> Run(int count, int ahead, int workers, Func<T> createItem, Func<Fill> createWorker, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        using var prefetch = new OrderedPrefetch<T>(count, ahead, workers, createItem, createWorker, cancellation);
        for (var number = 0; number < count; number++)
        {
            var item = prefetch.Take(number);
            yield return item;
            cancellation.ThrowIfCancellationRequested();
            prefetch.GiveBack(item);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stop.Cancel();
        foreach (var thread in _threads)
        {
            thread.Join();
        }

        _wake.Dispose();
        _stop.Dispose();
    }

    private T Take(int number)
    {
        lock (_gate)
        {
            ref var result = ref _results[number % _results.Length];
            while (!result.IsThere)
            {
                _cancellation.ThrowIfCancellationRequested();
                Monitor.Wait(_gate);
            }

            var (item, failure) = (result.Item, result.Failure);
            result = default;
            failure?.Throw();
            return item!;
        }
    }

    private void GiveBack(T item)
    {
        lock (_gate)
        {
            _free.Push(item);
            Monitor.PulseAll(_gate);
        }
    }

    private void Work(Fill fill)
    {
        while (TryBegin(out var number, out var item))
        {
            var result = new Result { Item = item };
            try
            {
                fill(number, item, _stop.Token);
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                result = new Result { Failure = ExceptionDispatchInfo.Capture(e) };
            }

            lock (_gate)
            {
                _results[number % _results.Length] = result;
                Monitor.PulseAll(_gate);
            }
        }
    }

    /// <summary>
    /// Waits for a free item. Numbers are given out together with items, so that the next number to be used always has one and work can't
    /// get stuck with all items filled for later.
    /// </summary>
    private bool TryBegin(out int number, out T item)
    {
        lock (_gate)
        {
            while (_free.Count == 0 && _next < _count && !_stop.IsCancellationRequested)
            {
                Monitor.Wait(_gate);
            }

            var isThere = _next < _count && !_stop.IsCancellationRequested;
            number = isThere ? _next++ : -1;
            item = isThere ? _free.Pop() : null!;
            return isThere;
        }
    }

    private void WakeAll()
    {
        lock (_gate)
        {
            Monitor.PulseAll(_gate);
        }
    }

    private readonly struct Result
    {
        public T? Item { get; init; }

        public ExceptionDispatchInfo? Failure { get; init; }

        public bool IsThere => Item is not null || Failure is not null;
    }
}
