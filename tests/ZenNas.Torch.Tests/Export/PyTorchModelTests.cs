using System.Text.Json;
using ZenNas.Architectures;
using ZenNas.Onnx.Tests.Export;
using ZenNas.Weights;
using static TorchSharp.torch;

namespace ZenNas.Torch.Tests.Export;

/// <summary>Exported source in PyTorch against our own forward pass on the same weights and images.</summary>
public sealed class PyTorchModelTests
{
    /// <summary>Absolute, for numbers of which the largest of an output is between 0.1 and 100.</summary>
    private const double Tolerance = 1e-4;

    public PyTorchModelTests() => TorchRuntime.Initialize();

    public static MatrixTheoryData<string, bool> Cases => new(ExportedNetworks.Names, [true, false]);

    [Theory, MemberData(nameof(Cases))]
    public void Should_compute_what_our_own_pass_does(string name, bool folded)
    {
        PythonTorch.SkipWithout();
        var network = ExportedNetworks.Lower(name);
        var trained = TrainedWeights.Of(network, seed: 1);
        var weights = folded ? trained.FoldBatchNorms() : trained;
        var maps = FeatureMap.Of(network);
        var (images, shape) = Images(network, 2);
        var (scores, last) = (network.Layers.Length - 1, network.Layers[^2].Input);
        var expected = OwnOutputs(trained, images, shape, [scores, last, scores, network.Layers.Length - 2, .. maps.Select(map => map.Layer)]);
        using var model = new PythonModel(weights);

        var (outputs, facts) = model.Run(images, shape);

        Assert.Equal(expected.Length, outputs.Count);
        for (var i = 0; i < expected.Length; i++)
        {
            AssertClose(expected[i], outputs[i], $"output {i} of {name}");
        }

        Assert.Equal(weights.Tensors().Select(tensor => tensor.Name), Texts(facts, "names"));
        Assert.Empty(Texts(facts, "untrained"));
        Assert.Equal((network.Architecture.Classes, network.Layers[last].OutChannels), (Number(facts, "num_classes"), Number(facts, "num_features")));
        Assert.Equal(folded ? 0 : network.Layers.Count(layer => layer.Kind == LayerKind.BatchNorm), Number(facts, "batch_norms"));
        Assert.Equal("Tensor", facts.GetProperty("default").GetString());
        Assert.Equal(
            maps.Select(map => (map.Channels, map.Stride, $"block{network.Layers[map.Layer].Block + 1}")),
            facts.GetProperty("feature_info").EnumerateArray().Select(info =>
                (Number(info, "num_chs"), Number(info, "reduction"), info.GetProperty("module").GetString()!)));
    }

    [Fact]
    public void Should_give_feature_maps_where_they_are_what_is_asked_for()
    {
        PythonTorch.SkipWithout();
        var network = ExportedNetworks.Lower("mixed");
        var (images, shape) = Images(network, 2);
        using var model = new PythonModel(TrainedWeights.Of(network, seed: 1), featuresOnly: true);

        Assert.Equal("list", model.Run(images, shape).Facts.GetProperty("default").GetString());
        Assert.StartsWith("feature maps: (1, 16, 16, 16) (1, 13, 8, 8)\nparameters: ", model.RunAlone(), StringComparison.Ordinal);
    }

    [Fact]
    public void Should_say_what_it_is_when_started()
    {
        PythonTorch.SkipWithout();
        using var model = new PythonModel(NetworkWeights.Random(ExportedNetworks.Lower("resnet-18"), 1));

        Assert.Equal("class scores: (1, 1000)\nparameters: 11,689,512\n", model.RunAlone());
    }

    [Fact]
    public void Should_refuse_feature_maps_that_are_not_there()
    {
        PythonTorch.SkipWithout();
        using var model = new PythonModel(NetworkWeights.Random(ExportedNetworks.Lower("without maps"), 1));

        Assert.Equal(
            "features_only is True; allowed is False, as there is no map at stride 4, 8, 16 or 32\n",
            model.RunLines("try:\n    model.create_model(features_only=True)\nexcept ValueError as e:\n    print(e)"));
    }

    /// <summary>As transfer learning does: load, then another classifier.</summary>
    [Fact]
    public void Should_take_another_classifier()
    {
        PythonTorch.SkipWithout();
        using var model = new PythonModel(NetworkWeights.Random(ExportedNetworks.Lower("mobile space"), 1));

        Assert.Equal("7 (3, 7)\n", model.RunLines("""
            import torch
            net = model.create_model(weights)
            net.reset_classifier(7)
            print(net.num_classes, tuple(net(torch.zeros(3, 3, 64, 64)).shape))
            """));
    }

    private static void AssertClose(float[] expected, float[] actual, string what)
    {
        Assert.Equal(expected.Length, actual.Length);
        var largest = expected.Max(Math.Abs);
        Assert.InRange(largest, 0.1, 100);
        var difference = expected.Zip(actual, (one, other) => Math.Abs(one - other)).Max();
        TestContext.Current.TestOutputHelper?.WriteLine($"{what}: largest {largest:g3}, difference {difference:g3}");
        Assert.True(difference <= Tolerance, $"{what}: differs by {difference}, the largest number is {largest}");
    }

    private static float[][] OwnOutputs(NetworkWeights weights, float[] images, long[] shape, int[] layers)
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

    private static IEnumerable<string> Texts(JsonElement facts, string property) => facts.GetProperty(property).EnumerateArray().Select(text => text.GetString()!);

    private static int Number(JsonElement facts, string property) => facts.GetProperty(property).GetInt32();
}
