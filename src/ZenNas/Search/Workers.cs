namespace ZenNas.Search;

/// <summary>Runs independent pieces of work on a fixed number of threads.</summary>
public static class Workers
{
    /// <summary>Runs <paramref name="work"/> for 0 … count−1; the first exception ends the rest and is thrown as it was.</summary>
    public static void Run(int count, int threads, Action<int> work, CancellationToken cancellation)
    {
        if (threads == 1 || count == 1)
        {
            for (var i = 0; i < count; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                work(i);
            }

            return;
        }

        try
        {
            Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation }, work);
        }
        catch (AggregateException e)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
        }
    }
}
