namespace ZenNas.Architectures;

/// <summary>
/// How much of a zero-padded kernel lies inside the feature map. Along one axis, q_t is the share of output positions for which
/// tap t falls inside the map and not on padding; in two dimensions q_{t,t'} = q_t·q_t'.
/// </summary>
internal static class TapCoverage
{
    /// <summary>Σ q_t and Σ q_t² along one axis, for kernel k, stride s, padding (k−1)/2 and map size n.</summary>
    public static (double Sum, double SumOfSquares) Of(int kernel, int stride, int size)
    {
        if (kernel == 1)
        {
            return (1, 1);
        }

        var outSize = (size - 1) / stride + 1;
        var padding = (kernel - 1) / 2;
        double sum = 0, squares = 0;
        for (var tap = 0; tap < kernel; tap++)
        {
            // Output o sees input o·s + tap − padding, which must lie in [0, size).
            var first = Math.Max(0, (padding - tap + stride - 1) / stride);
            var reach = size - 1 - tap + padding;
            var last = reach < 0 ? -1 : Math.Min(outSize - 1, reach / stride);
            var share = (double)Math.Max(0, last - first + 1) / outSize;
            sum += share;
            squares += share * share;
        }

        return (sum, squares);
    }
}
