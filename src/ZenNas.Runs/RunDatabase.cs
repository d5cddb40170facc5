using System.Buffers.Binary;
using System.Collections.Immutable;
using Microsoft.Data.Sqlite;
using ZenNas.Architectures;
using ZenNas.Complexity;
using ZenNas.Runs.Reports;
using ZenNas.Scores;
using ZenNas.Search;

namespace ZenNas.Runs;

/// <summary>
/// State and history of a run in SQLite. A checkpoint is one transaction, so a killed process leaves the checkpoint before it.
/// The file is held exclusively: a second process on the same run is refused.
/// </summary>
internal sealed class RunDatabase : IDisposable
{
    public const string FileName = "state.sqlite";

    private const int Best = -1;
    private const int FingerprintBytes = 16;
    private const int BusyError = 5;
    private const int LockedError = 6;
    private const long ApplicationId = 0x5A4E4153;
    private const string Schema = """
        CREATE TABLE state (id INTEGER PRIMARY KEY CHECK (id = 1), step INTEGER NOT NULL, scored INTEGER NOT NULL,
            over_budget INTEGER NOT NULL, duplicates INTEGER NOT NULL, failed INTEGER NOT NULL,
            search_seconds REAL NOT NULL, elapsed_seconds REAL NOT NULL);
        CREATE TABLE candidate (position INTEGER PRIMARY KEY, architecture TEXT NOT NULL, score REAL NOT NULL, step INTEGER NOT NULL);
        CREATE TABLE seen (checkpoint INTEGER PRIMARY KEY, fingerprints BLOB NOT NULL);
        CREATE TABLE convergence (step INTEGER PRIMARY KEY, best REAL NOT NULL, worst REAL NOT NULL);
        CREATE TABLE measured (architecture TEXT PRIMARY KEY, mean REAL, standard_deviation REAL, repeats INTEGER NOT NULL);
        """;

    // Apart from the rest, since runs of the first version don't have it.
    private const string FailureSchema =
        "CREATE TABLE IF NOT EXISTS failure (position INTEGER PRIMARY KEY, step INTEGER NOT NULL, architecture TEXT NOT NULL, reason TEXT NOT NULL, detail TEXT)";

    private const string LatencySchema = "CREATE TABLE IF NOT EXISTS latency (architecture TEXT PRIMARY KEY, sorted_ms BLOB NOT NULL)";

    private readonly SqliteConnection _connection;
    private readonly string _path;

    private RunDatabase(SqliteConnection connection, string path) => (_connection, _path) = (connection, path);

