using System.CommandLine;
using System.Diagnostics;
using ZenNas.Bench.Measuring;
using ZenNas.Bench.Networks;
using ZenNas.Bench.Results;
using ZenNas.Scores;
using ZenNas.Search;

namespace ZenNas.Bench.Commands;

/// <summary>What each variation finds, seed by seed.</summary>
internal static class SearchQualityCommand
{
    private const int WarmUpSteps = 10_000;
    private const string Spread = "standard deviation over seeds after ±";

    public static Command Create()
    {
        var command = new Command("search-quality", "Best closed-form score of each variation preset over seeds, and steps per second.");
        var common = new CommonOptions(command);
        var seeds = CommonOptions.Number("--seeds", 24, 2, 10_000, "Seeds 1, 2, …");
        var steps = CommonOptions.Number("--steps", (int)SearchSettings.DefaultIterations, 1, 100_000_000, "Steps of each search.");
        command.Add(seeds);
        command.Add(steps);
        command.SetAction(parsed => Run(common.Open(parsed, cores: 1), parsed.GetValue(seeds), parsed.GetValue(steps)));
        return command;
    }

    private static void Run(ResultFolder results, int seeds, int steps)
    {
        var outcomes = Search(seeds, steps);
        var raw = new Table("space", "preset", "seed", "best", "seconds", "scored");
        foreach (var outcome in outcomes)
        {
            raw.Add(
                outcome.Space.Name, outcome.Preset, $"{outcome.Seed}", $"{outcome.Best:F5}", $"{outcome.Seconds:F3}", $"{outcome.Scored}");
        }

        results.WriteCsv("search-quality.csv", raw, "none, single searches");
        results.WriteMarkdown(
            "search-quality.md", $"Best closed-form score after {steps:N0} steps", Spread,
            $"{seeds} seeds, one thread. Space residual: {BenchSpace.Residual.Task}. Space mobile: {BenchSpace.Mobile.Task}.",
            Summary(outcomes, steps).ToMarkdown());
    }

    private static List<Outcome> Search(int seeds, int steps)
    {
        var progress = new Progress("searches", BenchSpace.All.Count * Variation.Presets.Length * seeds);
        var score = new ClosedFormZenScore();
        WarmUp(score);
        var outcomes = new List<Outcome>();
        // Seeds outside: the presets share what else the machine does meanwhile.
        for (var seed = 1; seed <= seeds; seed++)
        {
            foreach (var space in BenchSpace.All)
            {
                foreach (var preset in Variation.Presets)
                {
                    outcomes.Add(Search(space, preset, seed, steps, score));
                    progress.Advance();
                }
            }
        }

        return outcomes;
    }

    private static void WarmUp(ClosedFormZenScore score)
    {
        foreach (var preset in Variation.Presets)
        {
            Search(BenchSpace.Residual, preset, seed: 0, WarmUpSteps, score);
        }
    }

    private static Outcome Search(BenchSpace space, string preset, int seed, int steps, ClosedFormZenScore score)
    {
        var search = new EvolutionarySearch(space.Settings((ulong)seed, preset));
        var time = Stopwatch.StartNew();
        ClosedFormSearch.Run(search, score, steps);
        return new Outcome(space, preset, seed, search.Best!.Score, time.Elapsed.TotalSeconds, search.Counts.Scored);
    }

    private static Table Summary(List<Outcome> outcomes, int steps)
    {
        var table = new Table("space", "preset", "min", "mean", "max", "good", "share of good seeds", "steps per second");
        foreach (var group in outcomes.GroupBy(o => (o.Space, o.Preset)).OrderBy(g => g.Key.Space == BenchSpace.Mobile))
        {
            var best = new Sample(group.Select(o => o.Best));
            var speed = new Sample(group.Select(o => steps / o.Seconds));
            var good = GoodScore(group.Key.Space);
            table.Add(
                group.Key.Space.Name, group.Key.Preset, $"{best.Minimum:F2}", $"{best.Mean:F2} ± {best.StandardDeviation:F2}", $"{best.Maximum:F2}",
                $"≥ {good}", $"{group.Count(o => o.Best >= good)}/{group.Count()}", $"{speed.Mean:N0} ± {speed.StandardDeviation:N0}");
        }

        return table;
    }

    private static double GoodScore(BenchSpace space) => space == BenchSpace.Residual ? 190 : 141;

    private sealed record Outcome(BenchSpace Space, string Preset, int Seed, double Best, double Seconds, long Scored);
}
