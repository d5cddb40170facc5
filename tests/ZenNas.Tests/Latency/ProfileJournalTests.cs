using ZenNas.Latency;

namespace ZenNas.Tests.Latency;

public sealed class ProfileJournalTests : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"journal-{Guid.NewGuid()}");

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void Should_keep_what_was_measured_and_drop_a_line_that_was_cut_off()
    {
        var networks = Enumerable.Range(0, 3).Select(i => SyntheticDevice.Measure(SyntheticDevice.Sampler(1).Random(i), (ulong)i)).ToArray();
        using (var journal = Open())
        {
            Assert.All(networks, journal.Add);
        }

        File.WriteAllBytes(_path, File.ReadAllBytes(_path)[..^100]);
        using (var journal = Open())
        {
            Assert.Equal(networks[..2].Select(n => n.Ms), journal.Networks.Select(n => n.Ms));
            journal.Add(networks[2]);
        }

        using var whole = Open();
        Assert.Equal(networks.SelectMany(n => n.WatchedMs), whole.Networks.SelectMany(n => n.WatchedMs));
        Assert.Equal(networks.SelectMany(n => n.Kernels), whole.Networks.SelectMany(n => n.Kernels));
    }

    [Fact]
    public void Should_refuse_what_was_begun_under_other_conditions()
    {
        Open().Dispose();

        Assert.Throws<InvalidInputException>(() => ProfileJournal.Open(_path, Machine.Current, SyntheticDevice.Conditions with { Threads = 2 }, SyntheticDevice.Scope));
        Assert.Throws<InvalidInputException>(() => ProfileJournal.Open(_path, Machine.Current, SyntheticDevice.Conditions with { Waiting = ThreadWaiting.Spin }, SyntheticDevice.Scope));
        Assert.Throws<InvalidInputException>(() => ProfileJournal.Open(_path, Machine.Current with { Processor = "another" }, SyntheticDevice.Conditions, SyntheticDevice.Scope));
    }

    [Fact]
    public void Should_go_on_after_the_system_was_updated()
    {
        Open().Dispose();

        ProfileJournal.Open(_path, Machine.Current with { System = "another" }, SyntheticDevice.Conditions, SyntheticDevice.Scope).Dispose();
    }

    [Fact]
    public void Should_refuse_a_second_process()
    {
        using var first = Open();

        Assert.Throws<InvalidInputException>(() => Open().Dispose());
    }

    private ProfileJournal Open() => ProfileJournal.Open(_path, Machine.Current, SyntheticDevice.Conditions, SyntheticDevice.Scope);
}