    /// <exception cref="InvalidInputException">Another process holds the run, or the file isn't a run's database or is damaged.</exception>
    public static RunDatabase Open(string folder)
    {
        var path = Path.Combine(folder, FileName);
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, DefaultTimeout = 1 }.ToString());
        var database = new RunDatabase(connection, path);
        try
        {
            database.Guarded(database.Begin);
            return database;
        }
        catch (InvalidInputException)
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Takes the lock, which is kept until the end, then creates the tables or checks that they are a run's.</summary>
    private void Begin()
    {
        _connection.Open();
        Execute("PRAGMA locking_mode = EXCLUSIVE");
        Execute("PRAGMA synchronous = FULL");
        Execute("BEGIN EXCLUSIVE");
        // No tables: a new file, or one whose creation was interrupted.
        if (Scalar("SELECT count(*) FROM sqlite_master") is 0L)
        {
            Execute(Schema);
            Execute($"PRAGMA application_id = {ApplicationId}");
        }
        else if (Scalar("PRAGMA application_id") is not ApplicationId || Scalar("PRAGMA quick_check(1)") is not "ok")
        {
            throw Damaged("it isn't a run's, or was cut off");
        }

        Execute(FailureSchema);
        Execute(LatencySchema);
        Execute("COMMIT");
    }

    public void Dispose() => _connection.Dispose();

    /// <summary>Saves a search between two proposals; only what is new of fingerprints, convergence and failures is appended.</summary>
    /// <exception cref="IOException">The file can't be written, for example because the disk is full; the checkpoint before it is kept.</exception>
    public void Save(EvolutionarySearch search, RunClock clock, CheckpointNews news) => Written(() => SaveAtOnce(search, clock, news));

    private void Written(Action write)
    {
        try
        {
            write();
        }
        catch (SqliteException e)
        {
            throw new IOException($"'{_path}' can't be written: {e.Message}", e);
        }
    }

    private void SaveAtOnce(EvolutionarySearch search, RunClock clock, CheckpointNews news)
    {
        using var transaction = _connection.BeginTransaction();
        var counts = search.Counts;
        Execute(
            "INSERT OR REPLACE INTO state VALUES (1, $0, $1, $2, $3, $4, $5, $6)",
            search.Step, counts.Scored, counts.OverBudget, counts.Duplicates, counts.Failed, clock.SearchSeconds, clock.ElapsedSeconds);
        Execute("DELETE FROM candidate");
        var position = 0;
        foreach (var candidate in search.Population)
        {
            SaveCandidate(position++, candidate);
        }

        if (search.Best is { } best)
        {
            SaveCandidate(Best, best);
        }

        SaveSeen(news.Fingerprints);
        foreach (var point in news.Convergence)
        {
            Execute("INSERT INTO convergence VALUES ($0, $1, $2)", point.Step, point.Best, point.Worst);
        }

        foreach (var (step, architecture, failure) in news.Failures)
        {
            Execute(
                "INSERT INTO failure (step, architecture, reason, detail) VALUES ($0, $1, $2, $3)",
                step, ArchitectureJson.Write(architecture), failure.Reason, (object?)failure.Detail ?? DBNull.Value);
        }

        transaction.Commit();
    }

    /// <summary>Restores what <see cref="Save"/> saved last, or starts afresh.</summary>
    /// <exception cref="InvalidInputException">The file is damaged.</exception>
    public EvolutionarySearch LoadSearch(SearchSettings settings, RunClock clock) => Guarded(() =>
    {
        using var state = Query("SELECT step, scored, over_budget, duplicates, failed, search_seconds, elapsed_seconds FROM state");
        if (!state.Read())
        {
            return new EvolutionarySearch(settings);
        }

        clock.Continue(state.GetDouble(5), state.GetDouble(6));
        var counts = new StepCounts(state.GetInt64(1), state.GetInt64(2), state.GetInt64(3), state.GetInt64(4));
        var candidates = LoadCandidates();
        var seen = LoadSeen();
        var best = candidates.FirstOrDefault(c => c.Position == Best).Candidate;
        var population = candidates.Where(c => c.Position != Best).Select(c => c.Candidate).ToList();
        if (seen.Count != counts.Scored + counts.Failed || population.Count != Math.Min(counts.Scored, settings.PopulationSize) || best is null != (counts.Scored == 0))
        {
            throw Damaged("its parts don't fit together");
        }

        return EvolutionarySearch.Restore(settings, state.GetInt64(0), population, seen, counts, best);
    });

    /// <exception cref="InvalidInputException">The file is damaged.</exception>
    public List<ConvergencePoint> LoadConvergence() => Guarded(() =>
    {
        using var rows = Query("SELECT step, best, worst FROM convergence ORDER BY step");
        var points = new List<ConvergencePoint>();
        while (rows.Read())
        {
            points.Add(new ConvergencePoint(rows.GetInt64(0), rows.GetDouble(1), rows.GetDouble(2)));
        }

        return points;
    });

    /// <summary>Failures by reason, the most frequent first, each with its first network.</summary>
    /// <exception cref="InvalidInputException">The file is damaged.</exception>
    public List<FailureCount> LoadFailures() => Guarded(() =>
    {
        // SQLite takes the other columns from the row of the minimum.
        using var rows = Query("SELECT reason, count(*), min(step), architecture, detail FROM failure GROUP BY reason ORDER BY count(*) DESC, reason");
        var failures = new List<FailureCount>();
        while (rows.Read())
        {
            failures.Add(new FailureCount(
                rows.GetString(0), rows.GetInt64(1),
                new FailedNetwork(
                    rows.GetInt64(2), ArchitectureJson.Parse(rows.GetString(3)),
                    new ScoreFailure(rows.GetString(0), rows.IsDBNull(4) ? null : rows.GetString(4)))));
        }

        return failures;
    });

    /// <exception cref="IOException">The file can't be written.</exception>
    public void SaveMeasured(Architecture architecture, ScoreValue value) => Written(() => Execute(
        "INSERT OR REPLACE INTO measured VALUES ($0, $1, $2, $3)",
        ArchitectureJson.Write(architecture), OrNull(value.Mean), OrNull(value.StandardDeviation), value.Repeats));

    /// <exception cref="InvalidInputException">The file is damaged.</exception>
    public ScoreValue? LoadMeasured(Architecture architecture) => Guarded<ScoreValue?>(() =>
    {
        using var rows = Query("SELECT mean, standard_deviation, repeats FROM measured WHERE architecture = $0", ArchitectureJson.Write(architecture));
        return rows.Read() ? new ScoreValue(OrNaN(rows, 0), OrNaN(rows, 1), rows.GetInt32(2)) : null;
    });

    /// <exception cref="IOException">The file can't be written.</exception>
    public void SaveLatency(Architecture architecture, ImmutableArray<double> sortedMs) => Written(() => Execute(
        "INSERT OR REPLACE INTO latency VALUES ($0, $1)", ArchitectureJson.Write(architecture), ToBytes(sortedMs)));

    /// <exception cref="InvalidInputException">The file is damaged.</exception>
    public ImmutableArray<double>? LoadLatency(Architecture architecture) => Guarded<ImmutableArray<double>?>(() =>
    {
        using var rows = Query("SELECT sorted_ms FROM latency WHERE architecture = $0", ArchitectureJson.Write(architecture));
        return rows.Read() ? ToNumbers(rows.GetFieldValue<byte[]>(0)) : null;
    });

    private static byte[] ToBytes(ImmutableArray<double> numbers)
    {
        var bytes = new byte[numbers.Length * sizeof(double)];
        for (var i = 0; i < numbers.Length; i++)
        {
            BinaryPrimitives.WriteDoubleLittleEndian(bytes.AsSpan(i * sizeof(double)), numbers[i]);
        }

        return bytes;
    }

    private static ImmutableArray<double> ToNumbers(byte[] bytes) => bytes.Length > 0 && bytes.Length % sizeof(double) == 0
        ? [.. Enumerable.Range(0, bytes.Length / sizeof(double)).Select(i => BinaryPrimitives.ReadDoubleLittleEndian(bytes.AsSpan(i * sizeof(double))))]
        : throw new InvalidCastException($"a latency has {bytes.Length} bytes");

    private void SaveCandidate(int position, Candidate candidate) => Execute(
        "INSERT INTO candidate VALUES ($0, $1, $2, $3)",
        position, ArchitectureJson.Write(candidate.Architecture), candidate.Score, candidate.Step);

    private List<(int Position, Candidate Candidate)> LoadCandidates()
    {
        using var rows = Query("SELECT position, architecture, score, step FROM candidate ORDER BY position");
        var candidates = new List<(int, Candidate)>();
        while (rows.Read())
        {
            var architecture = ArchitectureJson.Parse(rows.GetString(1));
            var cost = NetworkCost.Of(Network.Lower(architecture));
            candidates.Add((rows.GetInt32(0), new Candidate(architecture, rows.GetDouble(2), cost, rows.GetInt64(3))));
        }

        return candidates;
    }

    private List<UInt128> LoadSeen()
    {
        using var rows = Query("SELECT fingerprints FROM seen");
        var seen = new List<UInt128>();
        while (rows.Read())
        {
            var bytes = rows.GetFieldValue<byte[]>(0);
            if (bytes.Length % FingerprintBytes != 0)
            {
                throw Damaged("a list of fingerprints is cut off");
            }

            for (var at = 0; at < bytes.Length; at += FingerprintBytes)
            {
                seen.Add(BinaryPrimitives.ReadUInt128BigEndian(bytes.AsSpan(at)));
            }
        }

        return seen;
    }

    private void SaveSeen(IReadOnlyList<UInt128> fingerprints)
    {
        if (fingerprints.Count == 0)
        {
            return;
        }

        var bytes = new byte[FingerprintBytes * fingerprints.Count];
        for (var i = 0; i < fingerprints.Count; i++)
        {
            BinaryPrimitives.WriteUInt128BigEndian(bytes.AsSpan(FingerprintBytes * i), fingerprints[i]);
        }

        Execute("INSERT INTO seen (fingerprints) VALUES ($0)", bytes);
    }

    private void Execute(string sql, params ReadOnlySpan<object> values)
    {
        using var command = Command(sql, values);
        command.ExecuteNonQuery();
    }

    private SqliteDataReader Query(string sql, params ReadOnlySpan<object> values) => Command(sql, values).ExecuteReader();

    private SqliteCommand Command(string sql, ReadOnlySpan<object> values)
    {
        var command = _connection.CreateCommand();
        command.CommandText = sql;
        for (var i = 0; i < values.Length; i++)
        {
            command.Parameters.AddWithValue($"${i}", values[i]);
        }

        return command;
    }

    private object? Scalar(string sql)
    {
        using var command = Command(sql, []);
        return command.ExecuteScalar();
    }

    /// <summary>SQLite stores no NaN.</summary>
    private static object OrNull(double value) => double.IsNaN(value) ? DBNull.Value : value;

    private static double OrNaN(SqliteDataReader rows, int column) => rows.IsDBNull(column) ? double.NaN : rows.GetDouble(column);

    private void Guarded(Action use) => Guarded(() =>
    {
        use();
        return true;
    });

    /// <summary>Says in one sentence what is wrong with a file that can't be read.</summary>
    private T Guarded<T>(Func<T> use)
    {
        try
        {
            return use();
        }
        catch (SqliteException e) when (e.SqliteErrorCode is BusyError or LockedError)
        {
            throw new InvalidInputException($"run folder '{Path.GetDirectoryName(_path)}' is in use by another process; wait for it or stop it", e);
        }
        catch (Exception e) when (e is SqliteException or InvalidCastException or InvalidInputException { InnerException: not null })
        {
            throw Damaged(e.Message);
        }
    }

    private InvalidInputException Damaged(string reason) => new($"'{_path}' isn't the state of a run, or is damaged: {reason.ReplaceLineEndings(" ")}");
}
