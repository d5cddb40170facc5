using Microsoft.Data.Sqlite;
using ZenNas.Scores;

namespace ZenNas.Runs.Tests;

/// <summary>A folder that isn't a run's, or whose files were damaged, is refused with one sentence.</summary>
public sealed class DamagedFolderTests : IDisposable
{
    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    private string Run => _temp["run"];

    private string State => Path.Combine(Run, "state.sqlite");

    [Fact]
    public void Should_refuse_a_folder_that_holds_no_run()
    {
        Directory.CreateDirectory(Run);

        Assert.Contains("run.json", Sentence.Of(() => SearchRun.Open(Run)), StringComparison.Ordinal);
        Assert.Contains("run.json", Sentence.Of(() => SearchRun.Open(_temp["nowhere"])), StringComparison.Ordinal);

        // Looking leaves no traces.
        Assert.Empty(Directory.GetFileSystemEntries(Run));
        Assert.False(Path.Exists(_temp["nowhere"]));
    }

    [Fact]
    public void Should_refuse_a_run_without_its_options()
    {
        RunSample.Complete(Run, RunSample.Options(iterations: 100));
        File.Delete(Path.Combine(Run, "run.json"));

        Sentence.Of(() => SearchRun.Open(Run));
    }

    [Fact]
    public void Should_refuse_options_that_are_a_folder()
    {
        Directory.CreateDirectory(Path.Combine(Run, "run.json"));

        Sentence.Of(() => SearchRun.Open(Run));
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(0.5)]
    [InlineData(0.95)]
    public void Should_refuse_a_state_that_was_cut_off(double share)
    {
        RunSample.Complete(Run, RunSample.Options(iterations: 2000));
        var bytes = File.ReadAllBytes(State);
        File.WriteAllBytes(State, bytes[..(int)(share * bytes.Length)]);

        Sentence.Of(Resume);
    }

    [Fact]
    public void Should_refuse_a_state_that_is_no_database()
    {
        RunSample.Complete(Run, RunSample.Options(iterations: 100));
        File.WriteAllBytes(State, [.. Enumerable.Range(0, 10_000).Select(i => (byte)(i * 37 + i / 256))]);

        Sentence.Of(Resume);
    }

    [Fact]
    public void Should_refuse_a_state_that_is_a_folder()
    {
        RunSample.Complete(Run, RunSample.Options(iterations: 100));
        File.Delete(State);
        Directory.CreateDirectory(State);

        Sentence.Of(Resume);
    }

    /// <summary>Someone else's database isn't touched.</summary>
    [Theory]
    [InlineData("CREATE TABLE people (name TEXT); INSERT INTO people VALUES ('Ada')")]
    [InlineData("CREATE TABLE state (name TEXT); INSERT INTO state VALUES ('Ada')")]
    public void Should_refuse_a_database_of_another_program(string schema)
    {
        RunSample.Complete(Run, RunSample.Options(iterations: 100));
        File.Delete(State);
        RunContent.Execute(Run, schema);
        var before = File.ReadAllBytes(State);

        Sentence.Of(Resume);
        SqliteConnection.ClearAllPools();
        Assert.Equal(before, File.ReadAllBytes(State));
    }

    [Theory]
    [InlineData("UPDATE seen SET fingerprints = x'0102'")]
    [InlineData("UPDATE candidate SET architecture = 'x' WHERE position = 3")]
    [InlineData("UPDATE candidate SET architecture = '{}' WHERE position = -1")]
    [InlineData("DELETE FROM candidate")]
    [InlineData("DROP TABLE convergence; CREATE TABLE convergence (x)")]
    public void Should_refuse_a_state_that_was_edited(string statement)
    {
        RunSample.Complete(Run, RunSample.Options(iterations: 500));
        RunContent.Execute(Run, statement);

        Sentence.Of(Resume);
    }

    /// <summary>
    /// A process that was killed while it made the database leaves pages that were written and a journal that takes them back; that is no
    /// damage, the run just hasn't begun.
    /// </summary>
    [Fact]
    public void Should_begin_a_run_that_was_killed_while_its_database_was_made()
    {
        var options = RunSample.Options(iterations: 200);
        using (SearchRun.Create(Run, options))
        {
        }

        File.Delete(State);
        using (var connection = new SqliteConnection($"Data Source={_temp["half.sqlite"]};Pooling=False"))
        {
            connection.Open();
            // A cache of one page makes SQLite write pages before the commit.
            foreach (var statement in new[] { "PRAGMA cache_size = 1", "BEGIN EXCLUSIVE", "CREATE TABLE state (x)", "CREATE TABLE seen (x)", "INSERT INTO state VALUES (randomblob(50000))" })
            {
                using var command = connection.CreateCommand();
                command.CommandText = statement;
                command.ExecuteNonQuery();
            }

            File.Copy(_temp["half.sqlite"], State);
            File.Copy(_temp["half.sqlite-journal"], State + "-journal");
        }

        Assert.InRange(new FileInfo(State).Length, 1, long.MaxValue);
        Resume();
        Assert.Equal("200", RunContent.Rows(Run, "SELECT step FROM state")[0]);
    }

    private void Resume()
    {
        using var run = SearchRun.Open(Run);
        run.Search(new ClosedFormZenScore(), 1, null, CancellationToken.None);
        run.Finish(run.Verify(null));
    }
}
