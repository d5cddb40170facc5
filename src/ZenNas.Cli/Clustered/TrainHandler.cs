using System.Collections.Concurrent;
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
    private readonly ConcurrentDictionary<string, Lock> _trainings = new();
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

        // Two runs may want the same training; the second finds where the first came to.
        lock (_trainings.GetOrAdd(job.Name, _ => new Lock()))
        {
            var result = Train(request, job, data, path, cancellation);
            Directory.Delete(path, recursive: true);
            return result.ToNode();
        }
    }

    private StoredResult Train(TrainRequest request, TakenJob job, DatasetPair data, string path, CancellationToken cancellation)
    {
        using var folder = TrainingFolder.IsOne(path) ? TrainingFolder.Open(path) : Begin(request, job, path, cancellation);

        // Another worker may have been at it since, and have come further.
        if (Fetch(CheckpointName(job.Name), job, cancellation) is { } checkpoint && TrainingFolder.EpochsOf(checkpoint) is not null)
        {
            folder.Adopt(checkpoint);
        }

        new Trainer(folder, data, Environment.ProcessorCount, p => KeepEpoch(p, folder, job, cancellation)).Run(cancellation);

        // Named by its content: another worker may be at the same job without knowing.
        var content = folder.ReadCheckpoint()!;
        var name = $"trained/{job.Name}/{Convert.ToHexStringLower(SHA256.HashData(content))[..HashDigits]}";
        return new StoredResult(name, Put(name, content, job, cancellation));
    }

    /// <summary>Name in the object store of where an unfinished training stands.</summary>
    public static string CheckpointName(string job) => $"checkpoints/{job}";

    private static void KeepEpoch(TrainingProgress progress, TrainingFolder folder, TakenJob job, CancellationToken cancellation)
    {
        if (progress.Finished is not null && progress.Epoch < progress.Epochs)
        {
            Put(CheckpointName(job.Name), folder.ReadCheckpoint()!, job, cancellation);
        }
    }

    private static string Put(string name, byte[] content, TakenJob job, CancellationToken cancellation) =>
        job.Artefacts.PutAsync(name, content, cancellation).GetAwaiter().GetResult();

    private TrainingFolder Begin(TrainRequest request, TakenJob job, string path, CancellationToken cancellation)
    {
        // A kill came while it was being made.
        if (Directory.Exists(path))
        {
            Directory.Delete(path, recursive: true);
        }

        var plan = TrainingPlanJson.Parse(request.PlanText);
        var teacher = FetchNamed(request.TeacherObject, plan.TeacherSha256, job, cancellation);
        string? teacherPath = null;
        if (teacher is not null)
        {
            var ending = RemoteTraining.TeacherEndings.FirstOrDefault(e => request.TeacherObject!.EndsWith($"/{e}", StringComparison.Ordinal))
                ?? throw new InvalidInputException($"the teacher's name has no ending that is known; allowed are {string.Join(", ", RemoteTraining.TeacherEndings)}");
            teacherPath = Path.GetFullPath(Path.Combine(_folder, $"teacher-{plan.TeacherSha256}.{ending}"));
            AtomicFile.Write(teacherPath, teacher);
        }

        var start = FetchNamed(request.StartObject, request.StartObject?.Split('/')[^1], job, cancellation);
        return TrainingFolder.Create(
            path, plan with { Data = _paths[request.DataSha256], DataSha256 = request.DataSha256, Teacher = teacherPath },
            start is null ? null : WeightsFile.Read(Network.Lower(plan.Architecture), new MemoryStream(start)));
    }

    private static byte[]? Fetch(string name, TakenJob job, CancellationToken cancellation) => job.Artefacts.GetAsync(name, MostBytes, cancellation).GetAwaiter().GetResult();

    /// <summary>What a job names; other workers can write to the object store, so it is believed by its hash only.</summary>
    private static byte[]? FetchNamed(string? name, string? sha256, TakenJob job, CancellationToken cancellation)
    {
        if (name is null)
        {
            return null;
        }

        var content = Fetch(name, job, cancellation) ?? throw new InvalidInputException($"'{name}' isn't in the object store");
        return Convert.ToHexStringLower(SHA256.HashData(content)) == sha256
            ? content
            : throw new InvalidInputException($"'{name}' in the object store isn't what the coordinator put there");
    }
}
