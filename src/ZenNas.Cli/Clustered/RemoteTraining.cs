using ZenNas.Cluster.Coordinating;
using ZenNas.Cluster.Messages;
using ZenNas.Training;

namespace ZenNas.Cli.Clustered;

/// <summary>A training that a worker does; afterwards its folder is as if it had been done here.</summary>
internal static class RemoteTraining
{
    private const string DefaultTeacher = "onnx";
    private const string OwnTeacher = "safetensors";

    /// <summary>Endings of a teacher's file, which say what it is.</summary>
    public static IReadOnlyList<string> TeacherEndings { get; } = [DefaultTeacher, OwnTeacher];

    /// <summary>Has the folder's plan carried out, and puts the last checkpoint into the folder.</summary>
    /// <exception cref="InvalidInputException">It failed on every worker that tried.</exception>
    public static void Run(ClusterSession session, TrainingFolder folder, CancellationToken cancellation)
    {
        var plan = folder.Plan;
        var data = plan.DataSha256 ?? throw new InvalidInputException("the training was begun by a version that didn't note which pictures it has; allowed with --nats is a new one");
        var request = new TrainRequest(
            TrainingPlanJson.Write(plan with { Data = "", Teacher = null }), data, PutStart(session, folder, cancellation), PutTeacher(session, plan, cancellation));
        PutProgress(session, folder, JobBoard.NameOf(request), cancellation);
        folder.Adopt(session.Fetch(session.Run(request).Read(StoredResult.Read), TrainHandler.MostBytes));
    }

    /// <summary>What was trained here before isn't trained again.</summary>
    private static void PutProgress(ClusterSession session, TrainingFolder folder, string job, CancellationToken cancellation)
    {
        if (folder.ReadCheckpoint() is not { } own)
        {
            return;
        }

        var name = TrainHandler.CheckpointName(job);
        var there = session.Artefacts.GetAsync(name, TrainHandler.MostBytes, cancellation).GetAwaiter().GetResult();
        if (there is null || TrainingFolder.EpochsOf(there) is not { } epochs || epochs < folder.FinishedEpochs)
        {
            session.Artefacts.PutAsync(name, own, cancellation).GetAwaiter().GetResult();
        }
    }

    private static string? PutStart(ClusterSession session, TrainingFolder folder, CancellationToken cancellation)
    {
        if (folder.StartContent() is not { } content)
        {
            return null;
        }

        var name = $"starts/{Hash(content)}";
        session.Artefacts.PutAsync(name, content, cancellation).GetAwaiter().GetResult();
        return name;
    }

    private static string? PutTeacher(ClusterSession session, TrainingPlan plan, CancellationToken cancellation)
    {
        if (plan.Teacher is not { } path)
        {
            return null;
        }

        var name = $"teachers/{plan.TeacherSha256}/{(path.EndsWith(OwnTeacher, StringComparison.OrdinalIgnoreCase) ? OwnTeacher : DefaultTeacher)}";
        session.Artefacts.PutAsync(name, File.ReadAllBytes(path), cancellation).GetAwaiter().GetResult();
        return name;
    }

    private static string Hash(byte[] content) => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(content));
}
