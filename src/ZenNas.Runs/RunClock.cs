using System.Diagnostics;

namespace ZenNas.Runs;

/// <summary>Seconds that a run took, over all its sessions: in all, and in search steps.</summary>
internal sealed class RunClock
{
    private readonly Stopwatch _elapsed = Stopwatch.StartNew();
    private readonly Stopwatch _search = new();
    private double _elapsedBefore;
    private double _searchBefore;

    public double ElapsedSeconds => _elapsedBefore + _elapsed.Elapsed.TotalSeconds;

    public double SearchSeconds => _searchBefore + _search.Elapsed.TotalSeconds;

    public void Continue(double searchSeconds, double elapsedSeconds) => (_searchBefore, _elapsedBefore) = (searchSeconds, elapsedSeconds);

    public void StartSearch() => _search.Start();

    public void StopSearch() => _search.Stop();
}
