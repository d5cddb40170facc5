using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using ZenNas.Bench.Measuring;
using ZenNas.Bench.Results;
using ZenNas.Cluster;
using ZenNas.Cluster.Coordinating;
using ZenNas.Cluster.Tests;
using ZenNas.Search;

namespace ZenNas.Bench.Commands;

/// <summary>One search on real processes while workers, coordinator and server are killed with -9 at random moments.</summary>
internal static class ClusterKillsCommand
{
    private const int Workers = 3;
    private const ulong Seed = 11;
    private static readonly string[] Timed = ["elapsedSeconds", "searchSeconds", "runDirectory"];

    private enum Victim
    {
        Worker,
        Coordinator,
        Server,
    }

    public static Command Create()
    {
        var command = new Command("cluster-kills", "A search of measured scores on three workers while 30 workers, 10 coordinators and 5 servers are killed: every job once, the same result, time lost.");
        var common = new CommonOptions(command);
        var steps = CommonOptions.Number("--steps", 4200, 100, 1_000_000, "Steps of the search.");
        var workers = CommonOptions.Number("--workers", 30, 0, 1000, "Kills of workers.");
        var coordinators = CommonOptions.Number("--coordinators", 10, 0, 1000, "Kills of the coordinator.");
        var servers = CommonOptions.Number("--servers", 5, 0, 1000, "Kills of the server.");
        var interval = CommonOptions.Number("--interval", 5000, 100, 600_000, "Mean milliseconds between kills.");
        foreach (var option in new Option[] { steps, workers, coordinators, servers, interval })
        {
            command.Add(option);
        }

        command.SetAction(async (parsed, _) => await RunAsync(
            common.Open(parsed, cores: 2), parsed.GetValue(steps),
            [
                .. Enumerable.Repeat(Victim.Worker, parsed.GetValue(workers)), .. Enumerable.Repeat(Victim.Coordinator, parsed.GetValue(coordinators)),
                .. Enumerable.Repeat(Victim.Server, parsed.GetValue(servers)),
            ],
            parsed.GetValue(interval)));
        return command;
    }

