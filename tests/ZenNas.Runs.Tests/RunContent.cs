using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Data.Sqlite;

namespace ZenNas.Runs.Tests;

/// <summary>What a run's folder holds, as lines of text; times are left out.</summary>
internal static class RunContent
{
    /// <summary>Everything that has to be the same however often the run was interrupted.</summary>
    public static string[] Of(string folder) =>
    [
        .. Rows(folder, "SELECT step, scored, over_budget, duplicates, failed FROM state"),
        .. Rows(folder, "SELECT position, step, score, architecture FROM candidate ORDER BY position"),
        .. Rows(folder, "SELECT step, best, worst FROM convergence ORDER BY step"),
        // Each checkpoint appends what is new, so only the whole sequence can be the same.
        string.Concat(Rows(folder, "SELECT hex(fingerprints) FROM seen ORDER BY checkpoint")),
        .. Rows(folder, "SELECT architecture, mean, standard_deviation, repeats FROM measured ORDER BY architecture"),
    ];

    public static string[] Rows(string folder, string query)
    {
        using var connection = Open(folder);
        using var command = connection.CreateCommand();
        command.CommandText = query;
        using var rows = command.ExecuteReader();
        var lines = new List<string>();
        while (rows.Read())
        {
            lines.Add(string.Join('|', Enumerable.Range(0, rows.FieldCount).Select(i => rows.GetValue(i) is double d
                ? d.ToString("R", CultureInfo.InvariantCulture)
                : Convert.ToString(rows.GetValue(i), CultureInfo.InvariantCulture))));
        }

        return [.. lines];
    }

    public static void Execute(string folder, string statement)
    {
        using var connection = Open(folder);
        using var command = connection.CreateCommand();
        command.CommandText = statement;
        command.ExecuteNonQuery();
    }

    /// <summary>The report without the facts that hold times.</summary>
    public static string Report(string folder) => Regex.Replace(
        File.ReadAllText(Path.Combine(folder, "report.html")), "<dt>(Time in search steps|Speed|Time in all)</dt><dd>.*?</dd>", "", RegexOptions.Singleline);

    private static SqliteConnection Open(string folder)
    {
        var connection = new SqliteConnection($"Data Source={Path.Combine(folder, "state.sqlite")};Pooling=False");
        connection.Open();
        return connection;
    }
}
