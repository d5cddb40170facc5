using ZenNas.Data.Loading;

namespace ZenNas.Data.Tests.Loading;

public sealed class OrderedPrefetchTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 4)]
    [InlineData(500, 1)]
    [InlineData(500, 4)]
    public void Should_hand_out_items_in_order(int count, int workers)
    {
        var numbers = Run(count, ahead: 3, workers, (number, item, _) => item.Number = number).Select(item => item.Number).ToArray();
        Assert.Equal(Enumerable.Range(0, count), numbers);
    }

    [Fact]
    public void Should_work_ahead_no_further_than_asked()
    {
        var begun = 0;
        using var enumerator = Run(100, ahead: 3, workers: 8, (_, _, _) => Interlocked.Increment(ref begun)).GetEnumerator();
        Assert.True(enumerator.MoveNext());
        Assert.True(SpinWait.SpinUntil(() => Volatile.Read(ref begun) == 4, TimeSpan.FromSeconds(30)));
        Thread.Sleep(50);
        Assert.Equal(4, begun);
    }

    [Fact]
    public void Should_throw_what_a_worker_throws_in_place_of_its_item()
    {
        var seen = new List<int>();
        Assert.Throws<TimeZoneNotFoundException>(() =>
        {
            foreach (var item in Run(100, ahead: 8, workers: 4, Fill))
            {
                seen.Add(item.Number);
            }
        });
        Assert.Equal(Enumerable.Range(0, 42), seen);

        static void Fill(int number, Item item, CancellationToken stop) =>
            item.Number = number < 42 ? number : throw new TimeZoneNotFoundException();
    }

    [Fact]
    public void Should_end_its_threads_when_the_enumeration_is_left()
    {
        var running = 0;
        foreach (var item in Run(1_000_000, ahead: 4, workers: 4, Fill))
        {
            if (item.Number == 20)
            {
                break;
            }
        }

        var after = Volatile.Read(ref running);
        Thread.Sleep(50);
        Assert.Equal((0, 0), (after, Volatile.Read(ref running)));

        void Fill(int number, Item item, CancellationToken stop)
        {
            Interlocked.Increment(ref running);
            item.Number = number;
            Thread.Sleep(1);
            Interlocked.Decrement(ref running);
        }
    }

    [Fact]
    public void Should_stop_waiting_when_cancelled()
    {
        using var source = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var items = OrderedPrefetch<Item>.Run(10, 2, 2, () => new Item(), () => Fill, source.Token);
        var e = Assert.Throws<OperationCanceledException>(() =>
        {
            foreach (var item in items)
            {
                Assert.Equal(0, item.Number);
                source.CancelAfter(20);
            }
        });
        Assert.Equal(source.Token, e.CancellationToken);

        static void Fill(int number, Item item, CancellationToken stop)
        {
            item.Number = number;
            if (number > 0)
            {
                stop.WaitHandle.WaitOne();
                stop.ThrowIfCancellationRequested();
            }
        }
    }

    [Fact]
    public void Should_use_few_items_again()
    {
        var items = new HashSet<Item>();
        foreach (var item in Run(200, ahead: 3, workers: 2, (number, item, _) => item.Number = number))
        {
            items.Add(item);
        }

        Assert.InRange(items.Count, 1, 4);
    }

    private static IEnumerable<Item> Run(int count, int ahead, int workers, OrderedPrefetch<Item>.Fill fill) =>
        OrderedPrefetch<Item>.Run(count, ahead, workers, () => new Item(), () => fill, Cancellation);

    private sealed class Item
    {
        public int Number { get; set; }
    }
}
