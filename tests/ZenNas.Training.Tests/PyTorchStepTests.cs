using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using ZenNas.Export.PyTorch;
using ZenNas.Torch;
using ZenNas.Training.Lanes;
using ZenNas.Training.Recipes;
using ZenNas.Weights;
using static TorchSharp.torch;

namespace ZenNas.Training.Tests;

/// <summary>The first steps of a training against PyTorch's own optimiser, loss and gradients, on the exported source of the same network.</summary>
public sealed class PyTorchStepTests : IDisposable
{
    private const string Python = "/usr/bin/python3";
    private const int Steps = 20;
    private const int Batches = 2;
    private readonly DirectoryInfo _temp = Directory.CreateTempSubdirectory("zennas-steps-");

    public void Dispose() => _temp.Delete(recursive: true);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Should_learn_as_PyTorch_does(bool squeezes)
    {
        SkipWithoutTorch();
        var recipe = TestPlans.Recipe() with { Mixup = 0, AverageDecay = 0, LearningRate = 0.8, WarmUpEpochs = 0 };
        var plan = TestPlans.Plan(TestPlans.Network(squeezes: squeezes), recipe);
        var start = NetworkWeights.Random(TestPlans.Network(squeezes: squeezes), 3).WithZeroResidualScales();
        var (loader, _) = TrainingData.Loaders(plan, StripedPictures.Pair(640, 10, 16), workers: 1);
        var schedule = new LearningRateSchedule(recipe, loader.TrainingBatches);
        double[] rates = [.. Enumerable.Range(0, Steps).Select(step => schedule.At(step))];

        using var scope = NewDisposeScope();
        using var team = LaneTeam.Alone();
        using var session = new TrainingSession(plan, start, null, CPU);
        var (losses, images, labels) = (new List<double>(), new List<Tensor>(), new List<Tensor>());
        // Few batches, again and again, so that something is learnt.
        foreach (var batch in Enumerable.Range(0, Steps / Batches).SelectMany(_ => loader.TrainingEpoch(0, TestContext.Current.CancellationToken).Take(Batches)))
        {
            images.Add(BatchTensors.Images(batch, CPU).contiguous());
            labels.Add(BatchTensors.Labels(batch.Labels, batch.Count, CPU));
            losses.Add(session.Step.Run(team, batch, rates[losses.Count], losses.Count));
        }

        var theirs = LossesOfPyTorch(start.WithEpsilon(recipe.BatchNormEpsilon), recipe, stack(images), stack(labels), rates);
        Assert.True(theirs[10..].Average() < theirs[..10].Average(), "nothing was learnt");
        for (var i = 0; i < Steps; i++)
        {
            Assert.True(Math.Abs(theirs[i] - losses[i]) <= 1e-4, $"step {i}: {theirs[i]} and {losses[i]}");
        }
    }

    private double[] LossesOfPyTorch(NetworkWeights weights, Recipe recipe, Tensor images, Tensor labels, double[] rates)
    {
        File.WriteAllText(At(PyTorchExport.ModelFileName), PyTorchExport.ToSource(weights));
        File.WriteAllBytes(At(PyTorchExport.WeightsFileName), WeightsFile.ToBytes(weights));
        SafeTensors.Write(At("batches.safetensors"), [("images", images), ("labels", labels)]);
        File.WriteAllText(At("rates.json"), JsonSerializer.Serialize(rates));
        var script = Path.Combine(AppContext.BaseDirectory, "PyTorch", "train.py");
        string Number(double value) => value.ToString(CultureInfo.InvariantCulture);
        using var process = Process.Start(new ProcessStartInfo(
            Python,
            [
                script, "--model", _temp.FullName, "--batches", At("batches.safetensors"), "--rates", At("rates.json"), "--threads", "1",
                "--momentum", Number(recipe.Momentum), "--weight-decay", Number(recipe.WeightDecay), "--bn-momentum", Number(recipe.BatchNormMomentum),
                "--label-smoothing", Number(recipe.LabelSmoothing),
            ])
        { RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return JsonSerializer.Deserialize<double[]>(output)!;
    }

    private static void SkipWithoutTorch()
    {
        Assert.SkipUnless(File.Exists(Python), $"needs {Python}");
        using var process = Process.Start(new ProcessStartInfo(Python, ["-c", "import torch, numpy"]) { RedirectStandardError = true })!;
        process.WaitForExit();
        Assert.SkipUnless(process.ExitCode == 0, $"needs Debian's python3-torch for {Python}");
    }

    private string At(string name) => Path.Combine(_temp.FullName, name);
}
