using ZenNas.Runs.Reports;
using ZenNas.Search;

namespace ZenNas.Runs;

/// <summary>
/// Notes the population at fixed steps. Which steps depends on the run's options alone, so that a resumed run records what the undisturbed
/// one would have.
/// </summary>
internal sealed class ConvergenceRecorder(long interval, IReadOnlyList<ConvergencePoint> recorded)
{
    /// <summary>Points of a whole run.</summary>
    public const int PointsPerRun = 400;

    private readonly List<ConvergencePoint> _points = [.. recorded];
    private int _saved = recorded.Count;
    private long _next = recorded.Count == 0 ? interval : recorded[^1].Step + interval;

    public IReadOnlyList<ConvergencePoint> Points => _points;

    /// <summary>Records every due step up to <paramref name="step"/>; call it before scores of later steps are told.</summary>
    public void Record(EvolutionarySearch search, long step)
    {
        if (search.Best is not { } best)
        {
            return;
        }

        for (; _next <= step; _next += interval)
        {
            _points.Add(new ConvergencePoint(_next, best.Score, search.Population.Min(c => c.Score)));
        }
    }

    /// <summary>Points that no checkpoint holds yet; from now on they count as saved.</summary>
    public IReadOnlyList<ConvergencePoint> TakeNew()
    {
        var fresh = _points.GetRange(_saved, _points.Count - _saved);
        _saved = _points.Count;
        return fresh;
    }
}
