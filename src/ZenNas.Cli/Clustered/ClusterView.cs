using System.Globalization;
using System.Text.Json.Nodes;
using Spectre.Console;
using ZenNas.Cli.Rendering;
using ZenNas.Cluster.Coordinating;
using ZenNas.Cluster.Working;

namespace ZenNas.Cli.Clustered;

/// <summary>Jobs, queues and workers as JSON and as text.</summary>
internal static class ClusterView
{
    private const int ShownName = 40;
    private const int ShownJobs = 3;
    private const int ShownDigits = 8;

    /// <summary>One line on standard error about the jobs of a session.</summary>
    public static void Tell(JobCounts counts) => Console.Error.WriteLine(
        $"zennas: {Shown.Count(counts.Finished, "job")} with a result ({Shown.Count(counts.Found)} from earlier sessions), {Shown.Count(counts.Failed)} failed, "
        + $"{Shown.Count(counts.FailedAttempts, "attempt")} failed; {Shown.Count(counts.Published)} published now");

    public static JsonObject ToNode(IReadOnlyList<WorkerStatus> workers, IReadOnlyList<QueueStatus> queues, int unreadable) => new()
    {
        ["workers"] = new JsonArray([.. workers.Select(w => w.ToNode())]),
        ["queues"] = new JsonArray([.. queues.Select(q => new JsonObject { ["queue"] = q.Name, ["waiting"] = q.Waiting, ["running"] = q.Running })]),
        ["unreadableAnswers"] = unreadable,
    };

    public static void Show(IReadOnlyList<WorkerStatus> workers, IReadOnlyList<QueueStatus> queues, int unreadable)
    {
        if (workers.Count == 0)
        {
            Terminal.Output.WriteLine("no worker answered; start one with: zennas worker --nats URL");
        }
        else
        {
            var table = Terminal.Table("worker", "machine", "queues", "slots", "working on", "done", "failed", "up");
            foreach (var w in workers)
            {
                table.AddRow(
                    Cell(w.Worker), Cell(w.Machine), Cell(string.Join(", ", w.Queues)), $"{w.Running.Length}/{w.Slots}", w.IsStopping ? "stopping" : Cell(Jobs(w)),
                    Shown.Count(w.Done), Shown.Count(w.Failed), Time(w.UpSeconds));
            }

            Terminal.Output.Write(table);
        }

        if (queues.Count > 0)
        {
            var table = Terminal.Table("queue", "jobs waiting", "jobs running");
            foreach (var q in queues)
            {
                table.AddRow(Cell(q.Name), Shown.Count(q.Waiting), Shown.Count(q.Running));
            }

            Terminal.Output.Write(table);
        }

        if (unreadable > 0)
        {
            Terminal.Output.WriteLine($"{Shown.Count(unreadable, "answer")} couldn't be read: workers of another version, or no workers");
        }
    }

    private static string Jobs(WorkerStatus worker)
    {
        var jobs = worker.Running.OrderByDescending(r => r.Seconds).Take(ShownJobs).Select(r => $"{r.Queue} {r.Job[..Math.Min(ShownDigits, r.Job.Length)]} {Time(r.Seconds)}");
        return string.Join(", ", jobs) + (worker.Running.Length > ShownJobs ? ", …" : "");
    }

    private static string Time(double seconds) => seconds < 90 ? Shown.Seconds(seconds)
        : seconds < 5400 ? (seconds / 60).ToString("F0", CultureInfo.InvariantCulture) + " min"
        : (seconds / 3600).ToString("F1", CultureInfo.InvariantCulture) + " h";

    private static string Cell(string text) => Markup.Escape(Excerpt.Of(text, ShownName));
}
