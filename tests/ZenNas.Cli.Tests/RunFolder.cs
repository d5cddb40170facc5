using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;

namespace ZenNas.Cli.Tests;

/// <summary>What a run left in its folder, without times and places.</summary>
internal static class RunFolder
{
    private static readonly string[] Queries =
    [
        "SELECT step, scored, over_budget, duplicates, failed FROM state",
        "SELECT position, step, score, architecture FROM candidate ORDER BY position",
        "SELECT step, best, worst FROM convergence ORDER BY step",
        // Each checkpoint appends what is new, so only the whole sequence can be the same.
        "SELECT group_concat(hex(fingerprints), '') FROM (SELECT fingerprints FROM seen ORDER BY checkpoint)",
        "SELECT architecture, mean, standard_deviation, repeats FROM measured ORDER BY architecture",
    ];

    /// <summary>Content of the run's database, a line a row.</summary>
    public static string[] State(string folder) => Query(folder, Queries);

    /// <summary>Waits until a search that runs has written what it can be resumed from, and a while longer, however slow the machine is.</summary>
    public static async Task Begun(string folder, Process search, CancellationToken cancellation)
    {
        while (!search.HasExited && !File.Exists(Path.Combine(folder, "run.json")))
        {
            await Task.Delay(10, cancellation);
        }

        await Task.Delay(400, cancellation);
    }

    /// <summary>Answers of the run's database, a line a row.</summary>
    public static string[] Query(string folder, params string[] queries)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(folder, "state.sqlite")};Pooling=False");
        connection.Open();
        return [.. queries.SelectMany(query => Rows(connection, query))];
    }

    public static string Result(string folder) =>
        ResultWithoutTimes(JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "result.json"))).RootElement);

    public static string ResultWithoutTimes(JsonElement result)
    {
        var node = JsonObject.Create(result)!;
        foreach (var name in new[] { "elapsedSeconds", "searchSeconds", "runDirectory" })
        {
            Assert.True(node.Remove(name));
        }

        return node.ToJsonString();
    }

    private static List<string> Rows(SqliteConnection connection, string query)
    {
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

        return lines;
    }
}
