using System.CommandLine;
using System.Globalization;
using ZenNas.Architectures;
using ZenNas.Bench.Measuring;
using ZenNas.Bench.Results;
using ZenNas.Export.PyTorch;
using ZenNas.Scores;
using ZenNas.Weights;

namespace ZenNas.Bench.Commands;

/// <summary>How fast training is, against a plain PyTorch loop on the same network, batch and threads.</summary>
internal static class TrainingSpeedCommand
{
    private const int Resolution = 28;
    private const int Classes = 10;
    private const string Spread = "quartiles over the rounds, each of which every side runs once, in turning order";

    public static Command Create()
    {
        var command = new Command("training-speed", "Pictures learnt from in a second, against PyTorch.");
        var common = new CommonOptions(command);
        var data = new Option<string>("--data") { Description = "Folder of Fashion-MNIST.", DefaultValueFactory = _ => "/usr/share/datasets/fashion-mnist" };
        var network = new Option<string>("--network") { Description = "Structure string.", Required = true };
        var threads = CommonOptions.Threads();
        var batch = CommonOptions.Number("--batch", 128, 2, 4096, "Pictures of a step.");
        var steps = CommonOptions.Number("--steps", 100, 1, 10_000, "Steps of a round.");
        var rounds = CommonOptions.Number("--rounds", 9, 1, 1000, "Rounds.");
        var python = new Option<string>("--python") { Description = "Python interpreter with PyTorch.", DefaultValueFactory = _ => "/usr/bin/python3" };
        foreach (var option in new Option[] { data, network, threads, batch, steps, rounds, python })
        {
            command.Add(option);
        }

        command.SetAction(parsed =>
        {
            var architecture = StructureString.Parse(parsed.GetValue(network)!, Resolution, Classes);
            var setting = new TrainingRound(parsed.GetValue(data)!, parsed.GetValue(batch), parsed.GetValue(threads), parsed.GetValue(steps));
            Run(common.Open(parsed, parsed.GetValue(threads)), architecture, setting, parsed.GetValue(rounds), parsed.GetValue(python)!);
        });
        return command;
    }

    private static void Run(ResultFolder results, Architecture architecture, TrainingRound setting, int rounds, string python)
    {
        var model = Directory.CreateTempSubdirectory("zennas-training-speed-");
        var weights = NetworkWeights.Random(Network.Lower(architecture), 1);
        File.WriteAllText(Path.Combine(model.FullName, PyTorchExport.ModelFileName), PyTorchExport.ToSource(weights));
        File.WriteAllBytes(Path.Combine(model.FullName, PyTorchExport.WeightsFileName), WeightsFile.ToBytes(weights));
        ITrainingSide[] sides =
        [
            new ZenNasTraining(weights, setting, Precision.Fp32),
            new ZenNasTraining(weights, setting, Precision.Bf16),
            new PyTorchTraining(python, model.FullName, setting, "NCHW, fp32"),
            new PyTorchTraining(python, model.FullName, setting, "channels-last, fp32", "--channels-last"),
            new PyTorchTraining(python, model.FullName, setting, "channels-last, bf16", "--channels-last", "--bf16"),
        ];
        try
        {
            var progress = new Progress("rounds", rounds);
            var rates = new double[rounds][];
            for (var round = 0; round < rounds; round++)
            {
                rates[round] = new double[sides.Length];
                for (var turn = 0; turn < sides.Length; turn++)
                {
                    var side = (round + turn) % sides.Length;
                    rates[round][side] = setting.Images / sides[side].Seconds();
                }

                progress.Advance();
            }

            results.WriteMarkdown(
                "training-speed.md", "Pictures learnt from in a second", Spread,
                $"{StructureString.TryFormat(architecture)}, {Resolution}×{Resolution}, batches of {setting.Batch}, {setting.Threads} threads, {setting.Steps} steps a round, {rounds} rounds "
                + "after a warm-up. Everything is timed: pad-and-crop, flip, erasing, forward, backward, update. PyTorch's malloc is tuned as ours; its pictures are augmented a batch at a time, between the steps.",
                Times(sides, rates), Ratios(sides, rates));
        }
        finally
        {
            foreach (var side in sides)
            {
                side.Dispose();
            }

            model.Delete(recursive: true);
        }
    }

    private static string Times(ITrainingSide[] sides, double[][] rates)
    {
        var table = new Table("side", "pictures a second", "quartiles");
        for (var i = 0; i < sides.Length; i++)
        {
            var (low, median, high) = Quartiles(rates.Select(round => round[i]));
            table.Add(sides[i].Name, Number(median, 0), $"{Number(low, 0)} to {Number(high, 0)}");
        }

        return table.ToMarkdown();
    }

    /// <summary>Ratios within rounds, so that a machine that changes its speed changes both sides.</summary>
    private static string Ratios(ITrainingSide[] sides, double[][] rates)
    {
        var table = new Table("ours", "theirs", "ratio", "quartiles");
        for (var ours = 0; ours < 2; ours++)
        {
            for (var theirs = 2; theirs < sides.Length; theirs++)
            {
                var (low, median, high) = Quartiles(rates.Select(round => round[ours] / round[theirs]));
                table.Add(sides[ours].Name, sides[theirs].Name, Number(median, 2), $"{Number(low, 2)} to {Number(high, 2)}");
            }
        }

        return table.ToMarkdown();
    }

    private static (double Low, double Median, double High) Quartiles(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[sorted.Length / 4], sorted[sorted.Length / 2], sorted[sorted.Length - 1 - sorted.Length / 4]);
    }

    private static string Number(double value, int decimals) => value.ToString($"F{decimals}", CultureInfo.InvariantCulture);
}
