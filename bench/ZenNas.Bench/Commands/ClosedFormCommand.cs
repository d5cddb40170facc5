using System.CommandLine;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.EventProcessors;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Order;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using ZenNas.Bench.Measuring;
using ZenNas.Bench.Networks;
using ZenNas.Bench.Results;

namespace ZenNas.Bench.Commands;

/// <summary>How fast the closed form is, and what it allocates.</summary>
internal static class ClosedFormCommand
{
    private const double RequiredScoresPerSecond = 1e6;
    private const double RequiredFiniteWidthPerSecond = 1e5;
    private const string Spread = "standard deviation over the iterations of BenchmarkDotNet";

    public static Command Create()
    {
        var command = new Command("closed-form", "Time and memory of the closed-form score and of a search step.");
        var common = new CommonOptions(command);
        var iterations = CommonOptions.Number("--iterations", 20, 3, 1000, "Measured iterations of each benchmark.");
        command.Add(iterations);
        command.SetAction(parsed => Run(common.Open(parsed, cores: 1), parsed.GetValue(iterations)));
        return command;
    }

    private static void Run(ResultFolder results, int iterations)
    {
        var reports = Measure(iterations).Reports;
        var table = new Table("benchmark", "mean (µs)", "sd (µs)", "median (µs)", "iterations", "per second", "allocated (B)");
        foreach (var report in reports)
        {
            var time = report.ResultStatistics!;
            table.Add(
                report.BenchmarkCase.Descriptor.WorkloadMethodDisplayInfo.Trim('\''), $"{time.Mean / 1e3:F3}", $"{time.StandardDeviation / 1e3:F3}",
                $"{time.Median / 1e3:F3}", $"{time.N}", $"{1e9 / time.Mean:F0}", $"{Allocated(report):F0}");
        }

        results.WriteCsv("closed-form.csv", table, Spread);
        results.WriteMarkdown(
            "closed-form.md", "Closed-form score: time and memory", Spread, table.ToMarkdown(),
            Verdict(Of(reports, nameof(ClosedFormBenchmarks.Score)), "closed-form", RequiredScoresPerSecond),
            Verdict(Of(reports, nameof(ClosedFormBenchmarks.FiniteWidthScore)), "finite-width", RequiredFiniteWidthPerSecond),
            "The network is zennet_cifar_model_size1M_res32: 98 convolutions at 32×32. The search is the one of the space residual "
            + $"({BenchSpace.Residual.Task}), steps {ClosedFormBenchmarks.StepsBefore + 1:N0} to "
            + $"{ClosedFormBenchmarks.StepsBefore + ClosedFormBenchmarks.Steps:N0}, rejected proposals included.");
    }

    private static Summary Measure(int iterations)
    {
        var byproducts = Directory.CreateTempSubdirectory("zennas-bench-");
        var config = ManualConfig.CreateEmpty()
            .AddJob(Job.Default.WithToolchain(InProcessEmitToolchain.DontLogOutput).WithIterationCount(iterations))
            .AddDiagnoser(MemoryDiagnoser.Default)
            .AddLogger(NullLogger.Instance)
            .AddEventProcessor(new ProgressEvents())
            .WithOrderer(new DefaultOrderer(SummaryOrderPolicy.Declared, MethodOrderPolicy.Declared))
            .WithOptions(ConfigOptions.DisableLogFile)
            .WithArtifactsPath(byproducts.FullName);
        try
        {
            var summary = BenchmarkRunner.Run<ClosedFormBenchmarks>(config);
            return summary.Reports is { Length: > 0 } reports && reports.All(r => r.ResultStatistics is not null)
                ? summary
                : throw new InvalidInputException($"the benchmarks didn't run: {string.Join("; ", summary.ValidationErrors.Select(e => e.Message))}");
        }
        finally
        {
            byproducts.Delete(recursive: true);
        }
    }

    private static BenchmarkReport Of(IReadOnlyList<BenchmarkReport> reports, string method) =>
        reports.Single(r => r.BenchmarkCase.Descriptor.WorkloadMethod.Name == method);

    private static string Verdict(BenchmarkReport score, string name, double required)
    {
        var perSecond = 1e9 / score.ResultStatistics!.Mean;
        var allocated = Allocated(score);
        return $"At least {required:N0} {name} scores a second without allocation: "
            + $"{(perSecond >= required && allocated == 0 ? "yes" : "no")}, {perSecond:N0} a second and {allocated:F0} B.";
    }

    private static long Allocated(BenchmarkReport report) => report.GcStats.GetBytesAllocatedPerOperation(report.BenchmarkCase) ?? 0;

    private sealed class ProgressEvents : EventProcessor
    {
        private Progress? _progress;

        public override void OnStartRunBenchmarksInType(Type type, IReadOnlyList<BenchmarkCase> benchmarks) =>
            _progress = new Progress("benchmarks", benchmarks.Count);

        public override void OnEndRunBenchmark(BenchmarkCase benchmarkCase, BenchmarkReport report) => _progress!.Advance();
    }
}
