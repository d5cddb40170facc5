namespace ZenNas.Runs.Tests;

public sealed class AtomicFileTests : IDisposable
{
    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Fact]
    public void Should_write_and_replace_a_text()
    {
        AtomicFile.Write(_temp["a.txt"], "first, longer than the second");
        AtomicFile.Write(_temp["a.txt"], "second ±");

        Assert.Equal("second ±"u8.ToArray(), File.ReadAllBytes(_temp["a.txt"]));
        Assert.Equal([_temp["a.txt"]], Directory.GetFileSystemEntries(_temp.Path));
    }

    [Fact]
    public void Should_write_bytes_as_they_are()
    {
        AtomicFile.Write(_temp["a.bin"], [0xFF, 0, 0x0A]);

        Assert.Equal([0xFF, 0, 0x0A], File.ReadAllBytes(_temp["a.bin"]));
        Assert.Single(Directory.GetFileSystemEntries(_temp.Path));
    }

    [Fact]
    public async Task Should_never_show_a_part()
    {
        string[] texts = [new('a', 300_000), new('b', 500_000)];
        AtomicFile.Write(_temp["a.txt"], texts[0]);
        using var done = new CancellationTokenSource();
        var reads = 0;
        var reader = Task.Run(
            () =>
            {
                while (!done.IsCancellationRequested)
                {
                    Assert.Contains(File.ReadAllText(_temp["a.txt"]), texts);
                    reads++;
                }
            },
            TestContext.Current.CancellationToken);

        for (var i = 0; i < 60; i++)
        {
            AtomicFile.Write(_temp["a.txt"], texts[i % 2]);
        }

        await done.CancelAsync();
        await reader;
        Assert.InRange(reads, 1, int.MaxValue);
    }

    [Fact]
    public void Should_leave_the_old_text_when_the_new_one_cannot_be_written()
    {
        AtomicFile.Write(_temp["a.txt"], "old");
        // Where the temporary file would go, a folder stands.
        Directory.CreateDirectory(_temp["a.txt.tmp"]);

        Assert.ThrowsAny<Exception>(() => AtomicFile.Write(_temp["a.txt"], "new"));

        Assert.Equal("old", File.ReadAllText(_temp["a.txt"]));
    }

    /// <summary>What a crash left behind is no obstacle.</summary>
    [Fact]
    public void Should_replace_a_temporary_file_that_was_left()
    {
        File.WriteAllText(_temp["a.txt.tmp"], new string('x', 1000));

        AtomicFile.Write(_temp["a.txt"], "new");

        Assert.Equal("new", File.ReadAllText(_temp["a.txt"]));
        Assert.Single(Directory.GetFileSystemEntries(_temp.Path));
    }
}
