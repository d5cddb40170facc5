using ZenNas.Search;

namespace ZenNas.Bench.Cluster;

/// <summary>
/// A discrete-event model of one search on many workers. Coordinator and server each do one thing after the other, in the order in which it
/// comes: the coordinator publishes a job and takes in its result, with half of its cost each; the server stores the job, gives it out and stores
/// the result, with a third each, and a third for each sign of life of a job that takes long. A worker of one slot takes the longest waiting job, and asks for
/// the next one while the result is stored. The next batch begins when the last job of one has ended.
/// </summary>
/// <param name="times">What a job costs besides the work.</param>
/// <param name="workers">Workers.</param>
/// <param name="ahead">Jobs in a batch.</param>
/// <param name="jobMs">Milliseconds of the work of a job of that number.</param>
internal sealed class ClusterModel(ClusterTimes times, int workers, int ahead, Func<int, double> jobMs)
{
    /// <summary>Milliseconds between two signs of life.</summary>
    public const double ProgressMs = 10_000.0 / 3;

    private const ulong Seed = 7;
    private readonly PriorityQueue<Event, (double Time, int Order)> _events = new();
    private readonly Queue<int> _waiting = new();
    private readonly Dictionary<int, double> _ends = [];
    private readonly Station _coordinator = new();
    private readonly Station _server = new();
    private double _now;
    private double _worked;
    private double _occupied;
    private int _busy;
    private int _order;

    private enum Kind
    {
        Published,
        Stored,
        GivenOut,
        Progress,
        Worked,
        ResultStored,
        Ended,
    }

    /// <summary>Work that varies evenly by half of its mean to either side.</summary>
    public static Func<int, double> Varying(double meanMs) => job => meanMs * (0.5 + new StepRandom(Seed, (ulong)job).NextUniform());

    /// <summary>Simulates a number of batches.</summary>
    public SimulatedLoad Run(int batches)
    {
        for (var batch = 0; batch < batches; batch++)
        {
            for (var job = batch * ahead; job < (batch + 1) * ahead; job++)
            {
                At(_coordinator.Serve(_now, times.CoordinatorMs / 2), Kind.Published, job);
            }

            for (var ended = 0; ended < ahead;)
            {
                _events.TryDequeue(out var next, out var when);
                _now = when.Time;
                ended += Happen(next) ? 1 : 0;
            }
        }

        var jobs = batches * ahead;
        return new SimulatedLoad(1000 * jobs / _now, _coordinator.BusyMs / _now, _server.BusyMs / _now, _worked / _now / workers, _occupied / _now / workers);
    }

    /// <returns>Whether a job ended.</returns>
    private bool Happen(Event next)
    {
        switch (next.Kind)
        {
            case Kind.Published:
                At(_server.Serve(_now, times.ServerMs / 3), Kind.Stored, next.Job);
                break;
            case Kind.Stored:
                _waiting.Enqueue(next.Job);
                GiveOut();
                break;
            case Kind.GivenOut:
                var work = jobMs(next.Job);
                _worked += work;
                _ends[next.Job] = _now + times.WorkerMs + work;
                At(_ends[next.Job], Kind.Worked, next.Job);
                TellProgress(next.Job);
                break;
            case Kind.Progress:
                _server.Serve(_now, times.ServerMs / 3);
                TellProgress(next.Job);
                break;
            case Kind.Worked:
                _ends.Remove(next.Job);
                _busy--;
                _occupied += _now;
                At(_server.Serve(_now, times.ServerMs / 3), Kind.ResultStored, next.Job);
                GiveOut();
                break;
            case Kind.ResultStored:
                At(_coordinator.Serve(_now, times.CoordinatorMs / 2), Kind.Ended, next.Job);
                break;
            default:
                return true;
        }

        return false;
    }

    private void TellProgress(int job)
    {
        if (_now + ProgressMs < _ends[job])
        {
            At(_now + ProgressMs, Kind.Progress, job);
        }
    }

    private void GiveOut()
    {
        if (_busy < workers && _waiting.TryDequeue(out var job))
        {
            _busy++;
            _occupied -= _now;
            At(_server.Serve(_now, times.ServerMs / 3), Kind.GivenOut, job);
        }
    }

    private void At(double time, Kind kind, int job) => _events.Enqueue(new Event(kind, job), (time, _order++));

    private readonly record struct Event(Kind Kind, int Job);

    /// <summary>Does one thing after the other.</summary>
    private sealed class Station
    {
        private double _freeAt;

        public double BusyMs { get; private set; }

        /// <summary>When a piece of work that comes now will be done.</summary>
        public double Serve(double now, double ms)
        {
            _freeAt = Math.Max(now, _freeAt) + ms;
            BusyMs += ms;
            return _freeAt;
        }
    }
}
