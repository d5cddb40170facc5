using ZenNas.Scores;

namespace ZenNas.Latency;

/// <summary>Under what conditions a latency was measured.</summary>
/// <param name="Runtime">Name of the runtime.</param>
/// <param name="RuntimeVersion">Its version.</param>
/// <param name="Device">Device of the runtime, for example <c>cpu</c>.</param>
/// <param name="BatchSize">Images in a batch.</param>
/// <param name="Threads">Threads of the runtime.</param>
/// <param name="Precision">Number format of weights and maps.</param>
/// <param name="Waiting">What threads do between two kernels; null where there is one, or the runtime has no choice.</param>
public sealed record LatencyConditions(string Runtime, string RuntimeVersion, string Device, int BatchSize, int Threads, Precision Precision, ThreadWaiting? Waiting)
{
    /// <summary>The conditions as a user reads them.</summary>
    public override string ToString() =>
        $"{Runtime} {RuntimeVersion} on {Device}, batch {BatchSize}, {(Threads == 1 ? "1 thread" : $"{Threads} threads{(Waiting is { } waiting ? $" that {ThreadWaitingNames.Of(waiting)}" : "")}")}, {ScoreSettingNames.Of(Precision)}";
}
