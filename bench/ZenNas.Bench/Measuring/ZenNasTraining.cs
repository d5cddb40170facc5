using System.Diagnostics;
using TorchSharp;
using ZenNas.Data;
using ZenNas.Data.Loading;
using ZenNas.Scores;
using ZenNas.Torch;
using ZenNas.Training;
using ZenNas.Training.Lanes;
using ZenNas.Training.Recipes;
using ZenNas.Weights;

namespace ZenNas.Bench.Measuring;

/// <summary>The same steps as the trainer's, without evaluation and checkpoints.</summary>
internal sealed class ZenNasTraining : ITrainingSide
{
    private const int WarmUpSteps = 20;
    private readonly TrainingRound _round;
    private readonly TrainingPlan _plan;
    private readonly TrainingSession _session;
    private readonly BatchLoader _loader;
    private bool _isWarm;
    private int _epoch;
    private long _step;

    public ZenNasTraining(NetworkWeights weights, TrainingRound round, Precision precision)
    {
        TorchRuntime.Initialize();
        (Name, _round) = ($"ZenNas, {precision.ToString().ToLowerInvariant()}", round);
        _plan = new TrainingPlan
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
        _session = new TrainingSession(_plan, weights, null, torch.CPU);
        (_loader, _) = TrainingData.Loaders(_plan, DatasetFolder.Open(round.Data), round.Threads);
    }

    public string Name { get; }

    public double Seconds()
    {
        double seconds = 0;
        LaneTeam.Run(
            TrainingSession.LanesOf(_plan), TrainingSession.LargestMapOf(_plan),
            team =>
            {
                if (!_isWarm)
                {
                    Steps(team, WarmUpSteps);
                    _isWarm = true;
                }

                var clock = Stopwatch.StartNew();
                Steps(team, _round.Steps);
                seconds = clock.Elapsed.TotalSeconds;
            });
        return seconds;
    }

    public void Dispose() => _session.Dispose();

    private void Steps(LaneTeam team, int count)
    {
        while (count > 0)
        {
            foreach (var batch in _loader.TrainingEpoch(_epoch++).Take(count))
            {
                _session.Step.Run(team, batch, 0.05, _step++);
                count--;
            }
        }
    }
}
