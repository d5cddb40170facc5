namespace ZenNas.Training;

/// <summary>Consecutive pictures of a batch.</summary>
/// <param name="First">The first.</param>
/// <param name="Count">How many.</param>
internal readonly record struct Share(int First, int Count)
{
    /// <summary>The share of one of several lanes; shares differ by at most one picture.</summary>
    public static Share Of(int pictures, int lane, int lanes)
    {
        var first = (int)((long)pictures * lane / lanes);
        return new Share(first, (int)((long)pictures * (lane + 1) / lanes) - first);
    }
}
