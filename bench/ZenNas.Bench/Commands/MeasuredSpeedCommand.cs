using System.CommandLine;
using ZenNas.Architectures;
using ZenNas.Bench.Measuring;
using ZenNas.Bench.Networks;
using ZenNas.Bench.Results;
using ZenNas.Scores;

namespace ZenNas.Bench.Commands;

/// <summary>How fast measured scores are, against PyTorch in all settings that could be its best.</summary>
internal static class MeasuredSpeedCommand
{
    private const int WarmUpNetworks = 3;
    private const string Spread = "quartiles over the networks, each of which every side scores once";

    public static Command Create()
    {
        var command = new Command("measured-speed", "Time of measured scores on a stream of new networks, against PyTorch.");
        var common = new CommonOptions(command);
        var space = CommonOptions.Space();
        var batch = CommonOptions.Batch();
        var threads = CommonOptions.Threads();
        var networks = CommonOptions.Number("--networks", 50, 1, 1000, "Networks of the stream.");
        var streams = CommonOptions.Streams();
        var python = new Option<string>("--python")
        {
            Description = "Python interpreter with PyTorch.",
            DefaultValueFactory = _ => "/usr/bin/python3",
        };
        foreach (var option in new Option[] { space, batch, threads, networks, streams, python })
        {
            command.Add(option);
        }

        command.SetAction(parsed =>
        {
            var results = common.Open(parsed, parsed.GetValue(threads));
            var benchSpace = BenchSpace.Of(parsed.GetValue(space)!);
            var stream = NetworkStream.Read(parsed.GetValue(streams)!, benchSpace, parsed.GetValue(networks));
            Run(results, benchSpace, stream, parsed.GetValue(batch), parsed.GetValue(threads), parsed.GetValue(python)!);
        });
        return command;
    }

    private static void Run(ResultFolder results, BenchSpace space, IReadOnlyList<Architecture> stream, int batch, int threads, string python)
    {
        var peers = new List<PyTorchSide>();
        try
        {
            foreach (var setting in PyTorchSetting.All(threads))
            {
                peers.Add(new PyTorchSide(setting, batch, python));
            }

            var torch = peers.Select(p => p.WaitUntilReady()).ToArray()[0];
            ZenNasSide[] ours = [new(Precision.Fp32, batch, threads), new(Precision.Bf16, batch, threads)];
            ITimedSide[] sides = [.. ours, .. peers];
            WarmUp(sides, space);
            var report = new SpeedReport(sides, ours.Length, Measure(sides, stream));
            results.WriteCsv($"{space.Name}.csv", report.Raw(stream), "raw times, one row for each network and side");
            results.WriteMarkdown(
                $"{space.Name}.md", $"Seconds per measured score, space {space.Name}", Spread,
                $"{stream.Count} networks as a search meets them ({space.Task}), {batch} images, {threads} thread{(threads == 1 ? "" : "s")}, one side at a time in turning "
                + $"order, after {WarmUpNetworks} other networks. PyTorch {torch} with malloc tuned as ZenNas tunes it. Times hold everything "
                + "from the structure string to the score, with fresh weights for each score.",
                report.Times(), report.Ratios(), report.ScoreDifferences());
        }
        finally
        {
            peers.ForEach(p => p.Dispose());
        }
    }

    private static void WarmUp(ITimedSide[] sides, BenchSpace space)
    {
        foreach (var network in RandomNetworks.Draw(space.Space, space.Resolution, space.Classes, space.Budget, WarmUpNetworks, seed: 1))
        {
            foreach (var side in sides)
            {
                side.Run(StructureString.TryFormat(network)!, network);
            }
        }
    }

    /// <summary>One row a network, one column a side. Another side begins with each network.</summary>
    private static TimedScore[][] Measure(ITimedSide[] sides, IReadOnlyList<Architecture> stream)
    {
        var progress = new Progress("networks", stream.Count);
        var rows = new TimedScore[stream.Count][];
        for (var i = 0; i < stream.Count; i++)
        {
            rows[i] = new TimedScore[sides.Length];
            var structure = StructureString.TryFormat(stream[i])!;
            for (var turn = 0; turn < sides.Length; turn++)
            {
                var side = (i + turn) % sides.Length;
                rows[i][side] = sides[side].Run(structure, stream[i]);
            }

            progress.Advance();
        }

        return rows;
    }
}
