using System.CommandLine;
using ZenNas.Architectures;
using ZenNas.Bench.Networks;
using ZenNas.Bench.Results;
using ZenNas.Scores;
using ZenNas.Search;

namespace ZenNas.Bench.Commands;

/// <summary>Networks as a search meets them, for the other commands.</summary>
internal static class StreamCommand
{
    private const string Spread = "none, the closed form has no noise";

    public static Command Create()
    {
        var command = new Command("stream", "Writes different networks as a search of each space meets them into bench/streams.");
        var common = new CommonOptions(command);
        var streams = CommonOptions.Streams();
        var networks = CommonOptions.Number("--networks", 50, 1, 1000, "Networks of each stream.");
        var steps = CommonOptions.Number("--steps", 20_000, 1, 10_000_000, "Steps of the search.");
        var seed = CommonOptions.Number("--seed", 7, 0, int.MaxValue, "Seed of the search.");
        command.Add(streams);
        command.Add(networks);
        command.Add(steps);
        command.Add(seed);
        command.SetAction(parsed => Run(
            common.Open(parsed, cores: 1), parsed.GetValue(streams)!, parsed.GetValue(networks), parsed.GetValue(steps), parsed.GetValue(seed)));
        return command;
    }

    private static void Run(ResultFolder results, string streams, int networks, int steps, int seed)
    {
        var score = new ClosedFormZenScore();
        var table = new Table("space", "task", "steps", "scored", "networks written", "first score", "last score", "best score");
        foreach (var space in BenchSpace.All)
        {
            var scored = new List<Network>();
            var search = new EvolutionarySearch(space.Settings((ulong)seed, PairVariation.PresetName));
            ClosedFormSearch.Run(search, score, steps, proposal => scored.Add(proposal.Network));
            var chosen = SpreadEvenly(scored, networks, space);
            NetworkStream.Write(streams, space, chosen.Select(n => n.Architecture));
            table.Add(
                space.Name, space.Task, $"{search.Step}", $"{scored.Count}", $"{chosen.Count}",
                $"{score.Score(chosen[0].Vanilla):F2}", $"{score.Score(chosen[^1].Vanilla):F2}", $"{search.Best!.Score:F2}");
        }

        results.WriteMarkdown(
            "stream.md", "Streams of networks", Spread,
            $"Each stream is spread evenly over the scored networks of a closed-form search, preset {PairVariation.PresetName}, seed {seed}.",
            table.ToMarkdown());
    }

    /// <summary>One network out of the middle of each of so many equal parts.</summary>
    private static List<Network> SpreadEvenly(List<Network> scored, int count, BenchSpace space) =>
        count <= scored.Count
            ? [.. Enumerable.Range(0, count).Select(i => scored[(int)((2L * i + 1) * scored.Count / (2L * count))])]
            : throw new InvalidInputException($"networks are {count}; the search of space '{space.Name}' scored {scored.Count}, take more --steps");
}
