using System.Collections.Immutable;
using System.Text;
using System.Text.Json.Nodes;
using ZenNas.Architectures;
using ZenNas.Cluster.Messages;
using ZenNas.Latency;
using ZenNas.Spaces;

namespace ZenNas.Cluster.Working;

/// <summary>Measures networks on this device, and profiles it. What else runs here falsifies it, so it wants a worker of one slot.</summary>
/// <param name="deviceClass">Class of this device.</param>
/// <param name="create">Makes the runtime that is asked for, or throws where it isn't here.</param>
/// <param name="folder">Where unfinished profiles are kept, so that a worker that was killed goes on.</param>
public sealed class LatencyHandler(string deviceClass, Func<DeviceRequest, ILatencyRuntime> create, string folder) : IJobHandler
{
    /// <inheritdoc/>
    public ImmutableArray<string> Queues => [JobKinds.LatencyQueue(deviceClass)];

    /// <inheritdoc/>
    public JsonObject Perform(TakenJob job, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(job);
        return job.Request switch
        {
            LatencyRequest request => Measure(request, cancellation),
            ProfileRequest request => Profile(request, job, cancellation),
            _ => throw new InvalidInputException($"the job is '{job.Request.Kind}'; allowed here is a latency or a profile"),
        };
    }

    private JsonObject Measure(LatencyRequest request, CancellationToken cancellation)
    {
        var runtime = create(request.On);
        var protocol = request.Protocol with { MostRuns = Math.Min(request.Protocol.MostRuns, RemoteMeasurement.MostRuns) };
        return new RemoteMeasurement(LatencyMeasurement.Of(runtime, Network.Lower(request.Architecture), protocol, progress: null, cancellation), Machine.Current).ToNode();
    }

    private JsonObject Profile(ProfileRequest request, TakenJob job, CancellationToken cancellation)
    {
        var runtime = create(request.On);
        Directory.CreateDirectory(folder);
        // With another version of the runtime it begins anew.
        var unfinished = Path.Combine(folder, $"profile-{job.Name}-{ProfileJournal.Key(Machine.Current, runtime.Conditions, request.Scope)}.partial");
        byte[] content;
        using (var journal = ProfileJournal.Open(unfinished, Machine.Current, runtime.Conditions, request.Scope))
        {
            var profile = new LatencyProfiler(runtime, SearchSpaceJson.Parse(request.SpaceText), request.Scope).Run(journal, 60 * request.Minutes, progress: null, cancellation);
            content = Encoding.UTF8.GetBytes(LatencyProfileJson.Write(profile));
        }

        var name = $"profiles/{job.Run}/{job.Name}";
        var hash = job.Artefacts.PutAsync(name, content, cancellation).GetAwaiter().GetResult();
        File.Delete(unfinished);
        return new StoredResult(name, hash).ToNode();
    }
}
