using System.Collections.Immutable;
using System.CommandLine;
using System.Diagnostics;
using Microsoft.Extensions.Logging;
using ZenNas.Cli.Clustered;
using ZenNas.Cli.Input;
using ZenNas.Cluster;
using ZenNas.Cluster.Messages;
using ZenNas.Cluster.Working;
using ZenNas.Torch;

namespace ZenNas.Cli.Commands.Clustered;

/// <summary><c>zennas worker</c>: takes jobs from a NATS server.</summary>
internal static class WorkerCommand
{
    private const int MostSlots = 1024;
    private const int LongestHost = 50;

    // After the drain's seven seconds and one each for giving back and for telling so; whatever hangs then hangs for good.
    private static readonly TimeSpan HardLimit = TimeSpan.FromSeconds(10);

    public static Command Create(CancellationToken cancellation)
    {
        var nats = new NatsOptions("NATS server to take jobs from. Required.");
        var kinds = Options.Text("--kinds", $"Kinds of jobs, with commas between them: {string.Join(", ", JobKinds.All)}. [default: score, latency with --device-class, train with --data]", "KINDS");
        var deviceClass = DeviceClassArgument.Option("Class of this device, for jobs that measure latencies.");
        var data = new Option<string[]>("--data") { Description = "Folder of pictures to train on; may be given several times. A worker takes trainings for the pictures it has.", HelpName = "DIR" };
        var slots = Options.Integer("--slots", "Jobs at the same time. [default: all cores; 1 for latency and train]", 1, MostSlots);
        var name = Options.Text("--name", "Name in results and lists. [default: host-process]", "NAME");
        var work = Options.Text("--work", "Folder for unfinished profiles and trainings, which go on after a restart; each worker at work has a part of its own. [default: runs/worker]", "DIR");
        var health = Options.Integer("--health", "Seconds between lines that say that the worker is well. [default: 60]", 1, 86_400);
        var command = new Command("worker", "Take jobs from a NATS server: scores, latencies, trainings. SIGTERM lets running jobs end, within 10 s; what doesn't goes to another worker.")
        {
            kinds, deviceClass, data, slots, name, work, health,
        };
        nats.AddTo(command);
        command.SetAction(async (parsed, _) =>
        {
            var server = nats.Required(parsed);
            var chosen = KindsOf(parsed.GetValue(kinds), parsed.GetValue(deviceClass), parsed.GetValue(data) ?? []);
            var options = new WorkerOptions
            {
                Name = NameOf(parsed.GetValue(name)),
                ProgramVersion = ProgramVersion.Current,
                Slots = SlotsOf(parsed.GetValue(slots), chosen),
                HealthInterval = TimeSpan.FromSeconds(parsed.GetValue(health) ?? 60),
            };
            using var folder = WorkFolder.Claim(parsed.GetValue(work) ?? Path.Combine("runs", "worker"), chosen);
            var handlers = Handlers(chosen, parsed.GetValue(deviceClass), parsed.GetValue(data) ?? [], folder.Path).ToList();
            await RunAsync(server, options, handlers, cancellation);
        });
        return command;
    }

    private static async Task RunAsync(ServerOptions server, WorkerOptions options, IReadOnlyList<IJobHandler> handlers, CancellationToken cancellation)
    {
        using var logging = LoggerFactory.Create(builder => builder.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.TimestampFormat = "yyyy-MM-ddTHH:mm:ssZ ";
            console.UseUtcTimestamp = true;
        }).AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace));
        await using var limit = cancellation.Register(KillLater);
        await using var connection = await ClusterConnection.WorkerAsync(server, cancellation);
        using var worker = new Worker(connection, options, handlers, logging.CreateLogger("zennas.worker"));
        await worker.RunAsync(cancellation);
    }

    /// <summary>Not bound to the worker: what keeps the process from ending afterwards is ended too.</summary>
    private static void KillLater() => new Thread(() =>
    {
        Thread.Sleep(HardLimit);
        Process.GetCurrentProcess().Kill();
    })
    {
        IsBackground = true,
    }.Start();

    private static IEnumerable<IJobHandler> Handlers(ImmutableArray<string> kinds, string? deviceClass, string[] data, string folder)
    {
        if (kinds.Contains(JobKinds.Score))
        {
            yield return new ScoreHandler(TorchScores.Catalog);
        }

        if (kinds.Contains(JobKinds.Latency))
        {
            yield return new LatencyHandler(deviceClass!, RuntimeOptions.Create, folder);
        }

        if (kinds.Contains(JobKinds.Train))
        {
            yield return new TrainHandler(data, folder);
        }
    }

    private static ImmutableArray<string> KindsOf(string? given, string? deviceClass, string[] data)
    {
        var kinds = given?.Split(',').ToImmutableArray()
            ?? [JobKinds.Score, .. deviceClass is null ? Array.Empty<string>() : [JobKinds.Latency], .. data.Length == 0 ? Array.Empty<string>() : [JobKinds.Train]];
        var unknown = kinds.FirstOrDefault(kind => !JobKinds.All.Contains(kind));
        return unknown is not null ? throw new InvalidInputException($"--kinds has '{Quantity.Shown(unknown)}'; allowed are {string.Join(", ", JobKinds.All)}, with commas between them")
            : kinds.Contains(JobKinds.Latency) == deviceClass is null ? throw new InvalidInputException("--kinds latency and --device-class belong together; allowed are both or none")
            : kinds.Contains(JobKinds.Train) == (data.Length == 0) ? throw new InvalidInputException("--kinds train and --data belong together; allowed are both or none")
            : kinds;
    }

    private static int SlotsOf(int? given, ImmutableArray<string> kinds)
    {
        var isAlone = kinds.Contains(JobKinds.Latency);
        return isAlone && given > 1
            ? throw new InvalidInputException($"--slots is {given} with latency jobs, which others would falsify; allowed is 1, or another worker for the other kinds on another machine")
            : given ?? (isAlone || kinds.Contains(JobKinds.Train) ? 1 : Environment.ProcessorCount);
    }

    private static string NameOf(string? given)
    {
        var host = Environment.MachineName;
        var name = given ?? $"{host[..Math.Min(host.Length, LongestHost)]}-{Environment.ProcessId}";
        return Worker.IsName(name) ? name : throw new InvalidInputException($"--name is '{Quantity.Shown(name)}'; allowed are 1 to 64 letters, digits, hyphens, dots and underscores");
    }
}
