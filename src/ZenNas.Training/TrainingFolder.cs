using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using ZenNas.Architectures;
using ZenNas.Runs;
using ZenNas.Weights;

namespace ZenNas.Training;

/// <summary>
/// A training's folder: <c>training.json</c> (plan), <c>checkpoint.safetensors</c> (where it stands), <c>weights.safetensors</c> (network as evaluated
/// last), <c>metrics.csv</c>, <c>events/</c> (TensorBoard), <c>report.html</c>. The checkpoint is the truth; the rest is written from it. Held by one
/// process at a time.
/// </summary>
public sealed class TrainingFolder : IDisposable
{
    private const string PlanName = "training.json";
    private const int PlanLimit = 4 << 20;
    private readonly FileStream _lock;

    private TrainingFolder(string path, TrainingPlan plan, FileStream held) => (Folder, Plan, _lock) = (path, plan, held);

    /// <summary>Path of the folder.</summary>
    public string Folder { get; }

    /// <summary>What is trained, and how.</summary>
    public TrainingPlan Plan { get; }

    /// <summary>The trained network, after every epoch.</summary>
    public string WeightsPath => At("weights.safetensors");

    /// <summary>Where the training stands.</summary>
    internal string CheckpointPath => At("checkpoint.safetensors");

    private string StartPath => At("start.safetensors");

    /// <summary>Begins a training in a new folder.</summary>
    /// <param name="path">Path of the folder.</param>
    /// <param name="plan">What is trained, and how.</param>
    /// <param name="start">Weights to start from; null for untrained ones.</param>
    /// <exception cref="InvalidInputException">The folder exists, or can't be made.</exception>
    public static TrainingFolder Create(string path, TrainingPlan plan, NetworkWeights? start = null)
    {
        if (Path.Exists(path) && !IsUnfinished(path))
        {
            throw new InvalidInputException($"--out is '{path}', which exists; allowed is a new folder, or --resume '{path}' to go on");
        }

        try
        {
            Directory.CreateDirectory(path);
            var folder = new TrainingFolder(path, plan, Hold(path));
            try
            {
                if (start is not null)
                {
                    AtomicFile.Write(folder.StartPath, WeightsFile.ToBytes(start));
                }

                AtomicFile.Write(folder.At(PlanName), TrainingPlanJson.Write(plan));
                return folder;
            }
            catch
            {
                folder.Dispose();
                throw;
            }
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            throw new InvalidInputException($"--out is '{path}', which can't be made ({e.Message}); allowed is a place where folders can be made", e);
        }
    }

    /// <summary>Opens a training to go on.</summary>
    /// <exception cref="InvalidInputException">It is no training's folder, or another process works in it.</exception>
    public static TrainingFolder Open(string path)
    {
        var file = Path.Combine(path, PlanName);
        if (!File.Exists(file) || new FileInfo(file).Length > PlanLimit)
        {
            throw new InvalidInputException($"--resume is '{path}', which has no {PlanName}; allowed is the folder of a training");
        }

        return new TrainingFolder(path, TrainingPlanJson.Parse(File.ReadAllText(file)), Hold(path));
    }

    /// <summary>Bytes of the weights that the training starts from; null for untrained ones.</summary>
    public byte[]? StartContent() => File.Exists(StartPath) ? File.ReadAllBytes(StartPath) : null;

    /// <summary>Takes over where a training by the same plan stands on another machine, unless it is further here.</summary>
    /// <param name="checkpoint">From <see cref="ReadCheckpoint"/> there.</param>
    /// <exception cref="InvalidInputException">It is no checkpoint.</exception>
    public void Adopt(ReadOnlySpan<byte> checkpoint)
    {
        if (CheckpointFile.EpochsOf(checkpoint) > FinishedEpochs)
        {
            AtomicFile.Write(CheckpointPath, checkpoint);
        }
    }

    /// <summary>Where the training stands, for <see cref="Adopt"/> on another machine; null where it hasn't finished an epoch.</summary>
    public byte[]? ReadCheckpoint() => File.Exists(CheckpointPath) ? File.ReadAllBytes(CheckpointPath) : null;

    /// <summary>Epochs that are finished.</summary>
    /// <exception cref="InvalidInputException">The checkpoint is damaged.</exception>
    public int FinishedEpochs => ReadCheckpoint() is { } checkpoint ? CheckpointFile.EpochsOf(checkpoint) : 0;

    /// <summary>Epochs that a checkpoint has finished; null where it is damaged, or none.</summary>
    public static int? EpochsOf(ReadOnlySpan<byte> checkpoint)
    {
        try
        {
            return CheckpointFile.EpochsOf(checkpoint);
        }
        catch (InvalidInputException)
        {
            // Whoever asks goes on without it.
            return null;
        }
    }

    /// <summary>Whether a folder holds a training that can go on.</summary>
    public static bool IsOne(string path) => File.Exists(Path.Combine(path, PlanName));

    /// <inheritdoc/>
    public void Dispose() => _lock.Dispose();

    /// <summary>Saves where the training stands, then everything that follows from it.</summary>
    internal void Save(Checkpoint checkpoint, NetworkWeights weights)
    {
        CheckpointFile.Write(CheckpointPath, checkpoint);
        WriteDerived(checkpoint.Rows, weights);
    }

    /// <summary>Writes what follows from a checkpoint.</summary>
    internal void WriteDerived(ImmutableArray<EpochRow> rows, NetworkWeights weights)
    {
        AtomicFile.Write(WeightsPath, WeightsFile.ToBytes(weights));
        AtomicFile.Write(At("metrics.csv"), Metrics(rows));
        AtomicFile.Write(At("report.html"), TrainingReport.Render(Plan, rows));
    }

    /// <summary>Weights that the training starts from; null for untrained ones.</summary>
    internal NetworkWeights? ReadStart()
    {
        if (!File.Exists(StartPath))
        {
            return null;
        }

        using var stream = File.OpenRead(StartPath);
        return WeightsFile.Read(Network.Lower(Plan.Architecture), stream);
    }

    /// <summary>Begins TensorBoard's events anew with the rows so far, so that a training that goes on leaves no gap and nothing twice.</summary>
    internal TensorBoardEvents Events(ImmutableArray<EpochRow> rows) => new(At("events"), rows);

    private static string Metrics(ImmutableArray<EpochRow> rows)
    {
        var text = new StringBuilder("epoch,learning_rate,training_loss,test_loss,top1,top5,seconds,evaluation_seconds,images_per_second\n");
        foreach (var row in rows)
        {
            text.Append(CultureInfo.InvariantCulture, $"{row.Epoch},{row.LearningRate:G9},{row.TrainingLoss:G9},{row.TestLoss:G9},{row.Top1},{row.Top5},")
                .Append(CultureInfo.InvariantCulture, $"{row.Seconds:F2},{row.EvaluationSeconds:F2},{row.ImagesPerSecond:F1}\n");
        }

        return text.ToString();
    }

    /// <summary>Whether a kill came while the folder was being made: nothing can be lost in it.</summary>
    private static bool IsUnfinished(string path) => Directory.Exists(path)
        && Directory.EnumerateFileSystemEntries(path).Select(Path.GetFileName).All(name => name is ".lock" or "start.safetensors" || name!.EndsWith(".tmp", StringComparison.Ordinal))
        && Directory.EnumerateFileSystemEntries(path).Any();

    private static FileStream Hold(string path)
    {
        try
        {
            return new FileStream(Path.Combine(path, ".lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException($"folder '{path}' is in use ({e.Message}); allowed is one process at a time", e);
        }
    }

    private string At(string name) => Path.Combine(Folder, name);
}
