using System.Collections.Immutable;
using System.Text.Json.Nodes;
using ZenNas.Architectures;
using ZenNas.Cluster.Messages;
using ZenNas.Scores;

namespace ZenNas.Cluster.Working;

/// <summary>Scores networks.</summary>
/// <param name="catalog">The scores that the worker has.</param>
public sealed class ScoreHandler(ScoreCatalog catalog) : IJobHandler
{
    private volatile Made? _latest;

    /// <inheritdoc/>
    public ImmutableArray<string> Queues => [ScoreRequest.QueueName];

    /// <inheritdoc/>
    public JsonObject Perform(TakenJob job, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(job);
        var request = (ScoreRequest)job.Request;
        var network = Network.Lower(request.Architecture);

        // As a search does it, which also puts the work on a thread for tensors.
        var value = ScoreOf(request).EvaluateAll([(network, request.Seed)], threads: 1)[0];

        // That is this machine's failure; another one may have more.
        return value.Failure is { Reason: ScoreFailure.TooLittleMemory } failure ? throw new InvalidInputException($"{failure}") : ScoreJson.ToNode(value);
    }

    /// <summary>A search asks for the same score again and again; loading a device for each would cost more than scoring.</summary>
    private IScore ScoreOf(ScoreRequest request)
    {
        var key = $"{request.Score}\n{request.Settings.Convention}\n{ScoreSettingsJson.ToNode(request.Settings).ToJsonString()}";
        if (_latest is { } latest && latest.Key == key)
        {
            return latest.Score;
        }

        var made = new Made(key, catalog.Create(request.Score, request.Settings));
        _latest = made;
        return made.Score;
    }

    private sealed record Made(string Key, IScore Score);
}
