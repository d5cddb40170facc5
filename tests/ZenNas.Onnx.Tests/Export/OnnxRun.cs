using Microsoft.ML.OnnxRuntime;
using ZenNas.Onnx.Export;

namespace ZenNas.Onnx.Tests.Export;

/// <summary>Runs a model file's content in ONNX Runtime.</summary>
internal static class OnnxRun
{
    /// <summary>All outputs by name.</summary>
    public static Dictionary<string, (long[] Shape, float[] Values)> Outputs(byte[] model, float[] images, long[] shape)
    {
        using var options = new SessionOptions { IntraOpNumThreads = 2, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR };
        using var session = new InferenceSession(model, options);
        using var input = OrtValue.CreateTensorValueFromMemory(images, shape);
        using var run = new RunOptions();
        using var outputs = session.Run(run, [OnnxExport.InputName], [input], session.OutputNames);
        return session.OutputNames.Zip(outputs).ToDictionary(
            pair => pair.First, pair => (pair.Second.GetTensorTypeAndShape().Shape, pair.Second.GetTensorDataAsSpan<float>().ToArray()));
    }
}
