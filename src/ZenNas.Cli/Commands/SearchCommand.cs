using System.CommandLine;
using ZenNas.Architectures;
using ZenNas.Cli.Clustered;
using ZenNas.Cli.Commands.Latency;
using ZenNas.Cli.Input;
using ZenNas.Cli.Rendering;
using ZenNas.Cluster;
using ZenNas.Complexity;
using ZenNas.Latency;
using ZenNas.Runs;
using ZenNas.Runs.Reports;
using ZenNas.Scores;
using ZenNas.Search;
using ZenNas.Torch;

namespace ZenNas.Cli.Commands;

/// <summary><c>zennas search</c>: the best network of a space within a budget.</summary>
internal static class SearchCommand
{
    public static Command Create(CancellationToken cancellation)
    {
        var options = new SearchOptions();
        var json = Options.Json();
        var command = new Command("search", "Find the network of the highest Zen-Score, or of another proxy, within a budget, measure the best ones, and write a report.");
        options.AddTo(command);
        command.Add(json);
        command.SetAction(parsed =>
        {
            using var run = options.Open(parsed, cancellation);
            try
            {
                var report = Run(run, options.Threads(parsed), options.Server(parsed), options.DeviceClass(parsed), cancellation);
                Present(run, report, parsed.GetValue(json));
            }
            catch (OperationCanceledException)
            {
                Console.Error.WriteLine($"zennas: interrupted at step {Shown.Count(run.Step)}; continue with: zennas search --resume {CommandText.Quote(run.Folder)}{options.Again(parsed)}");
                throw;
            }
        });
        return command;
    }

    private static SearchReport Run(SearchRun run, int threads, ServerOptions? server, string? deviceClass, CancellationToken cancellation)
    {
        var (name, settings, _) = run.Options.Score;
        using var progress = new ProgressLine();
        using var session = server is null ? null : ClusterSession.Open(server, RunName.Of(run.Folder), progress, cancellation);
        var line = "starting";
        void Show(SearchProgress p)
        {
            line = Line(p);
            progress.Report(line, p.Remaining);
        }

        // The optimum isn't found by scoring proposals.
        var score = session is null || run.Options.Strategy == SearchStrategy.Optimal ? TorchScores.Catalog.Create(name, settings) : session.Score(TorchScores.Catalog.Info(name), settings, () => line);
        run.Search(score, threads, Show, cancellation);
        progress.Dispose();
        if (session is not null)
        {
            ClusterView.Tell(session.Board.Counts);
        }

        var measuring = session is null || deviceClass is null ? MeasuringLatency(run.Options, cancellation) : RemoteLatency.Measuring(session, deviceClass, run.Options);
        return run.Finish(run.Verify((network, seed) => Measure(network, seed, settings, threads, cancellation), measuring));
    }

    private static ScoreValue? Measure(Network network, ulong seed, ScoreSettings options, int threads, CancellationToken cancellation)
    {
        var policy = RepeatPolicy.Verification(NetworkCost.Of(network).Macs);
        using var progress = new ProgressLine();
        try
        {
            return new MeasuredZenScore(options).Measure(
                network.Vanilla, seed, policy, threads,
                done => progress.Report("measuring one of the best networks: repeat", done, policy.Maximum), cancellation);
        }
        catch (InvalidInputException e)
        {
            // The search is done and its result stands without the measurement.
            Console.Error.WriteLine($"zennas: not measured: {e.Message}");
            return null;
        }
    }

    /// <summary>Measures latencies where this is the machine that the limit is for.</summary>
    private static Func<Network, LatencyMeasurement?>? MeasuringLatency(RunOptions options, CancellationToken cancellation)
    {
        if (options.Latency is not { } latency || options.Verify == 0)
        {
            return null;
        }

        if (!latency.Machine.IsLike(Machine.Current))
        {
            Console.Error.WriteLine($"zennas: latency not measured: the profile is of {latency.Machine}, this machine is {Machine.Current}");
            return null;
        }

        var runtime = RuntimeOptions.Create(latency.Conditions);
        if (runtime.Conditions != latency.Conditions)
        {
            Console.Error.WriteLine($"zennas: latency not measured: the profile was made with {latency.Conditions}, here is {runtime.Conditions}");
            return null;
        }

        return network => MeasureCommand.Measure(runtime, network.Architecture, new LatencyProtocol(), cancellation);
    }

    private static string Line(SearchProgress p) => p.UpperBound is { } bound
        ? $"{Shown.Count(p.Step)} networks looked at, best {(p.Best is { } found ? Shown.Value(found) : "none")}, at most {Shown.Value(bound)}"
        : $"step {Shown.Count(p.Step)} of {Shown.Count(p.Iterations)}, best {(p.Best is { } best ? Shown.Value(best) : "none")}, {Shown.Count((long)p.StepsPerSecond)} steps/s";

    private static void Present(SearchRun run, SearchReport report, bool json)
    {
        var result = SearchResult.ToNode(report, run.Folder);
        AtomicFile.Write(Path.Combine(run.Folder, "result.json"), Terminal.JsonText(result) + "\n");
        if (json)
        {
            Terminal.WriteJson(result);
        }
        else
        {
            SearchResult.Show(report, run.Folder);
        }
    }
}
