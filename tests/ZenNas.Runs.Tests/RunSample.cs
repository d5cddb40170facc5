using ZenNas.Complexity;
using ZenNas.Scores;
using ZenNas.Search;
using ZenNas.Spaces;

namespace ZenNas.Runs.Tests;

/// <summary>A small search in the residual space.</summary>
internal static class RunSample
{
    public const string Command = "zennas search --space residual --resolution 32 --classes 10 --max-params 200K --max-layers 12";

    /// <summary>Options of a run; <paramref name="ahead"/> above 1 as for measured scores.</summary>
    public static RunOptions Options(long iterations = 3000, ulong seed = 7, int ahead = 1, int verify = 2, string preset = "pair", int population = 24, SearchStrategy strategy = SearchStrategy.Evolution)
    {
        var text = SearchSpaceJson.BuiltinText("residual")!;
        var space = SearchSpaceJson.Parse(text);
        var budget = new Budget(200_000, null, 12);
        return new RunOptions
        {
            SpaceText = text,
            Strategy = strategy,
            Iterations = iterations,
            Verify = verify,
            Command = Command,
            ProgramVersion = "1.2.3",
            Score = new ScoreOptions(ahead == 1 ? "closed-form" : "measured", new ScoreSettings(), ahead),
            Settings = new SearchSettings
            {
                Space = space,
                Initial = InitialNetwork.Generate(space, 32, 10, budget, seed),
                Budget = budget,
                Preset = preset,
                Seed = seed,
                PopulationSize = population,
            },
        };
    }

    /// <summary>The score that a run's options name.</summary>
    public static IScore Score(RunOptions options) => options.Score.Ahead == 1 ? new ClosedFormZenScore(options.Score.Settings.Alpha) : new NoisyScore();

    /// <summary>Runs a search to its end in one go.</summary>
    public static void Complete(string folder, RunOptions options, int threads = 1)
    {
        using var run = SearchRun.Create(folder, options);
        run.Search(Score(options), threads, null, CancellationToken.None);
        run.Finish(run.Verify(null));
    }
}
