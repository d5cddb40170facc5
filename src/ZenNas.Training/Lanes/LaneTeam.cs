using System.Runtime.ExceptionServices;
using ZenNas.Torch;

namespace ZenNas.Training.Lanes;

/// <summary>
/// Threads that share each batch: every one runs the whole network on its part of the pictures and meets the others where batch normalisation needs
/// all of them. A thread then works in its own memory throughout, and no operation waits for the slowest part of itself.
/// </summary>
internal sealed class LaneTeam : IDisposable
{
    // Half of what an arena apart from the main one holds in a piece.
    private const long LargestMapApart = 32 << 20;

    private readonly Barrier _barrier;
    private readonly CancellationTokenSource _broken = new();
    private Action<int>? _work;
    private Exception? _failure;

    private LaneTeam(int lanes) => _barrier = new Barrier(lanes);

    /// <summary>Number of threads.</summary>
    public int Lanes => _barrier.ParticipantCount;

    /// <summary>A team of the calling thread only.</summary>
    public static LaneTeam Alone() => new(1);

    /// <summary>Runs work on a tensor thread, with others at its disposal.</summary>
    /// <param name="lanes">Threads in all.</param>
    /// <param name="largestMap">Bytes of the largest map that a thread works with; where maps are small, threads allocate apart.</param>
    /// <param name="work">Calls <see cref="Do"/>; its exceptions are thrown as they are.</param>
    public static void Run(int lanes, long largestMap, Action<LaneTeam> work)
    {
        using var team = new LaneTeam(lanes);
        void Take(int lane)
        {
            if (lane == 0)
            {
                team.Lead(work);
            }
            else
            {
                team.Follow(lane);
            }
        }

        TensorThreads.RunTogether(lanes, apart: lanes > 1 && largestMap <= LargestMapApart, Take);
    }

    /// <summary>Runs work on every thread and waits for all. The first exception is thrown as it was; the team can't be used after it.</summary>
    /// <param name="work">Takes the number of the lane.</param>
    public void Do(Action<int> work)
    {
        _work = work;
        _ = TryMeet();
        Guard(0);
        _ = TryMeet();
        if (_failure is not null)
        {
            ExceptionDispatchInfo.Throw(_failure);
        }
    }

    /// <summary>Waits until every lane has come here.</summary>
    /// <exception cref="OperationCanceledException">Another lane has failed.</exception>
    public void Meet() => _barrier.SignalAndWait(_broken.Token);

    public void Dispose()
    {
        _barrier.Dispose();
        _broken.Dispose();
    }

    private void Lead(Action<LaneTeam> work)
    {
        try
        {
            work(this);
        }
        finally
        {
            _work = null;
            _ = TryMeet();
        }
    }

    private void Follow(int lane)
    {
        while (TryMeet() && _work is not null)
        {
            Guard(lane);
            if (!TryMeet())
            {
                return;
            }
        }
    }

    private void Guard(int lane)
    {
        try
        {
            _work!(lane);
        }
        catch (Exception e)
        {
            // The lane that failed first says why; the others were sent home by it.
            Interlocked.CompareExchange(ref _failure, e, null);
            _broken.Cancel();
        }
    }

    private bool TryMeet()
    {
        try
        {
            Meet();
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
