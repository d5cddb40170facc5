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
    // Arenas are handed out in turn, and there are at most eight for each core.
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

    /// <summary>Runs <paramref name="work"/> for 0 … count−1 all at once, each on a thread of its own with an arena of its own; the first exception is thrown as it was.</summary>
    /// <param name="count">Pieces of work, which may wait for each other.</param>
    /// <param name="work">A piece; has to end where another one fails.</param>
    public static void RunApart(int count, Action<int> work)
    {
        TorchRuntime.Initialize();
        var (heaps, next) = (new HashSet<nint>(), 0);
        Exception? failure = null;
        using var decided = new CountdownEvent(1);
        using var all = new ManualResetEventSlim();
        var threads = new List<Thread>();
        for (var attempt = 1; next < count; attempt++)
        {
            decided.Reset();
            var mayReject = attempt < MostAttempts;
            var thread = new Thread(() =>
            {
                var piece = heaps.Add(AllocatorTuning.Heap()) || !mayReject ? next++ : -1;
                decided.Signal();
                all.Wait();
                if (piece < 0)
                {
                    return;
                }

                UseOneThread();
                try
                {
                    work(piece);
                }
                catch (Exception e)
                {
                    Interlocked.CompareExchange(ref failure, e, null);
                }
            })
            { IsBackground = true, Name = "ZenNas tensors apart" };
            thread.Start();
            decided.Wait();
            threads.Add(thread);
        }

        all.Set();
        threads.ForEach(thread => thread.Join());
        if (failure is not null)
        {
            ExceptionDispatchInfo.Throw(failure);
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
}
