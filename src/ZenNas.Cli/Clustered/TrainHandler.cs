using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using ZenNas.Architectures;
using ZenNas.Cluster.Messages;
using ZenNas.Cluster.Working;
using ZenNas.Data;
using ZenNas.Runs;
using ZenNas.Training;
using ZenNas.Weights;

namespace ZenNas.Cli.Clustered;

/// <summary>
/// Trains networks on pictures that this worker has. Every epoch's checkpoint goes to the object store, so that a training whose worker died goes on
/// at another one after its last finished epoch.
/// </summary>
internal sealed class TrainHandler : IJobHandler
{
    /// <summary>Largest checkpoint, teacher or start in bytes.</summary>
    public const long MostBytes = 2L << 30;

    private const int HashDigits = 16;

    private readonly ImmutableDictionary<string, DatasetPair> _data;
    private readonly ImmutableDictionary<string, string> _paths;
    private readonly string _folder;

    /// <param name="data">Folders of pictures.</param>
    /// <param name="folder">Where trainings are kept, so that a worker that was killed goes on.</param>
    /// <exception cref="InvalidInputException">A folder holds no pictures, or two hold the same.</exception>
    public TrainHandler(IEnumerable<string> data, string folder)
    {
        var opened = data.Select(path => (Path: path, Pair: DatasetFolder.Open(path))).Select(d => (d.Path, d.Pair, Sha256: DataFingerprint.Of(d.Pair))).DistinctBy(d => d.Sha256).ToArray();
        _data = opened.ToImmutableDictionary(d => d.Sha256, d => d.Pair);
        _paths = opened.ToImmutableDictionary(d => d.Sha256, d => Path.GetFullPath(d.Path));
        _folder = folder;
    }

    /// <inheritdoc/>
    public ImmutableArray<string> Queues => [.. _data.Keys.Select(JobKinds.TrainQueue)];

    /// <inheritdoc/>
    public JsonObject Perform(TakenJob job, CancellationToken cancellation)
    {
        var request = (TrainRequest)job.Request;
        var data = _data.GetValueOrDefault(request.DataSha256) ?? throw new InvalidInputException("this worker doesn't have these pictures; allowed are those given with --data");
        var path = Path.Combine(_folder, $"train-{job.Name}");
        using var folder = Directory.Exists(path) ? TrainingFolder.Open(path) : Begin(request, job, path, cancellation);
        var trainer = new Trainer(folder, data, Environment.ProcessorCount, p => KeepEpoch(p, folder, job, cancellation));
        trainer.Run(cancellation);

        // Named by its content: another worker may be at the same job without knowing.
        var content = folder.ReadCheckpoint();
        var name = $"trained/{job.Name}/{Convert.ToHexStringLower(SHA256.HashData(content))[..HashDigits]}";
        return new StoredResult(name, Put(name, content, job, cancellation)).ToNode();
    }

    private static void KeepEpoch(TrainingProgress progress, TrainingFolder folder, TakenJob job, CancellationToken cancellation)
    {
        if (progress.Finished is not null && progress.Epoch < progress.Epochs)
        {
            Put(CheckpointName(job), folder.ReadCheckpoint(), job, cancellation);
        }
    }

    private static string Put(string name, byte[] content, TakenJob job, CancellationToken cancellation) =>
        job.Artefacts.PutAsync(name, content, cancellation).GetAwaiter().GetResult();

    private TrainingFolder Begin(TrainRequest request, TakenJob job, string path, CancellationToken cancellation)
    {
        Directory.CreateDirectory(_folder);
        var plan = TrainingPlanJson.Parse(request.PlanText);
        var teacher = Fetch(request.TeacherObject, job, cancellation);
        string? teacherPath = null;
        if (teacher is not null)
        {
            var ending = RemoteTraining.TeacherEndings.FirstOrDefault(e => request.TeacherObject!.EndsWith($"/{e}", StringComparison.Ordinal))
                ?? throw new InvalidInputException($"the teacher's name has no ending that is known; allowed are {string.Join(", ", RemoteTraining.TeacherEndings)}");
            teacherPath = Path.GetFullPath(Path.Combine(_folder, $"teacher-{job.Name}.{ending}"));
            AtomicFile.Write(teacherPath, teacher);
        }

        var start = Fetch(request.StartObject, job, cancellation);
        var folder = TrainingFolder.Create(
            path, plan with { Data = _paths[request.DataSha256], DataSha256 = request.DataSha256, Teacher = teacherPath },
            start is null ? null : WeightsFile.Read(Network.Lower(plan.Architecture), new MemoryStream(start)));
        if (job.Artefacts.GetAsync(CheckpointName(job), MostBytes, cancellation).GetAwaiter().GetResult() is { } checkpoint)
        {
            folder.Adopt(checkpoint);
        }

        return folder;
    }

    private static string CheckpointName(TakenJob job) => $"checkpoints/{job.Name}";

    private static byte[]? Fetch(string? name, TakenJob job, CancellationToken cancellation) => name is null
        ? null
        : job.Artefacts.GetAsync(name, MostBytes, cancellation).GetAwaiter().GetResult() ?? throw new InvalidInputException($"'{name}' isn't in the object store");
}