    private static async Task RunAsync(ResultFolder results, int steps, Victim[] victims, int intervalMs)
    {
        var folder = Directory.CreateTempSubdirectory("zennas-kills-");
        try
        {
            string[] search =
            [
                "search", "--space", "residual", "--resolution", "32", "--classes", "10", "--max-params", "300K", "--max-layers", "14", "--score", "measured", "--batch", "16",
                "--iterations", $"{steps}", "--population", "64", "--ahead", "48", "--verify", "1", "--seed", "3", "--json",
            ];
            Console.Error.WriteLine("one process, without a server");
            var alone = await Undisturbed(folder.FullName, "alone", search, withServer: false);
            Console.Error.WriteLine("three workers, nobody is killed");
            var quiet = await Undisturbed(folder.FullName, "quiet", search, withServer: true);
            Console.Error.WriteLine($"three workers, {victims.Length} kills");
            var killed = await Killed(folder.FullName, search, victims, intervalMs);
            Report(results, steps, victims, alone, quiet, killed);
            Check(victims.Length, alone, quiet, killed);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static void Report(ResultFolder results, int steps, Victim[] victims, Outcome alone, Outcome quiet, Outcome killed)
    {
        var table = new Table("run", "seconds", "kills", "jobs in the stream", "given to workers", "networks scored", "failed attempts", "result");
        foreach (var (name, outcome) in new[] { ("one process", alone), ("three workers", quiet), ("three workers, killed", killed) })
        {
            table.Add(
                name, $"{outcome.Seconds:F1}", $"{outcome.Kills}", outcome.Jobs is { } jobs ? $"{jobs.Finished}" : "none", outcome.GivenOut is { } given ? $"{given}" : "none", $"{outcome.Scored}", $"{outcome.Jobs?.FailedAttempts ?? 0}",
                outcome.Result == alone.Result ? "the same" : "ANOTHER");
        }

        results.WriteMarkdown(
            "cluster-kills.md", $"A search of {steps:N0} steps while processes are killed with -9", "none, single runs",
            table.ToMarkdown(),
            $"{victims.Count(v => v == Victim.Worker)} kills of workers, {victims.Count(v => v == Victim.Coordinator)} of the coordinator and {victims.Count(v => v == Victim.Server)} of the server, of "
            + $"which {killed.Kills} happened before the search ended. Each kill cost {(killed.Seconds - quiet.Seconds) / Math.Max(1, killed.Kills):F2} s on average; starting processes again takes "
            + "their part of the two cores, and a job whose worker is gone goes to another after 10 s. What was given to workers more often than there are jobs was begun and ended by a kill; there may be more, since a server that is killed forgets what it gave out last. *Result* compares everything but times with that of one process, to the last bit.");
    }

    /// <exception cref="InvalidInputException">What the command is to show isn't so.</exception>
    private static void Check(int kills, Outcome alone, Outcome quiet, Outcome killed)
    {
        var wrong = killed.Kills < kills ? $"the search ended after {killed.Kills} of {kills} kills; allowed are more --steps, or a shorter --interval"
            : quiet.Result != alone.Result || killed.Result != alone.Result ? "a result differs from that of one process"
            : killed.Jobs?.Finished != quiet.Jobs?.Finished || killed.Jobs?.Failed != 0 ? "the numbers of jobs differ, or some failed"
            : killed.Jobs?.Results != killed.Jobs?.Finished ? "some jobs have more than one result"
            : null;
        if (wrong is not null)
        {
            throw new InvalidInputException(wrong);
        }
    }

    private static async Task<Outcome> Undisturbed(string folder, string run, string[] search, bool withServer)
    {
        using var server = withServer ? NatsProcess.Plain() : null;
        using var workers = new WorkerSet(folder, server?.Url, withServer ? Workers : 0);
        var clock = Stopwatch.StartNew();
        using var coordinator = Start(folder, [.. search, "--out", run, .. Nats(server?.Url)]);
        var output = await Output(coordinator);
        return await Outcome.Of(clock.Elapsed, 0, output, server?.Url, Path.Combine(folder, run));
    }

    private static async Task<Outcome> Killed(string folder, string[] search, Victim[] victims, int intervalMs)
    {
        const string Run = "killed";
        using var server = NatsProcess.Plain();
        using var workers = new WorkerSet(folder, server.Url, Workers);
        var random = new StepRandom(Seed, 0);
        for (var i = victims.Length - 1; i > 0; i--)
        {
            var j = random.Next(0, i);
            (victims[i], victims[j]) = (victims[j], victims[i]);
        }

        var progress = new Progress("kills", victims.Length);
        var clock = Stopwatch.StartNew();
        var coordinator = Start(folder, [.. search, "--out", Run, .. Nats(server.Url)]);
        var output = Output(coordinator);

        // Before its folder is there, there is nothing to resume.
        while (!File.Exists(Path.Combine(folder, Run, "run.json")))
        {
            await Task.Delay(50);
            if (output.IsCompleted)
            {
                throw new InvalidInputException("the search ended before it began; run it by hand to see why");
            }
        }

        var kills = 0;
        foreach (var victim in victims)
        {
            await Task.WhenAny(output, Task.Delay((int)(intervalMs * (0.5 + random.NextUniform()))));
            if (output.IsCompleted)
            {
                break;
            }

            kills++;
            progress.Advance();
            switch (victim)
            {
                case Victim.Worker:
                    workers.Replace(random.Next(0, Workers - 1));
                    break;
                case Victim.Server:
                    server.Kill();
                    server.Start();
                    break;
                default:
                    coordinator.Kill();
                    await output;
                    coordinator.Dispose();
                    coordinator = Start(folder, ["search", "--resume", Run, "--json", .. Nats(server.Url)]);
                    output = Output(coordinator);
                    break;
            }
        }

        using (coordinator)
        {
            var last = await output;
            return await Outcome.Of(clock.Elapsed, kills, last, server.Url, Path.Combine(folder, Run));
        }
    }

    private static string[] Nats(string? url) => url is null ? [] : ["--nats", url];

    private static Process Start(string folder, string[] arguments)
    {
        var process = Process.Start(new ProcessStartInfo(Repository.Path("zennas"), arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true })!;
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        return process;
    }

    private static async Task<string> Output(Process process)
    {
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return output;
    }

    /// <summary>Workers, some of which are killed and replaced.</summary>
    private sealed class WorkerSet : IDisposable
    {
        private readonly string _folder;
        private readonly string? _url;
        private readonly Process[] _processes;

        public WorkerSet(string folder, string? url, int count)
        {
            (_folder, _url) = (folder, url);
            _processes = [.. Enumerable.Range(0, count).Select(_ => StartOne())];
        }

        public void Replace(int position)
        {
            End(_processes[position]);
            _processes[position] = StartOne();
        }

        public void Dispose() => Array.ForEach(_processes, End);

        private static void End(Process process)
        {
            process.Kill();
            process.WaitForExit();
            process.Dispose();
        }

        private Process StartOne()
        {
            var process = Start(_folder, ["worker", .. Nats(_url), "--slots", "1"]);
            process.OutputDataReceived += (_, _) => { };
            process.BeginOutputReadLine();
            return process;
        }
    }

    /// <summary>What a run came to.</summary>
    private sealed record Outcome(double Seconds, int Kills, string Result, long Scored, JobCounts? Jobs, long? GivenOut)
    {
        public static async Task<Outcome> Of(TimeSpan elapsed, int kills, string output, string? url, string folder)
        {
            var result = JsonNode.Parse(output)?.AsObject() ?? throw new InvalidInputException($"the search printed '{output}'; allowed is JSON");
            foreach (var name in Timed)
            {
                result.Remove(name);
            }

            var scored = result["scored"]!.GetValue<long>();
            var (jobs, given) = url is null ? (default(JobCounts?), default(long?)) : await JobsOf(url, folder);
            return new Outcome(elapsed.TotalSeconds, kills, result.ToJsonString(), scored, jobs, given);
        }

        private static async Task<(JobCounts? Jobs, long? GivenOut)> JobsOf(string url, string folder)
        {
            using var cluster = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(folder, "cluster.json")));
            await using var connection = await ClusterConnection.CoordinatorAsync(new ServerOptions { Url = url }, CancellationToken.None);
            await using var board = await JobBoard.OpenAsync(connection, cluster.RootElement.GetProperty("run").GetString()!, ClusterWorkerCommand.Version, CancellationToken.None);
            return (board.Counts, (await WorkerRoll.QueuesAsync(connection, CancellationToken.None)).Sum(queue => queue.GivenOut));
        }
    }
}
