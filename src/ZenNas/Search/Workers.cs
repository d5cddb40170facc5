using System.Runtime.ExceptionServices;

namespace ZenNas.Search;

/// <summary>Runs independent pieces of work on several threads.</summary>
internal static class Workers
{
    /// <summary>Runs <paramref name="work"/> for 0 … count−1; the first exception ends the rest and is thrown as it was.</summary>
    public static void Run(int count, int threads, Action<int> work)
    {
        if (threads == 1 || count == 1)
        {
            for (var i = 0; i < count; i++)
            {
                work(i);
            }

            return;
        }

        try
        {
            Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = threads }, work);
        }
        catch (AggregateException e)
        {
            ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
        }
    }
}
