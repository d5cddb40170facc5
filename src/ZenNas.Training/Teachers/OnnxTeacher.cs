using System.Collections.Immutable;
using Microsoft.ML.OnnxRuntime;
using static TorchSharp.torch;

namespace ZenNas.Training.Teachers;

/// <summary>
/// A teacher in an ONNX file, of whatever framework: one input (N, C, H, W) of single precision, normalised as for the student, one output
/// (N, classes) of logits, and any outputs (N, C, H, W), which are feature maps.
/// </summary>
internal sealed class OnnxTeacher : ITeacher
{
    private const int Rank = 4;
    private readonly InferenceSession _session;
    private readonly string _input;
    private readonly int _resolution;
    private readonly string[] _outputs;

    /// <param name="path">The file.</param>
    /// <param name="channels">Channels of the images.</param>
    /// <param name="resolution">The student's, for a teacher that takes any.</param>
    /// <param name="threads">Threads it may use.</param>
    /// <exception cref="InvalidInputException">It is no ONNX file, or its inputs and outputs aren't these.</exception>
    public OnnxTeacher(string path, int channels, int resolution, int threads)
    {
        using var options = new SessionOptions { IntraOpNumThreads = threads, InterOpNumThreads = 1 };
        try
        {
            _session = new InferenceSession(path, options);
        }
        catch (OnnxRuntimeException e)
        {
            throw new InvalidInputException($"teacher '{path}' can't be loaded ({e.Message}); allowed is an ONNX file that ONNX Runtime runs", e);
        }

        try
        {
            (_input, _resolution) = Input(path, channels, resolution);
            var logits = _session.OutputMetadata.Where(o => o.Value.Dimensions.Length == 2).ToArray();
            Classes = logits.Length == 1 && logits[0].Value.Dimensions[1] > 0 && logits[0].Value.ElementType == typeof(float)
                ? logits[0].Value.Dimensions[1]
                : throw new InvalidInputException($"teacher '{path}' has {logits.Length} outputs of two dimensions; allowed is one, (N, classes) of logits in single precision");
            var maps = _session.OutputMetadata.Where(o => o.Value.Dimensions.Length == Rank)
                .Where(o => o.Value.Dimensions[1] > 0 && o.Value.ElementType == typeof(float))
                .Select(o => (o.Key, Map: new TeacherMap(StrideOf(o.Value.Dimensions[2]), o.Value.Dimensions[1])))
                .Where(o => o.Map.Stride > 0)
                .DistinctBy(o => o.Map.Stride).OrderBy(o => o.Map.Stride).ToArray();
            Maps = [.. maps.Select(o => o.Map)];
            _outputs = [.. maps.Select(o => o.Key), logits[0].Key];
        }
        catch
        {
            _session.Dispose();
            throw;
        }
    }

    public int Classes { get; }

    public ImmutableArray<TeacherMap> Maps { get; }

    public TeacherOutput Run(Tensor images)
    {
        var resized = Resized.To(images, _resolution);
        using var input = OrtValue.CreateTensorValueFromMemory(resized.cpu().contiguous().data<float>().ToArray(), resized.shape);
        using var run = new RunOptions();
        using var results = _session.Run(run, [_input], [input], _outputs);
        var tensors = results.Select(result => tensor(result.GetTensorDataAsSpan<float>().ToArray(), result.GetTensorTypeAndShape().Shape).to(images.device)).ToArray();
        return new TeacherOutput(tensors[^1], tensors[..^1]);
    }

    public void Dispose() => _session.Dispose();

    /// <summary>The downsampling that leads to a size, as halving with rounding up does; 0 where it is none that is compared.</summary>
    private int StrideOf(int size) => BlockEnds.Strides.FirstOrDefault(stride => (_resolution - 1) / stride + 1 == size);

    private (string Name, int Resolution) Input(string path, int channels, int resolution)
    {
        var inputs = _session.InputMetadata.ToArray();
        if (inputs.Length != 1 || inputs[0].Value.Dimensions is not { Length: Rank } shape || inputs[0].Value.ElementType != typeof(float)
            || (shape[1] > 0 && shape[1] != channels) || shape[2] != shape[3])
        {
            throw new InvalidInputException(
                $"teacher '{path}' takes {string.Join(" and ", inputs.Select(i => $"({string.Join(", ", i.Value.Dimensions)})"))}; allowed is one input (N, {channels}, size, size) of single precision");
        }

        return shape[0] > 0
            ? throw new InvalidInputException($"teacher '{path}' takes batches of {shape[0]} images; allowed is an ONNX file with an open batch size")
            : (inputs[0].Key, shape[2] > 0 ? shape[2] : resolution);
    }
}
