using System.Collections.Immutable;
using System.Diagnostics;
using ZenNas.Architectures;
using ZenNas.Data;
using ZenNas.Data.Loading;
using ZenNas.Torch;
using ZenNas.Training.Lanes;
using ZenNas.Training.Recipes;
using ZenNas.Training.Teachers;
using ZenNas.Weights;
using static TorchSharp.torch;

namespace ZenNas.Training;

/// <summary>How far a training has come.</summary>
/// <param name="Epoch">The epoch, from 1.</param>
/// <param name="Epochs">Epochs in all.</param>
/// <param name="Loss">Mean loss of the epoch so far.</param>
/// <param name="ImagesPerSecond">Pictures learnt from in a second, in this epoch.</param>
/// <param name="Left">Time left.</param>
/// <param name="Finished">The row of the epoch where it is finished, otherwise null.</param>
public readonly record struct TrainingProgress(int Epoch, int Epochs, double Loss, double ImagesPerSecond, TimeSpan Left, EpochRow? Finished);

/// <summary>The loss became infinite or no number.</summary>
public sealed class DivergedException : Exception
{
    internal DivergedException(int epoch, int step)
        : base($"the loss is no finite number any more at step {step} of epoch {epoch}") { }
}

/// <summary>Trains a network as a folder's plan says; what is finished there isn't done again.</summary>
public sealed class Trainer
{
    private const int EpochsOfEstimate = 4;
    private readonly TrainingFolder _folder;
    private readonly TrainingPlan _plan;
    private readonly BatchLoader _batches;
    private readonly BatchLoader _tests;
    private readonly Action<TrainingProgress>? _progress;

