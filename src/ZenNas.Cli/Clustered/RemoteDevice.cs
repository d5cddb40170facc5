using ZenNas.Cli.Input;
using ZenNas.Cluster;

namespace ZenNas.Cli.Clustered;

/// <summary>A device that a worker measures on.</summary>
/// <param name="Server">Where the worker gets its jobs.</param>
/// <param name="Class">Class of the device.</param>
internal readonly record struct RemoteDevice(ServerOptions Server, string Class)
{
    /// <summary>Null where this machine measures.</summary>
    /// <exception cref="InvalidInputException">Only one of them is given.</exception>
    public static RemoteDevice? Of(ServerOptions? server, string? deviceClass) => (server, deviceClass) switch
    {
        (null, null) => null,
        ({ } known, { } name) => new RemoteDevice(known, name),
        _ => throw new InvalidInputException($"only one of {NatsOptions.UrlName} and --device-class is given; allowed are both or none"),
    };
}
