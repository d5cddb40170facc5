using ZenNas.Architectures;

namespace ZenNas.Latency;

/// <summary>What executes networks: a runtime on a device with a number of threads, a batch size and a precision.</summary>
public interface ILatencyRuntime
{
    /// <summary>The conditions.</summary>
    LatencyConditions Conditions { get; }

    /// <summary>Loads a network with some weights and a random batch, ready to run.</summary>
    /// <exception cref="InvalidInputException">The network can't be run under these conditions.</exception>
    ILoadedNetwork Load(Network network);
}

/// <summary>A network that is ready to run.</summary>
public interface ILoadedNetwork : IDisposable
{
    /// <summary>Runs one batch.</summary>
    void Run();

    /// <summary>
    /// Typical milliseconds of every layer for one batch, from a number of runs; where the runtime fuses layers, the time stands at one of
    /// them and 0 at the others. Measuring single layers slows a run down, so only the proportions are to be trusted.
    /// </summary>
    /// <param name="runs">How many.</param>
    /// <param name="cancellation">Ends it between runs.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    double[] LayerMs(int runs, CancellationToken cancellation);
}