    /// <param name="folder">Plan, and where results go.</param>
    /// <param name="data">Training and test pictures, with as many classes as the network.</param>
    /// <param name="workers">Threads that prepare pictures.</param>
    /// <param name="progress">Told after some steps, and after every epoch.</param>
    /// <exception cref="InvalidInputException">The data don't suit the network or the recipe.</exception>
    public Trainer(TrainingFolder folder, DatasetPair data, int workers, Action<TrainingProgress>? progress)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(data);
        (_folder, _plan, _progress) = (folder, folder.Plan, progress);
        (_batches, _tests) = TrainingData.Loaders(_plan, data, workers);
    }

    /// <summary>A sentence for each picture that was skipped since it can't be read.</summary>
    public ImmutableArray<string> BrokenPictures => [.. _batches.BrokenPictures, .. _tests.BrokenPictures];

    /// <summary>Finds out before anything is written whether pictures, recipe and device suit a plan's network.</summary>
    /// <exception cref="InvalidInputException">They don't.</exception>
    public static void Check(TrainingPlan plan, DatasetPair data)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(data);
        TrainingData.Check(plan, data);
        TorchRuntime.Initialize();
        using var teacher = TeacherFile.Open(plan, TorchDevices.Parse(plan.Device));
        if (teacher is not null)
        {
            _ = new Distillation(teacher, plan.Recipe.Distillation, Network.Lower(plan.Architecture));
        }
    }

    /// <summary>Trains until the recipe's last epoch.</summary>
    /// <returns>A row for each epoch.</returns>
    /// <exception cref="OperationCanceledException">It was cancelled; the folder holds the last finished epoch.</exception>
    /// <exception cref="DivergedException">The loss isn't finite any more; the folder holds the last finished epoch.</exception>
    public ImmutableArray<EpochRow> Run(CancellationToken cancellation)
    {
        ImmutableArray<EpochRow> rows = [];
        TorchRuntime.Initialize();
        LaneTeam.Run(TrainingSession.LanesOf(_plan), TrainingSession.LargestMapOf(_plan), team => rows = Run(team, cancellation));
        return rows;
    }

    private ImmutableArray<EpochRow> Run(LaneTeam team, CancellationToken cancellation)
    {
        var device = TorchDevices.Parse(_plan.Device);
        using var teacher = TeacherFile.Open(_plan, device);
        using var session = new TrainingSession(_plan, _folder.ReadStart(), teacher, device);
        var rows = Resume(session);
        var events = _folder.Events(rows);
        var schedule = new LearningRateSchedule(_plan.Recipe, _batches.TrainingBatches);
        while (rows.Length < _plan.Recipe.Epochs)
        {
            var (row, weights) = Epoch(session, team, schedule, rows, device, cancellation);
            rows = rows.Add(row);
            _folder.Save(session.Checkpoint(rows), weights);
            events.Add(rows[^1]);
            Report(rows.Length, rows[^1].TrainingLoss, rows[^1].ImagesPerSecond, Left(rows, 0, 1), rows[^1]);
        }

        return rows;
    }

    private ImmutableArray<EpochRow> Resume(TrainingSession session)
    {
        if (!File.Exists(_folder.CheckpointPath))
        {
            _folder.Save(session.Checkpoint([]), session.Evaluated());
            return [];
        }

        var checkpoint = CheckpointFile.Read(_folder.CheckpointPath, session.TensorLengths);
        session.Restore(checkpoint);

        // A kill may have come between the checkpoint and what is written from it.
        _folder.WriteDerived(checkpoint.Rows, session.Evaluated());
        return checkpoint.Rows;
    }

    private (EpochRow Row, NetworkWeights Weights) Epoch(
        TrainingSession session, LaneTeam team, LearningRateSchedule schedule, ImmutableArray<EpochRow> rows, Device device, CancellationToken cancellation)
    {
        var epoch = rows.Length;
        var clock = Stopwatch.StartNew();
        var (steps, losses, images) = (0, 0.0, 0L);
        double rate = 0;
        foreach (var batch in _batches.TrainingEpoch(epoch, cancellation))
        {
            cancellation.ThrowIfCancellationRequested();
            var step = (long)epoch * _batches.TrainingBatches + steps;
            rate = schedule.At(step);
            var loss = session.Step.Run(team, batch, rate, step);
            steps++;
            if (!double.IsFinite(loss))
            {
                throw new DivergedException(epoch + 1, steps);
            }

            losses += loss;
            images += batch.Count;
            Report(epoch + 1, losses / steps, images / clock.Elapsed.TotalSeconds, Left(rows, clock.Elapsed.TotalSeconds, (double)steps / _batches.TrainingBatches), null);
        }

        var seconds = clock.Elapsed.TotalSeconds;
        clock.Restart();
        var weights = session.Evaluated();
        var accuracy = NetworkEvaluation.WithThreads(_plan.Threads, () => NetworkEvaluation.Run(weights, _tests.EvaluationPass(cancellation), device, evaluated: null));
        if (!session.IsFinite() || !double.IsFinite(accuracy.Loss))
        {
            throw new DivergedException(epoch + 1, steps);
        }

        var row = new EpochRow(
            epoch + 1, rate, losses / steps, accuracy.Loss, accuracy.Top1, accuracy.Top5, seconds, clock.Elapsed.TotalSeconds, images);
        return (row, weights);
    }

    /// <summary>From the last epochs' times, or from the running one's where none is finished.</summary>
    private TimeSpan Left(ImmutableArray<EpochRow> rows, double elapsed, double share)
    {
        var perEpoch = rows.IsEmpty ? elapsed / share : rows.TakeLast(EpochsOfEstimate).Average(row => row.Seconds + row.EvaluationSeconds);
        return TimeSpan.FromSeconds(Math.Max(0, perEpoch * (_plan.Recipe.Epochs - rows.Length) - elapsed));
    }

    private void Report(int epoch, double loss, double imagesPerSecond, TimeSpan left, EpochRow? finished) =>
        _progress?.Invoke(new TrainingProgress(epoch, _plan.Recipe.Epochs, loss, imagesPerSecond, left, finished));
}
