using ZenNas.Architectures;
using ZenNas.Onnx.Export;
using ZenNas.Torch;
using ZenNas.Weights;
using static TorchSharp.torch;

namespace ZenNas.Onnx.Tests.Export;

/// <summary>Exported models in ONNX Runtime against torch on the same weights and images: class scores and feature maps.</summary>
public sealed class ParityTests
{
    /// <summary>Absolute, for numbers of which the largest of an output is between 1 and 50.</summary>
    private const double Tolerance = 1e-4;

    public ParityTests() => TorchRuntime.Initialize();

    public static MatrixTheoryData<string, bool, int?> Cases => new(TestNetworks.Names, [true, false], [null, 2]);

    [Theory, MemberData(nameof(Cases))]
    public void Should_compute_what_torch_does(string name, bool folded, int? batch)
    {
        var network = TestNetworks.Lower(name);
        var weights = TrainedWeights.Of(network, seed: 1);
        var maps = FeatureMap.Of(network);
        var (images, shape) = Images(network, batch ?? 3);
        var expected = TorchOutputs(weights, images, shape, [network.Layers.Length - 1, .. maps.Select(map => map.Layer)]);

        var model = OnnxExport.ToBytes(weights, new OnnxExportSettings { BatchSize = batch, FoldBatchNorms = folded, Features = true });
        var outputs = OnnxRun.Outputs(model, images, shape);

        string[] names = [OnnxExport.LogitsName, .. maps.Select(map => $"stride{map.Stride}")];
        Assert.Equal(names, outputs.Keys);
        foreach (var (output, values) in names.Zip(expected))
        {
            AssertClose(values, outputs[output].Values, $"{output} of {name}");
        }

        Assert.All(maps, map => Assert.Equal([shape[0], map.Channels, map.Size, map.Size], outputs[$"stride{map.Stride}"].Shape));
    }

    [Theory]
    [InlineData("zennet_cifar_model_size1M_res32")]
    [InlineData("regnety-400mf")]
    public void Should_compute_the_same_folded_and_not(string name)
    {
        var network = TestNetworks.Lower(name);
        var weights = TrainedWeights.Of(network, seed: 2);
        var (images, shape) = Images(network, 2);
        int[] last = [network.Layers.Length - 1];

        var folded = weights.FoldBatchNorms();

        Assert.True(folded.IsFolded);
        Assert.Same(folded, folded.FoldBatchNorms());
        AssertClose(TorchOutputs(weights, images, shape, last)[0], TorchOutputs(folded, images, shape, last)[0], name);
    }

    /// <summary>Without the classifier the file holds neither its nodes nor its weights.</summary>
    [Fact]
    public void Should_leave_out_the_classifier()
    {
        var network = TestNetworks.Lower("resnet-18");
        var weights = TrainedWeights.Of(network, seed: 3);
        var (images, shape) = Images(network, 1);

        var whole = OnnxRun.Outputs(OnnxExport.ToBytes(weights, new OnnxExportSettings { Features = true }), images, shape);
        var model = OnnxExport.ToModel(weights, new OnnxExportSettings { Features = true, Logits = false });

        Assert.DoesNotContain(model.Graph.Node, node => node.Name.StartsWith("head.", StringComparison.Ordinal));
        Assert.DoesNotContain(model.Graph.Initializer, tensor => tensor.Name.StartsWith("head.", StringComparison.Ordinal));
        var backbone = OnnxRun.Outputs(OnnxExport.ToBytes(weights, new OnnxExportSettings { Features = true, Logits = false }), images, shape);
        Assert.Equal(["stride4", "stride8", "stride16", "stride32"], backbone.Keys);
        Assert.All(backbone, output => AssertClose(whole[output.Key].Values, output.Value.Values, output.Key));
    }

    private static void AssertClose(float[] expected, float[] actual, string what)
    {
        Assert.Equal(expected.Length, actual.Length);
        var largest = expected.Max(Math.Abs);
        Assert.InRange(largest, 1, 50);
        var difference = expected.Zip(actual, (one, other) => Math.Abs(one - other)).Max();
        TestContext.Current.TestOutputHelper?.WriteLine($"{what}: largest {largest:g3}, difference {difference:g3}");
        Assert.True(difference <= Tolerance, $"{what}: differs by {difference}, the largest number is {largest}");
    }

    private static float[][] TorchOutputs(NetworkWeights weights, float[] images, long[] shape, int[] layers)
    {
        using var network = new InferenceNetwork(weights, ScalarType.Float32, CPU);
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        return [.. network.Outputs(tensor(images, shape), layers).Select(output => output.contiguous().data<float>().ToArray())];
    }

    private static (float[] Images, long[] Shape) Images(Network network, int count)
    {
        var architecture = network.Architecture;
        long[] shape = [count, architecture.InputChannels, architecture.Resolution, architecture.Resolution];
        using var scope = NewDisposeScope();
        using var generator = new Generator(7);
        return (randn(shape, generator: generator).data<float>().ToArray(), shape);
    }
}
