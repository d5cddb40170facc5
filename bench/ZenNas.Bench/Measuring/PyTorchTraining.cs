using System.Diagnostics;
using System.Globalization;
using ZenNas.Bench.Results;
using ZenNas.Training.Recipes;

namespace ZenNas.Bench.Measuring;

/// <summary>A process of bench/pytorch/train.py.</summary>
internal sealed class PyTorchTraining : ITrainingSide
{
    private readonly Process _process;
    private readonly int _steps;

    public PyTorchTraining(string python, string model, TrainingRound round, string setting, params string[] arguments)
    {
        var augmentation = RecipeJson.Parse(RecipeJson.Builtin("quick")!).Augmentation;
        (Name, _steps) = ($"PyTorch, {setting}", round.Steps);
        _process = Process.Start(new ProcessStartInfo(
            python,
            [
                Repository.Path("bench", "pytorch", "train.py"), "--model", model, "--data", round.Data, "--batch", $"{round.Batch}", "--threads", $"{round.Threads}",
                "--pad", $"{augmentation.Pad}", "--erasing", augmentation.Erasing.ToString(CultureInfo.InvariantCulture), .. arguments,
            ])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            Environment = { ["GLIBC_TUNABLES"] = PyTorchProcess.Malloc },
        })!;
    }

    public string Name { get; }

    public double Seconds()
    {
        _process.StandardInput.WriteLine(_steps);
        _process.StandardInput.Flush();
        return _process.StandardOutput.ReadLine() is { } line
            ? double.Parse(line, CultureInfo.InvariantCulture)
            : throw new InvalidInputException($"{Name}: the process ended; allowed is a Python interpreter that imports torch and numpy, given by --python");
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }
}
