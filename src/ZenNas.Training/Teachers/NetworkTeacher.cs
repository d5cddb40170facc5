using System.Collections.Immutable;
using ZenNas.Torch;
using ZenNas.Weights;
using static TorchSharp.torch;

namespace ZenNas.Training.Teachers;

/// <summary>A teacher that this program trained.</summary>
internal sealed class NetworkTeacher : ITeacher
{
    private readonly InferenceNetwork _network;
    private readonly int[] _layers;
    private readonly int _resolution;

    public NetworkTeacher(NetworkWeights weights, Device device)
    {
        var ends = BlockEnds.Of(weights.Network);
        _network = new InferenceNetwork(weights.FoldBatchNorms(), ScalarType.Float32, device);
        _layers = [.. ends.Select(end => end.Layer), weights.Network.Layers.Length - 1];
        (Classes, _resolution) = (weights.Network.Architecture.Classes, weights.Network.Architecture.Resolution);
        Maps = [.. ends.Select(end => new TeacherMap(end.Stride, end.Channels))];
    }

    public int Classes { get; }

    public ImmutableArray<TeacherMap> Maps { get; }

    public TeacherOutput Run(Tensor images)
    {
        var outputs = _network.Outputs(Resized.To(images, _resolution), _layers);
        return new TeacherOutput(outputs[^1], outputs[..^1]);
    }

    public void Dispose() => _network.Dispose();
}
