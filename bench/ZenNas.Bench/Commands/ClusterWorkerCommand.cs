using System.CommandLine;
using Microsoft.Extensions.Logging.Abstractions;
using ZenNas.Bench.Cluster;
using ZenNas.Cluster;
using ZenNas.Cluster.Working;

namespace ZenNas.Bench.Commands;

/// <summary>A worker for <c>cluster</c>; not for users.</summary>
internal static class ClusterWorkerCommand
{
    public const string Name = "cluster-worker";
    public const string Version = "bench";

    public static Command Create()
    {
        var url = new Option<string>("--nats") { Required = true };
        var wait = new Option<double>("--wait");
        var steps = new Option<long>("--steps");
        var command = new Command(Name, "A worker of the command cluster.") { url, wait, steps };
        command.Hidden = true;
        command.SetAction(async (parsed, cancellation) =>
        {
            await using var connection = await ClusterConnection.WorkerAsync(new ServerOptions { Url = parsed.GetValue(url)! }, cancellation);
            using var worker = new Worker(
                connection, new WorkerOptions { Name = $"bench-{Environment.ProcessId}", ProgramVersion = Version, Slots = 1 },
                [new ScoreHandler(PacedScore.Catalog(parsed.GetValue(wait), parsed.GetValue(steps)))], NullLogger.Instance);
            await worker.RunAsync(cancellation);
        });
        return command;
    }
}
