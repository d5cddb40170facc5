using System.Collections.Immutable;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace ZenNas.Training;

/// <summary>The rows of a training as TensorBoard reads them.</summary>
internal sealed class TensorBoardEvents
{
    private readonly SummaryWriter _writer;

    /// <param name="folder">Where they go; what is there is removed.</param>
    /// <param name="rows">Rows so far.</param>
    public TensorBoardEvents(string folder, ImmutableArray<EpochRow> rows)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        _writer = utils.tensorboard.SummaryWriter(folder);
        foreach (var row in rows)
        {
            Add(row);
        }
    }

    public void Add(EpochRow row)
    {
        _writer.add_scalar("loss/training", (float)row.TrainingLoss, row.Epoch);
        _writer.add_scalar("loss/test", (float)row.TestLoss, row.Epoch);
        _writer.add_scalar("accuracy/top1", (float)row.Top1, row.Epoch);
        _writer.add_scalar("accuracy/top5", (float)row.Top5, row.Epoch);
        _writer.add_scalar("learning_rate", (float)row.LearningRate, row.Epoch);
        _writer.add_scalar("images_per_second", (float)row.ImagesPerSecond, row.Epoch);
    }
}
