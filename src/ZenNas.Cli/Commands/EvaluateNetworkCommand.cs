using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Spectre.Console;
using ZenNas.Architectures;
using ZenNas.Cli.Input;
using ZenNas.Cli.Rendering;
using ZenNas.Data;
using ZenNas.Scores;
using ZenNas.Training;

namespace ZenNas.Cli.Commands;

/// <summary><c>zennas evaluate</c>: accuracy of trained weights on test pictures.</summary>
internal static class EvaluateNetworkCommand
{
    private const int DefaultBatch = 128;
    private const int MostShownClasses = 20;

    public static Command Create(CancellationToken cancellation)
    {
        var network = new Argument<string>("network") { Description = NetworkArgument.Description };
        var weights = Options.Text("--weights", "Trained weights in safetensors. Required.", "FILE");
        var data = DataArgument.Option();
        var resolution = Options.Integer("--resolution", "Height and width of the input in pixels. [default: the network's; for a structure string the pictures']", 1, Limits.Resolution);
        var crop = Options.Real("--crop", "Share of a picture's shorter side that is evaluated. [default: 1 for pictures of the network's size, otherwise 0.875]", 0, 1);
        var batch = Options.Integer("--batch", "Pictures at once. [default: 128]", 1, ScoreSettings.MaxBatchSize);
        var threads = Options.Integer("--threads", "Threads of torch. [default: all cores]", 1, 4096);
        var device = Options.Device();
        var brokenPictures = DataArgument.BrokenPictures();
        var json = Options.Json();
        var command = new Command("evaluate", "Top-1 and top-5 accuracy of trained weights on test pictures, and which classes are taken for which.")
        {
            network, weights, data, resolution, crop, batch, threads, device, brokenPictures, json,
        };
        command.SetAction(parsed =>
        {
            var pictures = DatasetFolder.Open(DataArgument.Required(parsed.GetValue(data)));
            var text = parsed.GetRequiredValue(network);
            var architecture = NetworkArgument.Resolve(
                text, parsed.GetValue(resolution), pictures.Test.ClassNames.Length, DataArgument.Defaults(pictures.Test));
            var file = parsed.GetValue(weights) ?? throw new InvalidInputException("--weights is missing; allowed is a file that 'zennas train' wrote");
            var settings = new EvaluationSettings(
                parsed.GetValue(batch) ?? DefaultBatch, parsed.GetValue(threads) ?? Environment.ProcessorCount, parsed.GetValue(device) ?? new ScoreSettings().Device,
                DataArgument.ParseBrokenPictures(parsed.GetValue(brokenPictures)), parsed.GetValue(crop));
            using var progress = new ProgressLine();
            var accuracy = NetworkEvaluation.Run(
                WeightsArgument.Read(file, Network.Lower(architecture)), pictures, settings,
                done => progress.Report("picture", done, pictures.Test.Count), out var broken, cancellation);
            progress.Dispose();
            foreach (var picture in broken)
            {
                Console.Error.WriteLine($"zennas: skipped: {picture}");
            }

            if (parsed.GetValue(json))
            {
                Terminal.WriteJson(ToNode(accuracy, pictures));
            }
            else
            {
                Show(accuracy, pictures);
            }
        });
        return command;
    }

    private static JsonObject ToNode(Accuracy accuracy, DatasetPair data) => new()
    {
        ["data"] = data.Test.Name,
        ["images"] = accuracy.Images,
        ["top1"] = accuracy.Top1,
        ["top5"] = accuracy.Top5,
        ["loss"] = accuracy.Loss,
        ["classNames"] = new JsonArray([.. data.Test.ClassNames.Select(name => JsonValue.Create(name))]),
        ["confusion"] = new JsonArray([.. accuracy.Confusion.Select(row => new JsonArray([.. row.Select(count => JsonValue.Create(count))]))]),
    };

    private static void Show(Accuracy accuracy, DatasetPair data)
    {
        Terminal.Output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{data.Test.Name}, {accuracy.Images:N0} test pictures: top-1 {100 * accuracy.Top1:F2} %, top-5 {100 * accuracy.Top5:F2} %, loss {accuracy.Loss:F4} nats"));
        if (accuracy.Confusion.Length > MostShownClasses)
        {
            Terminal.Output.WriteLine($"The confusion table of {accuracy.Confusion.Length} classes is in the output of --json.");
            return;
        }

        var table = Terminal.Table(["true class", .. data.Test.ClassNames.Select(Markup.Escape), "right"]);
        for (var row = 0; row < accuracy.Confusion.Length; row++)
        {
            var counts = accuracy.Confusion[row];
            var right = counts.Sum() == 0 ? "–" : string.Create(CultureInfo.InvariantCulture, $"{100.0 * counts[row] / counts.Sum():F1} %");
            table.AddRow([Markup.Escape(data.Test.ClassNames[row]), .. counts.Select(count => Shown.Count(count)), right]);
        }

        Terminal.Output.Write(table);
    }
}
