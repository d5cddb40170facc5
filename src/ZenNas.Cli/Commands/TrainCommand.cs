using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Spectre.Console;
using ZenNas.Architectures;
using ZenNas.Cli.Clustered;
using ZenNas.Cli.Input;
using ZenNas.Cli.Rendering;
using ZenNas.Cluster;
using ZenNas.Complexity;
using ZenNas.Training;

namespace ZenNas.Cli.Commands;

/// <summary><c>zennas train</c>: trains a network on pictures.</summary>
internal static class TrainCommand
{
    public static Command Create(CancellationToken cancellation)
    {
        var options = new TrainOptions();
        var json = Options.Json();
        var command = new Command("train", "Train a network on pictures; a training that was interrupted goes on with --resume and ends as if it hadn't been.");
        options.AddTo(command);
        command.Add(json);
        command.SetAction(parsed =>
        {
            using var request = options.Open(parsed, cancellation);
            if (options.Server(parsed) is { } server && request.Folder.FinishedEpochs < request.Folder.Plan.Recipe.Epochs)
            {
                RunRemotely(request, server, options.Again(parsed), cancellation);
            }

            Present(request, Run(request, options.Workers(parsed), cancellation), parsed.GetValue(json));
        });
        return command;
    }

    private static void RunRemotely(TrainingRequest request, ServerOptions server, string again, CancellationToken cancellation)
    {
        var folder = request.Folder;
        try
        {
            using var progress = new ProgressLine();
            using var session = ClusterSession.Open(server, RunName.Of(folder.Folder), progress, cancellation);
            RemoteTraining.Run(session, folder, cancellation);
        }
        catch (OperationCanceledException)
        {
            Console.Error.WriteLine($"zennas: interrupted; the job stays on the server, fetch its result with: zennas train --resume {CommandText.Quote(folder.Folder)}{again}");
            throw;
        }
    }

    private static ImmutableArray<EpochRow> Run(TrainingRequest request, int workers, CancellationToken cancellation)
    {
        var folder = request.Folder;
        var again = $"zennas train --resume {CommandText.Quote(folder.Folder)}";
        using var progress = new ProgressLine();
        var trainer = new Trainer(folder, request.Data, workers, p => Show(p, progress));
        try
        {
            return trainer.Run(cancellation);
        }
        catch (OperationCanceledException)
        {
            Console.Error.WriteLine($"zennas: interrupted; the running epoch is lost, continue after the last finished one with: {again}");
            throw;
        }
        catch (IOException)
        {
            Console.Error.WriteLine($"zennas: the last finished epoch is safe; continue with: {again}");
            throw;
        }
        catch (DivergedException e)
        {
            throw new InvalidInputException(
                $"{e.Message}; the last good epoch is in {folder.Folder}, allowed is another training with a gentler recipe, such as a smaller --set learningRate=…", e);
        }
        finally
        {
            foreach (var picture in trainer.BrokenPictures)
            {
                progress.Line($"zennas: skipped: {picture}");
            }
        }
    }

    private static void Show(TrainingProgress p, ProgressLine progress)
    {
        if (p.Finished is { } row)
        {
            progress.Line(
                $"epoch {row.Epoch} of {p.Epochs}: loss {Loss(row.TrainingLoss)}, test accuracy {Percent(row.Top1)}, {Shown.Count((long)row.ImagesPerSecond)} images/s, {Shown.Seconds(row.Seconds)}");
            return;
        }

        progress.Report($"epoch {p.Epoch} of {p.Epochs}, loss {Loss(p.Loss)}, {Shown.Count((long)p.ImagesPerSecond)} images/s", p.Left);
    }

    private static void Present(TrainingRequest request, ImmutableArray<EpochRow> rows, bool json)
    {
        var (plan, last) = (request.Folder.Plan, rows[^1]);
        var seconds = rows.Sum(row => row.Seconds + row.EvaluationSeconds);
        if (json)
        {
            var cost = NetworkCost.Of(Network.Lower(plan.Architecture));
            Terminal.WriteJson(new JsonObject
            {
                ["folder"] = request.Folder.Folder,
                ["weights"] = request.Folder.WeightsPath,
                ["structure"] = StructureString.TryFormat(plan.Architecture),
                ["resolution"] = plan.Architecture.Resolution,
                ["classes"] = plan.Architecture.Classes,
                ["parameters"] = cost.Parameters,
                ["macs"] = cost.Macs,
                ["data"] = plan.Data,
                ["teacher"] = plan.Teacher,
                ["seed"] = plan.Seed,
                ["threads"] = plan.Threads,
                ["epochs"] = rows.Length,
                ["top1"] = last.Top1,
                ["top5"] = last.Top5,
                ["testLoss"] = last.TestLoss,
                ["trainingLoss"] = last.TrainingLoss,
                ["seconds"] = seconds,
                ["imagesPerSecond"] = rows.Sum(row => row.Images) / rows.Sum(row => row.Seconds),
            });
            return;
        }

        Terminal.Output.WriteLine(
            $"{rows.Length} epochs in {Shown.Seconds(seconds)} on {plan.Device} with {plan.Threads} threads: test accuracy {Percent(last.Top1)}, top-5 {Percent(last.Top5)}, loss {Loss(last.TestLoss)} nats");
        Terminal.Output.WriteLine($"Weights: {request.Folder.WeightsPath}");
        Terminal.Output.WriteLine($"Report:  {Path.Combine(request.Folder.Folder, "report.html")}");
    }

    private static string Loss(double value) => value.ToString("F3", CultureInfo.InvariantCulture);

    private static string Percent(double share) => (100 * share).ToString("F2", CultureInfo.InvariantCulture) + " %";
}
