using ZenNas.Latency;

namespace ZenNas.Tests.Latency;

public sealed class ProfileMeasuringTests
{
    [Fact]
    public void Should_take_the_same_from_every_kernel() => AssertClose([0.1, 0.3, 0.5], ProfileMeasuring.WithoutWatching([0.105, 0.305, 0.505], 0.9));

    [Fact]
    public void Should_leave_something_of_short_kernels() => AssertClose([0.001, 0.299], ProfileMeasuring.WithoutWatching([0.01, 0.5], 0.3));

    [Fact]
    public void Should_raise_all_where_the_whole_is_longer() => AssertClose([0.2, 0.4], ProfileMeasuring.WithoutWatching([0.1, 0.2], 0.6));

    private static void AssertClose(double[] expected, double[] actual) => Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-9));
}
