using System.CommandLine;
using ZenNas.Architectures;
using ZenNas.Bench.Measuring;
using ZenNas.Bench.Networks;
using ZenNas.Bench.Results;
using ZenNas.Correlation;
using ZenNas.Scores;
using ZenNas.Search;
using ZenNas.Torch;

namespace ZenNas.Bench.Commands;

/// <summary>Which score ranks networks of a search that are about equal, judged by many measurements.</summary>
internal static class NearTiesCommand
{
    private const string Spread = "standard deviation over the repeats in its own column; 95 % bootstrap intervals over the networks in brackets";
    private const double Within = 0.02;
    private const long Steps = 96_000;

    public static Command Create()
    {
        var command = new Command("near-ties", "Ranks networks of a search within 2 % of its best by both closed forms and by few measurements, against many.");
        var common = new CommonOptions(command);
        var space = CommonOptions.Space();
        var networks = CommonOptions.Number("--networks", 100, 3, 10_000, "Networks.");
        var few = CommonOptions.Number("--few", 8, 2, 1000, "Measurements of each that compete.");
        var many = CommonOptions.Number("--many", 64, 2, 10_000, "Measurements of each that judge.");
        var threads = CommonOptions.Threads();
        foreach (var option in new Option[] { space, networks, few, many, threads })
        {
            command.Add(option);
        }

        command.SetAction(parsed => Run(
            common.Open(parsed, parsed.GetValue(threads)), BenchSpace.Of(parsed.GetValue(space)!), parsed.GetValue(networks), parsed.GetValue(few), parsed.GetValue(many),
            parsed.GetValue(threads)));
        return command;
    }

    private static void Run(ResultFolder results, BenchSpace task, int count, int few, int many, int threads)
    {
        var (closed, finite, measured) = (new ClosedFormZenScore(), new FiniteWidthZenScore(), new MeasuredZenScore(new ScoreSettings()));
        var progress = new Progress("networks", count);
        var rows = new List<Row>();
        foreach (var network in AboutEqual(task, closed, count))
        {
            var vanilla = Network.Lower(network).Vanilla;
            ScoreValue Measure(int repeats, ulong half) => measured.Measure(vanilla, 2 * (ulong)rows.Count + half, RepeatPolicy.Exactly(repeats), threads);
            rows.Add(new Row(network, closed.Score(vanilla), finite.Score(vanilla), Measure(few, 0), Measure(many, 1)));
            progress.Advance();
        }

        results.WriteCsv($"{task.Name}.csv", Raw(rows), Spread);
        results.WriteMarkdown(
            $"{task.Name}.md", $"Networks of about equal score, space {task.Name}", Spread,
            $"{count} networks out of a search ({task.Task}, {Steps:N0} steps, seed 1) whose closed form is within {Within:P0} of the best, spread evenly over it. Judge: {many} measurements of each "
            + $"(fp32, 16 images); {few} other measurements compete.",
            Summary(rows, few, many).ToMarkdown());
    }

    /// <summary>Networks that the search scored, within a share of its best, evenly spread in the order it met them.</summary>
    private static IEnumerable<Architecture> AboutEqual(BenchSpace task, ClosedFormZenScore score, int count)
    {
        var search = new EvolutionarySearch(task.Settings(seed: 1, Variation.Presets[0]));
        var met = new List<(Architecture Architecture, double Score)>();
        ClosedFormSearch.Run(search, score, Steps, proposal => met.Add((proposal.Network.Architecture, score.Score(proposal.Network.Vanilla))));
        var near = met.Where(n => n.Score >= (1 - Within) * search.Best!.Score).ToArray();
        return Enumerable.Range(0, count).Select(i => near[(int)((long)i * near.Length / count)].Architecture);
    }

    private static Table Summary(List<Row> rows, int few, int many)
    {
        double[] judge = [.. rows.Select(r => r.Many.Mean)];
        var table = new Table("ranked by", $"Kendall τ-b with {many} measurements", "mean of judge − score");
        void Add(string name, Func<Row, double> score)
        {
            double[] values = [.. rows.Select(score)];
            var interval = new Bootstrap(seed: 1).Interval(Statistic.Kendall, values, judge);
            table.Add(
                name, $"{RankCorrelation.Kendall(values, judge):F3} [{interval?.Low:F3}, {interval?.High:F3}]",
                $"{new Sample(values.Zip(judge, (value, truth) => truth - value)).ShowMean("F2")} ({values.Zip(judge, (value, truth) => truth / value - 1).Average():P2})");
        }

        Add("closed form", r => r.Closed);
        Add("finite width", r => r.Finite);
        Add($"{few} measurements", r => r.Few.Mean);
        return table;
    }

    private static Table Raw(List<Row> rows)
    {
        var table = new Table("network", "closed_form", "finite_width", "few_mean", "few_sd", "many_mean", "many_sd", "structure");
        foreach (var row in rows)
        {
            table.Add(
                $"{table.Count + 1}", $"{row.Closed:F5}", $"{row.Finite:F5}", $"{row.Few.Mean:F5}", $"{row.Few.StandardDeviation:F5}", $"{row.Many.Mean:F5}",
                $"{row.Many.StandardDeviation:F5}", StructureString.TryFormat(row.Architecture)!);
        }

        return table;
    }

    private sealed record Row(Architecture Architecture, double Closed, double Finite, ScoreValue Few, ScoreValue Many);
}
