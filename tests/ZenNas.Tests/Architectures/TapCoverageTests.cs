using ZenNas.Architectures;

namespace ZenNas.Tests.Architectures;

public sealed class TapCoverageTests
{
    [Fact]
    public void Should_be_what_enumerating_positions_gives()
    {
        foreach (var kernel in new[] { 1, 3, 5, 7 })
        {
            for (var stride = 1; stride <= Limits.Stride; stride++)
            {
                for (var size = 1; size <= 40; size++)
                {
                    var shares = Shares(kernel, stride, size);
                    var (sum, squares) = TapCoverage.Of(kernel, stride, size);
                    Assert.Equal(shares.Sum(), sum, tolerance: 1e-12);
                    Assert.Equal(shares.Sum(q => q * q), squares, tolerance: 1e-12);
                }
            }
        }
    }

    /// <summary>For each tap, slides the kernel over a padded row and counts where the tap lies on a pixel.</summary>
    private static double[] Shares(int kernel, int stride, int size)
    {
        var padding = (kernel - 1) / 2;
        var padded = new bool[size + 2 * padding];
        Array.Fill(padded, true, padding, size);
        var starts = Enumerable.Range(0, padded.Length - kernel + 1).Where(i => i % stride == 0).ToArray();
        return [.. Enumerable.Range(0, kernel).Select(tap => (double)starts.Count(s => padded[s + tap]) / starts.Length)];
    }
}
