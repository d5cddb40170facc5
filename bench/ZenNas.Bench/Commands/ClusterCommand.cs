using System.CommandLine;
using System.Globalization;
using ScottPlot;
using ZenNas.Bench.Cluster;
using ZenNas.Bench.Measuring;
using ZenNas.Bench.Results;
using ZenNas.Cluster.Tests;

namespace ZenNas.Bench.Commands;

/// <summary>What many machines cost: measured with the real server at one to four workers, simulated up to ten thousand.</summary>
internal static class ClusterCommand
{
    private const int Rounds = 5;
    private const int JobsOfRound = 1000;
    private const int JobsOfWarmUp = 60;
    private const double ComputeMs = 50;
    private const int MostRealWorkers = 4;
    private const int JobsAWorker = 4;
    private const int LeastAhead = 64;
    private const int MostAhead = 16_384;
    private const int LeastSimulatedJobs = 20_000;
    private static readonly double[] CheckedMs = [10, 50];
    private static readonly int[] SimulatedWorkers = [1, 3, 10, 30, 100, 300, 1000, 3000, 10_000];
    private static readonly (double Ms, string Name)[] SimulatedJobs =
        [(10, "10 ms"), (50, "50 ms"), (200, "200 ms"), (1000, "1 s"), (10_000, "10 s"), (60_000, "1 min"), (600_000, "10 min")];

    public static Command Create()
    {
        var command = new Command("cluster", "Cost of a job on NATS JetStream, how two workers scale, and a simulation of up to 10,000 workers checked against 1 to 4 real ones.");
        var common = new CommonOptions(command);
        command.SetAction(async (parsed, _) =>
        {
            if (!NatsProcess.IsInstalled)
            {
                throw new InvalidInputException("nats-server isn't installed; allowed is a machine that has it, for example with Debian's package");
            }

            await RunAsync(common.Open(parsed, cores: 2));
        });
        return command;
    }

    private static async Task RunAsync(ResultFolder results)
    {
        var (times, overhead) = await OverheadAsync();
        var scaling = await ScalingAsync();
        var check = await CheckAsync(times);
        var (simulation, chart) = Simulate(times);
        results.WriteMarkdown(
            "cluster.md", "Many machines: costs, scaling, simulation", "standard error of five rounds after ±",
            $"## A job that takes no time\n\nOne worker of one slot, {Rounds} rounds of {JobsOfRound} jobs, each process on this machine.", overhead.ToMarkdown(),
            $"## Jobs of {ComputeMs} ms of arithmetic\n\nOne and two workers in turn, which share the two cores with server and coordinator.", scaling.ToMarkdown(),
            "## The simulation against the real server\n\nJobs that sleep, workers of one slot; jobs a second. The simulation knows the costs of the first table only.", check.ToMarkdown(),
            $"## Simulated: share of the time in which workers do jobs, and what limits where it is below 90 %\n\nOne search; batches of {JobsAWorker} jobs a worker, at least {LeastAhead} and at "
            + $"most {MostAhead:N0}; the work varies evenly by half to either side. Server and coordinator do one thing after the other, as fast as here.", simulation.ToMarkdown());
        results.WritePng("cluster.png", chart);
    }

    private static async Task<(ClusterTimes Times, Table Table)> OverheadAsync()
    {
        var rounds = new List<MeasuredLoad>();
        await using (var cluster = await LocalCluster.Start(workers: 1, waitMs: 0, steps: 0))
        {
            await cluster.Run(3 * JobsOfRound, PacedScore.Wait);
            for (var round = 0; round < Rounds; round++)
            {
                rounds.Add(await cluster.Run(JobsOfRound, PacedScore.Wait));
            }
        }

        var table = new Table("what", "a job");
        var coordinator = new Sample(rounds.Select(r => r.CoordinatorMs));
        var server = new Sample(rounds.Select(r => r.ServerMs));
        var worker = new Sample(rounds.Select(r => r.WorkersMs));
        var cycle = new Sample(rounds.Select(r => 1000 / r.JobsPerSecond));
        foreach (var (name, sample) in new[]
        {
            ("processor time of the coordinator", coordinator), ("processor time of the server", server), ("processor time of the worker", worker),
            ("processor time in all", new Sample(rounds.Select(r => r.CoordinatorMs + r.ServerMs + r.WorkersMs))), ("time from job to job of one slot", cycle),
        })
        {
            table.Add(name, $"{sample.ShowMean("F3")} ms");
        }

        // The slot waits while the server gives the next job out and stores the result.
        return (new ClusterTimes(coordinator.Mean, server.Mean, Math.Max(0, cycle.Mean - 2.0 / 3 * server.Mean)), table);
    }

