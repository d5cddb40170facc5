using System.Collections.Concurrent;

namespace ZenNas.Torch.Tests;

public sealed class TensorThreadsTests
{
    [Theory]
    [InlineData(0, 2)]
    [InlineData(1, 1)]
    [InlineData(7, 1)]
    [InlineData(7, 3)]
    [InlineData(3, 8)]
    [InlineData(1000, 4)]
    public void Should_do_every_piece_once(int count, int threads)
    {
        var done = new ConcurrentBag<int>();

        TensorThreads.Run(count, threads, done.Add, CancellationToken.None);

        Assert.Equal(Enumerable.Range(0, count), done.Order());
    }

    [Fact]
    public void Should_do_as_many_at_a_time_as_it_is_told()
    {
        using var together = new Barrier(3);

        // Ends only when three pieces are under way at once.
        TensorThreads.Run(3, 3, _ => Assert.True(together.SignalAndWait(TimeSpan.FromSeconds(20), CancellationToken.None)), CancellationToken.None);

        var (running, most) = (0, 0);
        TensorThreads.Run(
            20, 2,
            _ =>
            {
                most = Math.Max(most, Interlocked.Increment(ref running));
                Thread.Sleep(1);
                Interlocked.Decrement(ref running);
            },
            CancellationToken.None);
        Assert.InRange(most, 1, 2);
    }

    [Theory, InlineData(1), InlineData(3)]
    public void Should_throw_what_was_thrown_and_go_on_to_serve(int threads)
    {
        var done = 0;

        var thrown = Assert.Throws<InvalidInputException>(() => TensorThreads.Run(
            10_000, threads,
            i =>
            {
                Interlocked.Increment(ref done);
                if (i == 5)
                {
                    throw new InvalidInputException("the fifth piece is bad");
                }

                Thread.Sleep(1);
            },
            CancellationToken.None));

        Assert.Equal("the fifth piece is bad", thrown.Message);
        Assert.InRange(done, 6, 1000);
        Should_do_every_piece_once(50, threads);
    }

    [Fact]
    public void Should_end_when_cancelled()
    {
        using var cancellation = new CancellationTokenSource();
        var done = 0;

        Assert.ThrowsAny<OperationCanceledException>(() => TensorThreads.Run(
            10_000, 2,
            i =>
            {
                Interlocked.Increment(ref done);
                if (i == 5)
                {
                    cancellation.Cancel();
                }

                Thread.Sleep(1);
            },
            cancellation.Token));

        Assert.InRange(done, 6, 1000);
    }

    [Fact]
    public async Task Should_serve_several_callers()
    {
        var token = TestContext.Current.CancellationToken;

        var sums = await Task.WhenAll(Enumerable.Range(0, 8).Select(caller => Task.Run(
            () =>
            {
                var sum = 0;
                TensorThreads.Run(100, 2, i => Interlocked.Add(ref sum, i + caller), CancellationToken.None);
                return sum;
            },
            token)));

        Assert.Equal(Enumerable.Range(0, 8).Select(caller => 4950 + 100 * caller), sums);
    }
}
