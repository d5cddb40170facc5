using System.CommandLine;
using ZenNas.Cli.Clustered;
using ZenNas.Cli.Input;
using ZenNas.Cli.Rendering;
using ZenNas.Cluster;
using ZenNas.Cluster.Coordinating;

namespace ZenNas.Cli.Commands.Clustered;

/// <summary><c>zennas workers</c>: who is working on what.</summary>
internal static class WorkersCommand
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public static Command Create(CancellationToken cancellation)
    {
        var nats = new NatsOptions("NATS server. Required.");
        var json = Options.Json();
        var command = new Command("workers", "List the workers of a NATS server, what each is working on, and what waits.");
        nats.AddTo(command);
        command.Add(json);
        command.SetAction(async (parsed, _) =>
        {
            await using var connection = await ClusterConnection.CoordinatorAsync(nats.Required(parsed), cancellation);
            var (workers, unreadable) = await WorkerRoll.AskAsync(connection, Patience, cancellation);
            var queues = await WorkerRoll.QueuesAsync(connection, cancellation);
            if (parsed.GetValue(json))
            {
                Terminal.WriteJson(ClusterView.ToNode(workers, queues, unreadable));
            }
            else
            {
                ClusterView.Show(workers, queues, unreadable);
            }
        });
        return command;
    }
}