    private static async Task<Table> ScalingAsync()
    {
        var steps = PacedScore.StepsFor(ComputeMs);
        var rates = new Dictionary<int, List<double>> { [1] = [], [2] = [] };
        await using (var one = await LocalCluster.Start(1, waitMs: 0, steps))
        await using (var two = await LocalCluster.Start(2, waitMs: 0, steps))
        {
            // Fresh processes run what isn't compiled to its end yet.
            await one.Run(JobsOfWarmUp, PacedScore.Compute);
            await two.Run(2 * JobsOfWarmUp, PacedScore.Compute);
            for (var round = 0; round < Rounds; round++)
            {
                rates[1].Add((await one.Run(100, PacedScore.Compute)).JobsPerSecond);
                rates[2].Add((await two.Run(200, PacedScore.Compute)).JobsPerSecond);
            }
        }

        var table = new Table("workers", "jobs a second");
        foreach (var (workers, sample) in rates)
        {
            table.Add($"{workers}", new Sample(sample).ShowMean("F2"));
        }

        table.Add("two, as a share of twice one", new Sample(rates[1].Zip(rates[2], (a, b) => b / a / 2)).ShowMean("F3"));
        return table;
    }

    private static async Task<Table> CheckAsync(ClusterTimes times)
    {
        var table = new Table("job", "workers", "measured", "simulated", "difference");
        foreach (var ms in CheckedMs)
        {
            for (var workers = 1; workers <= MostRealWorkers; workers++)
            {
                var jobs = (int)(workers * 4000 / ms);
                var measured = new List<double>();
                await using (var cluster = await LocalCluster.Start(workers, ms, steps: 0))
                {
                    for (var round = 0; round < Rounds; round++)
                    {
                        measured.Add((await cluster.Run(jobs, PacedScore.Wait)).JobsPerSecond);
                    }
                }

                var sample = new Sample(measured);
                var simulated = new ClusterModel(times, workers, jobs, _ => ms).Run(1).JobsPerSecond;
                table.Add($"{ms} ms", $"{workers}", sample.ShowMean("F1"), $"{simulated:F1}", $"{100 * (simulated / sample.Mean - 1):+0.0;−0.0} %");
            }
        }

        return table;
    }

    private static (Table Table, Plot Chart) Simulate(ClusterTimes times)
    {
        var table = new Table(["workers", .. SimulatedJobs.Select(j => $"jobs of {j.Name}")]);
        var plot = new Plot();
        var busy = SimulatedJobs.ToDictionary(j => j.Name, _ => new List<double>());
        foreach (var workers in SimulatedWorkers)
        {
            var cells = new List<string> { workers.ToString("N0", CultureInfo.InvariantCulture) };
            foreach (var (ms, name) in SimulatedJobs)
            {
                var ahead = Math.Clamp(JobsAWorker * workers, LeastAhead, MostAhead);
                var load = new ClusterModel(times, workers, ahead, ClusterModel.Varying(ms)).Run(Math.Max(3, LeastSimulatedJobs / ahead));
                busy[name].Add(100 * load.WorkersBusy);
                cells.Add($"{100 * load.WorkersBusy:F0} %{(load.Limit == "workers" ? "" : $", {load.Limit}")}");
            }

            table.Add([.. cells]);
        }

        double[] logs = [.. SimulatedWorkers.Select(w => Math.Log10(w))];
        foreach (var (_, name) in SimulatedJobs)
        {
            var line = plot.Add.Scatter(logs, busy[name].ToArray());
            line.LegendText = $"jobs of {name}";
        }

        plot.Axes.Bottom.SetTicks(logs, [.. SimulatedWorkers.Select(w => w.ToString("N0", CultureInfo.InvariantCulture))]);
        plot.Axes.SetLimitsY(0, 105);
        plot.Title("One search on many workers, simulated");
        plot.XLabel("workers");
        plot.YLabel("workers' time spent on jobs, %");
        plot.ShowLegend(Alignment.LowerLeft);
        return (table, plot);
    }
}
