namespace ZenNas.Runs.Tests;

public sealed class AtomicFolderTests : IDisposable
{
    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Theory, InlineData("new"), InlineData("new/")]
    public void Should_write_all_files(string name)
    {
        AtomicFolder.WriteNew(Path.Combine(_temp.Path, name), [("a", [1, 2]), ("b", [])]);

        Assert.Equal(["new"], Names(_temp.Path));
        Assert.Equal(["a", "b"], Names(Path.Combine(_temp.Path, "new")));
        Assert.Equal([1, 2], File.ReadAllBytes(Path.Combine(_temp.Path, "new", "a")));
    }

    [Theory, InlineData(true), InlineData(false)]
    public void Should_leave_what_is_there(bool isFolder)
    {
        var path = Path.Combine(_temp.Path, "there");
        if (isFolder)
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            File.WriteAllText(path, "old");
        }

        Assert.Throws<IOException>(() => AtomicFolder.WriteNew(path, [("a", [1])]));

        Assert.Equal(["there"], Names(_temp.Path));
        Assert.Equal(isFolder, Directory.Exists(path));
        Assert.True(isFolder ? Names(path).Length == 0 : File.ReadAllText(path) == "old");
    }

    [Fact]
    public void Should_leave_nothing_where_a_file_can_not_be_written()
    {
        Assert.ThrowsAny<IOException>(() => AtomicFolder.WriteNew(Path.Combine(_temp.Path, "new"), [("a", [1]), ("missing/b", [2])]));

        Assert.Empty(Names(_temp.Path));
    }

    private static string[] Names(string folder) => [.. Directory.GetFileSystemEntries(folder).Select(entry => Path.GetFileName(entry)).Order()];
}
