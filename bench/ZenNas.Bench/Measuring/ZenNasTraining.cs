using System.Diagnostics;
using TorchSharp;
using ZenNas.Data;
using ZenNas.Data.Loading;
using ZenNas.Scores;
using ZenNas.Torch;
using ZenNas.Training;
using ZenNas.Training.Recipes;
using ZenNas.Weights;

namespace ZenNas.Bench.Measuring;

/// <summary>The same steps as the trainer's, without evaluation and checkpoints.</summary>
internal sealed class ZenNasTraining : ITrainingSide
{
    private const int WarmUpSteps = 20;
    private readonly TrainingRound _round;
    private readonly TrainingSession _session;
    private readonly BatchLoader _loader;
    private bool _isWarm;
    private int _epoch;
    private long _step;

    public ZenNasTraining(NetworkWeights weights, TrainingRound round, Precision precision)
    {
        TorchRuntime.Initialize();
        (Name, _round) = ($"ZenNas, {precision.ToString().ToLowerInvariant()}", round);
        var plan = new TrainingPlan
        {
            Architecture = weights.Network.Architecture,
            Recipe = RecipeJson.Parse(RecipeJson.Builtin("quick")!) with { Batch = round.Batch, AverageDecay = 0 },
            Data = round.Data,
            Teacher = null,
            Seed = 1,
            Threads = round.Threads,
            Precision = precision,
            Device = "cpu",
            BrokenPictures = BrokenPictureHandling.Fail,
        };
        _session = new TrainingSession(plan, weights, null, torch.CPU);
        (_loader, _) = TrainingData.Loaders(plan, DatasetFolder.Open(round.Data), round.Threads);
    }

    public string Name { get; }

    public double Seconds()
    {
        double seconds = 0;
        TensorThreads.Run(
            1, 1, _ =>
            {
                torch.set_num_threads(_round.Threads);
                if (!_isWarm)
                {
                    Steps(WarmUpSteps);
                    _isWarm = true;
                }

                var clock = Stopwatch.StartNew();
                Steps(_round.Steps);
                seconds = clock.Elapsed.TotalSeconds;
                torch.set_num_threads(1);
            },
            CancellationToken.None);
        return seconds;
    }

    public void Dispose() => _session.Dispose();

    private void Steps(int count)
    {
        while (count > 0)
        {
            foreach (var batch in _loader.TrainingEpoch(_epoch++).Take(count))
            {
                _session.Step.Run(batch, 0.05, _step++);
                count--;
            }
        }
    }
}
