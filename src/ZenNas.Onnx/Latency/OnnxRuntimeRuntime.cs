using Microsoft.ML.OnnxRuntime;
using ZenNas.Architectures;
using ZenNas.Latency;
using ZenNas.Onnx.Export;
using ZenNas.Scores;
using ZenNas.Weights;

namespace ZenNas.Onnx.Latency;

/// <summary>ONNX Runtime on the processor, single precision, all graph optimisations on.</summary>
public sealed class OnnxRuntimeRuntime : ILatencyRuntime
{
    /// <summary>Name of the runtime.</summary>
    public const string Name = "onnxruntime";

    /// <summary>Chooses the conditions.</summary>
    /// <exception cref="InvalidInputException">Batch size or threads aren't positive.</exception>
    public OnnxRuntimeRuntime(int batchSize, int threads, ThreadWaiting waiting)
    {
        if (batchSize < 1 || threads < 1)
        {
            throw new InvalidInputException($"batch size is {batchSize} and threads are {threads}; allowed are positive numbers");
        }

        Conditions = new LatencyConditions(Name, OrtEnv.Instance().GetVersionString(), "cpu", batchSize, threads, Precision.Fp32, threads == 1 ? null : waiting);
    }

    /// <inheritdoc/>
    public LatencyConditions Conditions { get; }

    /// <inheritdoc/>
    public ILoadedNetwork Load(Network network)
    {
        var model = OnnxExport.ToBytes(
            NetworkWeights.Repeating(network), new OnnxExportSettings { BatchSize = Conditions.BatchSize, FoldBatchNorms = true });
        return new OnnxLoadedNetwork(network, model, Conditions);
    }
}
