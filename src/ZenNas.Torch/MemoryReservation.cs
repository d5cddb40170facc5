namespace ZenNas.Torch;

/// <summary>Memory that an evaluation of this process is going to take; who doesn't find enough waits. One evaluation at a time always may.</summary>
internal sealed class MemoryReservation : IDisposable
{
    private static readonly object Gate = new();
    private static long _taken;
    private readonly long _bytes;

    private MemoryReservation(long bytes) => _bytes = bytes;

    /// <summary>Waits until there is so much. Whoever holds some must not ask for more.</summary>
    public static MemoryReservation Take(long bytes)
    {
        lock (Gate)
        {
            while (_taken > 0 && _taken + bytes > MemoryNeed.Limit)
            {
                Monitor.Wait(Gate);
            }

            _taken += bytes;
            return new MemoryReservation(bytes);
        }
    }

    public void Dispose()
    {
        lock (Gate)
        {
            _taken -= _bytes;
            Monitor.PulseAll(Gate);
        }
    }
}
