using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;

namespace ZenNas.Torch;

/// <summary>
/// Threads that work with tensors: they live as long as the process and allocate from glibc's main arena, where large blocks stay with the
/// process. A thread of the pool gets whichever arena is free, and every tensor above 64 MiB then costs page faults. Work of many small allocations is better
/// off in arenas apart, where threads don't wait for each other.
/// </summary>
internal static class TensorThreads
{
    // Arenas are handed out in turn; there are far fewer.
    private const int MostAttempts = 256;

    private static readonly BlockingCollection<Action> Queue = [];
    private static readonly Lock Growing = new();
    private static int _count;

    /// <summary>
    /// Runs <paramref name="work"/> for 0 … count−1; the first exception ends the rest and is thrown as it was. Don't call it from within
    /// a piece of work: that would wait for itself.
    /// </summary>
    /// <param name="count">Pieces of work.</param>
    /// <param name="threads">Pieces at the same time.</param>
    /// <param name="work">A piece; knows only its number.</param>
    /// <param name="cancellation">Ends the work between two pieces.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static void Run(int count, int threads, Action<int> work, CancellationToken cancellation)
    {
        var workers = Math.Min(count, threads);
        Grow(workers);
        using var finished = new CountdownEvent(Math.Max(1, workers));
        if (workers == 0)
        {
            return;
        }

        var next = -1;
        Exception? failure = null;
        for (var i = 0; i < workers; i++)
        {
            Queue.Add(
                () =>
                {
                    try
                    {
                        for (var piece = Interlocked.Increment(ref next); piece < count && failure is null; piece = Interlocked.Increment(ref next))
                        {
                            cancellation.ThrowIfCancellationRequested();
                            work(piece);
                        }
                    }
                    catch (Exception e)
                    {
                        Interlocked.CompareExchange(ref failure, e, null);
                    }
                    finally
                    {
                        finished.Signal();
                    }
                },
                CancellationToken.None);
        }

        finished.Wait(CancellationToken.None);
        if (failure is not null)
        {
            ExceptionDispatchInfo.Throw(failure);
        }
    }

    /// <summary>Runs <paramref name="work"/> for 0 … count−1 all at once, each on a thread of its own; the first exception is thrown as it was.</summary>
    /// <param name="count">Pieces of work, which may wait for each other.</param>
    /// <param name="apart">Whether each thread gets an arena of its own; otherwise all share the main one.</param>
    /// <param name="work">A piece; has to end where another one fails.</param>
    public static void RunTogether(int count, bool apart, Action<int> work)
    {
        TorchRuntime.Initialize();
        using var team = new Team(work);
        var heaps = new HashSet<nint>();
        try
        {
            for (var attempt = 1; team.Count < count; attempt++)
            {
                var mayReject = attempt < MostAttempts;
                team.Start(heap => !mayReject || (apart ? heaps.Add(heap) : heap == 0));
            }
        }
        catch
        {
            team.Go(isComplete: false);
            throw;
        }

        team.Go(isComplete: true);
        if (team.Failure is not null)
        {
            ExceptionDispatchInfo.Throw(team.Failure);
        }
    }

    /// <summary>OpenMP keeps the number for every thread by itself: oneDNN would start a team for each of ours.</summary>
    private static void UseOneThread() => TorchSharp.torch.set_num_threads(1);

    private static void Grow(int threads)
    {
        lock (Growing)
        {
            TorchRuntime.Initialize();
            for (; _count < threads; _count++)
            {
                StartOne(isFirst: _count == 0);
            }
        }
    }

    /// <summary>
    /// Starts threads until one is on the main arena; the others stay until then, so that their arenas aren't handed out again.
    /// </summary>
    private static void StartOne(bool isFirst)
    {
        using var found = new ManualResetEventSlim();
        var rejected = new List<Thread>();
        for (var attempt = 1; !found.IsSet; attempt++)
        {
            using var decided = new ManualResetEventSlim();
            var mayReject = attempt < MostAttempts;
            var thread = new Thread(() => Serve(found, decided, mayReject, isFirst)) { IsBackground = true, Name = "ZenNas tensors" };
            thread.Start();
            decided.Wait();
            rejected.Add(thread);
        }

        rejected.RemoveAt(rejected.Count - 1);
        rejected.ForEach(thread => thread.Join());
    }

    private static void Serve(ManualResetEventSlim found, ManualResetEventSlim decided, bool mayReject, bool isFirst)
    {
        if (mayReject && !AllocatorTuning.IsOnMainArena())
        {
            decided.Set();
            found.Wait();
            return;
        }

        if (isFirst)
        {
            AllocatorTuning.ReserveHugePages();
        }

        UseOneThread();
        found.Set();
        decided.Set();
        foreach (var work in Queue.GetConsumingEnumerable())
        {
            work();
        }
    }

    /// <summary>Threads that begin together. Those that were rejected stay until then, so that their arenas aren't handed out again.</summary>
    private sealed class Team(Action<int> work) : IDisposable
    {
        private readonly ManualResetEventSlim _go = new();
        private readonly List<Thread> _threads = [];
        private bool _isComplete;
        private Exception? _failure;

        public int Count { get; private set; }

        public Exception? Failure => _failure;

        /// <summary>Starts a thread, which takes the next piece where its heap is accepted.</summary>
        public void Start(Func<nint, bool> accepts)
        {
            using var decided = new ManualResetEventSlim();
            var thread = new Thread(() =>
            {
                var piece = accepts(AllocatorTuning.Heap()) ? Count++ : -1;
                decided.Set();
                _go.Wait();
                if (piece >= 0 && _isComplete)
                {
                    Work(piece);
                }
            })
            { IsBackground = true, Name = "ZenNas tensors" };
            thread.Start();
            decided.Wait();
            _threads.Add(thread);
        }

        /// <summary>Lets the threads begin, or go home where they aren't complete, and waits for their end.</summary>
        public void Go(bool isComplete)
        {
            _isComplete = isComplete;
            _go.Set();
            _threads.ForEach(thread => thread.Join());
        }

        public void Dispose() => _go.Dispose();

        private void Work(int piece)
        {
            UseOneThread();
            try
            {
                work(piece);
            }
            catch (Exception e)
            {
                Interlocked.CompareExchange(ref _failure, e, null);
            }
        }
    }
}
