using ZenNas.Architectures;
using ZenNas.Cluster.Messages;
using ZenNas.Latency;
using ZenNas.Runs;

namespace ZenNas.Cli.Clustered;

/// <summary>Latencies measured by a worker on a device of a class.</summary>
internal static class RemoteLatency
{
    /// <summary>Measures the best networks of a search on the device that its limit is for; null where it has no such limit.</summary>
    public static Func<Network, LatencyMeasurement?>? Measuring(ClusterSession session, string deviceClass, RunOptions options)
    {
        if (options.Latency is not { } latency || options.Verify == 0)
        {
            return null;
        }

        var on = new DeviceRequest(
            deviceClass, latency.Conditions.Runtime, latency.Conditions.BatchSize, latency.Conditions.Threads, latency.Conditions.Precision, latency.Conditions.Device,
            latency.Conditions.Waiting);
        return network => Measure(session, new LatencyRequest(on, network.Architecture, new LatencyProtocol()), latency);
    }

    /// <summary>Measures a network.</summary>
    /// <exception cref="InvalidInputException">It failed on every worker that tried.</exception>
    public static RemoteMeasurement Measure(ClusterSession session, LatencyRequest request) => session.Run(request).Read(RemoteMeasurement.Read);

    private static LatencyMeasurement? Measure(ClusterSession session, LatencyRequest request, LatencyOptions latency)
    {
        try
        {
            var (measured, machine) = Measure(session, request);
            if (machine.IsLike(latency.Machine) && measured.Conditions == latency.Conditions)
            {
                return measured;
            }

            Console.Error.WriteLine($"zennas: latency not used: the profile is of {latency.Machine} with {latency.Conditions}, the worker is {machine} with {measured.Conditions}");
            return null;
        }
        catch (InvalidInputException e)
        {
            // The search is done and its result stands without the measurement.
            Console.Error.WriteLine($"zennas: latency not measured: {e.Message}");
            return null;
        }
    }
}
