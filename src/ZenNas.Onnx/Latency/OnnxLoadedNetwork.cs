using Microsoft.ML.OnnxRuntime;
using ZenNas.Architectures;
using ZenNas.Latency;
using ZenNas.Onnx.Export;
using ZenNas.Search;

namespace ZenNas.Onnx.Latency;

/// <summary>A session of ONNX Runtime with its input and output in place.</summary>
internal sealed class OnnxLoadedNetwork : ILoadedNetwork
{
    // The first runs touch memory for the first time; the interquartile mean leaves them out.
    private const int UncountedRuns = 3;

    private readonly Network _network;
    private readonly byte[] _model;
    private readonly LatencyConditions _conditions;
    private readonly SessionOptions _options;
    private readonly InferenceSession _session;
    private readonly RunOptions _run = new();
    private readonly OrtValue _input;
    private readonly OrtValue _output;

    public OnnxLoadedNetwork(Network network, byte[] model, LatencyConditions conditions)
    {
        (_network, _model, _conditions) = (network, model, conditions);
        _options = Options(conditions);
        _session = new InferenceSession(model, _options);
        var architecture = network.Architecture;
        _input = Tensor(conditions.BatchSize, architecture.InputChannels, architecture.Resolution, architecture.Resolution);
        _output = Tensor(conditions.BatchSize, architecture.Classes);
        Fill(_input);
    }

    public void Run() => Run(_session);

    public double[] LayerMs(int runs, CancellationToken cancellation)
    {
        var folder = Directory.CreateTempSubdirectory("zennas-profile-").FullName;
        try
        {
            return new LayerProfile(_network).Read(Profile(folder, runs, cancellation));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    public void Dispose()
    {
        _output.Dispose();
        _input.Dispose();
        _run.Dispose();
        _session.Dispose();
        _options.Dispose();
    }

    private static SessionOptions Options(LatencyConditions conditions)
    {
        var options = new SessionOptions
        {
            IntraOpNumThreads = conditions.Threads,
            InterOpNumThreads = 1,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        options.AddSessionConfigEntry("session.intra_op.allow_spinning", conditions.Waiting == ThreadWaiting.Spin ? "1" : "0");
        return options;
    }

    private string Profile(string folder, int runs, CancellationToken cancellation)
    {
        using var options = Options(_conditions);
        options.ProfileOutputPathPrefix = Path.Combine(folder, "profile");
        options.EnableProfiling = true;
        using var session = new InferenceSession(_model, options);
        for (var i = 0; i < runs + UncountedRuns; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            Run(session);
        }

        return session.EndProfiling();
    }

    private void Run(InferenceSession session) =>
        session.Run(_run, [OnnxExport.InputName], [_input], [OnnxExport.LogitsName], [_output]);

    private static OrtValue Tensor(params long[] shape) =>
        OrtValue.CreateAllocatedTensorValue(OrtAllocator.DefaultInstance, Microsoft.ML.OnnxRuntime.Tensors.TensorElementType.Float, shape);

    /// <summary>Uniform numbers in [−1, 1).</summary>
    private static void Fill(OrtValue tensor)
    {
        var random = new StepRandom(0, 0);
        foreach (ref var value in tensor.GetTensorMutableDataAsSpan<float>())
        {
            value = (float)((random.NextBits() >> 40) * (2.0 / (1 << 24)) - 1);
        }
    }
}
