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
    private const int JobsOfSparseRound = 200;

    // In their first ten seconds fresh processes compile, which takes two seconds of a processor.
    private const double WarmUpMs = 12_000;
    private const int WarmUpWithoutWork = 15_000;
    private const double ComputeMs = 50;
    private const int MostRealWorkers = 4;
    private const int JobsAWorker = 4;
    private const int LeastAhead = 64;
    private const int MostAhead = 16_384;
    private const int LeastSimulatedJobs = 20_000;
    private const int BatchesWithoutWork = 100;
    private static readonly double[] CheckedMs = [0, 10, 50];
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
            $"## What a job costs besides the work\n\nOne worker of one slot, {Rounds} rounds of {JobsOfRound} jobs that take no time and of {JobsOfSparseRound} that sleep {ComputeMs} ms on average, "
            + $"each process on this machine, after {WarmUpMs / 1000} s of such jobs. "
            + "Where jobs follow each other at once, processes are awake and messages travel together; where they don't, each message wakes a process.", overhead.ToMarkdown(),
            $"## Jobs of about {ComputeMs} ms of arithmetic\n\nOne and two workers in turn, after {WarmUpMs / 1000} s of such jobs each, which share the two cores with server and coordinator.", scaling.ToMarkdown(),
            $"## The simulation against the real server\n\nJobs that sleep for a time that varies evenly by half to either side, in batches of {JobsAWorker} a worker; workers of one slot; jobs a second. The simulation knows "
            + "what jobs without work cost (the first table) and how long a job took on average by the worker's clock.", check.ToMarkdown(),
            $"## Simulated: share of the time in which workers do jobs, and what limits where it is below 90 %\n\nOne search; batches of {JobsAWorker} jobs a worker, at least {LeastAhead} and at "
            + $"most {MostAhead:N0}; the work varies evenly by half to either side. Server and coordinator do one thing after the other, as fast as here; a coordinator's part is what a job "
            + "costs it, without what a search does besides.", simulation.ToMarkdown());
        results.WritePng("cluster.png", chart);
    }

    private static async Task<(ClusterTimes Times, Table Table)> OverheadAsync()
    {
        var dense = await WaitingLoadsAsync(0, JobsOfRound);
        var sparse = await WaitingLoadsAsync(ComputeMs, JobsOfSparseRound);
        var table = new Table("what, a job", "jobs that take no time", $"jobs that sleep {ComputeMs} ms");
        void Add(string name, Func<MeasuredLoad, double> value) =>
            table.Add(name, $"{new Sample(dense.Select(value)).ShowMean("F3")} ms", $"{new Sample(sparse.Select(value)).ShowMean("F3")} ms");
        Add("processor time of the coordinator", load => load.CoordinatorMs);
        Add("processor time of the server", load => load.ServerMs);
        Add("processor time of the worker", load => load.WorkersMs);
        Add("processor time in all", load => load.ProcessorMs);
        Add("time from job to job of one slot, less the job", load => 1000 / load.JobsPerSecond - load.JobMs);

        // The slot waits while the server gives the next job out.
        var server = dense.Average(load => load.ServerMs);
        var between = dense.Average(load => 1000 / load.JobsPerSecond - load.JobMs);
        return (new ClusterTimes(dense.Average(load => load.CoordinatorMs), server, Math.Max(0, between - server / 3)), table);
    }

    private static int WarmUp(int workers, double ms) => ms > 0 ? (int)(workers * WarmUpMs / ms) : WarmUpWithoutWork;

    private static async Task<List<MeasuredLoad>> WaitingLoadsAsync(double ms, int jobs)
    {
        var loads = new List<MeasuredLoad>();
        await using var cluster = await LocalCluster.Start(workers: 1, ms, steps: 0);
        await cluster.Run(WarmUp(1, ms), PacedScore.Wait);
        for (var round = 0; round < Rounds; round++)
        {
            loads.Add(await cluster.Run(jobs, PacedScore.Wait));
        }

        return loads;
    }

    private static async Task<Table> ScalingAsync()
    {
        var steps = PacedScore.StepsFor(ComputeMs);
        var loads = new Dictionary<int, List<MeasuredLoad>> { [1] = [], [2] = [] };
        await using (var one = await LocalCluster.Start(1, waitMs: 0, steps))
        await using (var two = await LocalCluster.Start(2, waitMs: 0, steps))
        {
            await one.Run(WarmUp(1, ComputeMs), PacedScore.Compute);
            await two.Run(WarmUp(2, ComputeMs), PacedScore.Compute);
            for (var round = 0; round < Rounds; round++)
            {
                loads[1].Add(await one.Run(100, PacedScore.Compute));
                loads[2].Add(await two.Run(200, PacedScore.Compute));
            }
        }

        var table = new Table("workers", "jobs a second", "a job, by the worker's clock", "processor time of all for a job");
        foreach (var (workers, rounds) in loads)
        {
            table.Add(
                $"{workers}", new Sample(rounds.Select(load => load.JobsPerSecond)).ShowMean("F2"), $"{new Sample(rounds.Select(load => load.JobMs)).ShowMean("F2")} ms",
                $"{new Sample(rounds.Select(load => load.ProcessorMs)).ShowMean("F2")} ms");
        }

        table.Add("two, as a share of twice one", new Sample(loads[1].Zip(loads[2], (a, b) => b.JobsPerSecond / a.JobsPerSecond / 2)).ShowMean("F3"), "", "");
        return table;
    }

    private static async Task<Table> CheckAsync(ClusterTimes times)
    {
        var table = new Table("job", "workers", "by the worker's clock", "measured", "simulated", "difference", "if nothing but jobs cost");
        foreach (var ms in CheckedMs)
        {
            for (var workers = 1; workers <= MostRealWorkers; workers++)
            {
                // As long as four seconds of work, and no more batches than without any.
                var batches = (int)Math.Min(BatchesWithoutWork, 4000 / (ms * JobsAWorker));
                var ahead = JobsAWorker * workers;
                var loads = new List<MeasuredLoad>();
                await using (var cluster = await LocalCluster.Start(workers, ms, steps: 0))
                {
                    await cluster.Run(WarmUp(workers, ms), PacedScore.Wait);
                    for (var round = 0; round < Rounds; round++)
                    {
                        loads.Add(await cluster.Run(batches * ahead, PacedScore.Wait, batches));
                    }
                }

                // Sleeping takes a little longer than it was asked to.
                var taken = new Sample(loads.Select(load => load.JobMs));
                var measured = new Sample(loads.Select(load => load.JobsPerSecond));
                double Simulated(ClusterTimes costs) => new ClusterModel(costs, workers, ahead, ClusterModel.Varying(taken.Mean)).Run(batches).JobsPerSecond;
                var simulated = Simulated(times);
                table.Add(
                    $"{ms} ms", $"{workers}", $"{taken.ShowMean("F2")} ms", measured.ShowMean("F1"), $"{simulated:F1}", $"{100 * (simulated / measured.Mean - 1):+0.0;−0.0} %",
                    $"{100 * (Simulated(new ClusterTimes(0, 0, 0)) / measured.Mean - 1):+0.0;−0.0} %");
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
