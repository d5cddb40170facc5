using System.Text.RegularExpressions;
using ZenNas.Architectures;
using ZenNas.Onnx.Export;
using ZenNas.Weights;

namespace ZenNas.Onnx.Tests.Export;

/// <summary>What stands in an exported file: names, metadata, nothing that changes from one export to the next.</summary>
public sealed partial class ModelTests
{
    public static MatrixTheoryData<string, bool> Cases => new(TestNetworks.Names, [true, false]);

    [Theory, MemberData(nameof(Cases))]
    public void Should_name_everything_once_after_block_and_layer(string name, bool folded)
    {
        var model = OnnxExport.ToModel(
            NetworkWeights.Random(TestNetworks.Lower(name), 1), new OnnxExportSettings { FoldBatchNorms = folded, Features = true });

        var nodes = model.Graph.Node.Select(node => node.Name).ToArray();
        Assert.Equal(nodes, nodes.Distinct());
        Assert.All(nodes, node => Assert.Matches(LayerName(), node));
        string[] tensors = [.. model.Graph.Initializer.Select(tensor => tensor.Name), .. model.Graph.Node.SelectMany(node => node.Output)];
        Assert.Equal(tensors, tensors.Distinct());
        var outputs = model.Graph.Output.Select(output => output.Name).ToHashSet();
        Assert.All(tensors.Where(tensor => !outputs.Contains(tensor)), tensor => Assert.Matches(TensorName(), tensor));
        // Everything that is read was written before.
        var written = model.Graph.Initializer.Select(tensor => tensor.Name).Append(OnnxExport.InputName).ToHashSet();
        foreach (var node in model.Graph.Node)
        {
            Assert.All(node.Input, input => Assert.Contains(input, written));
            written.UnionWith(node.Output);
        }

        Assert.Equal(!folded, model.Graph.Node.Any(node => node.OpType == "BatchNormalization"));
    }

    [Theory, MemberData(nameof(Cases))]
    public void Should_write_equal_networks_as_equal_bytes(string name, bool folded)
    {
        var settings = new OnnxExportSettings { FoldBatchNorms = folded };
        var network = TestNetworks.Lower(name);
        var again = Network.Lower(ArchitectureJson.Parse(ArchitectureJson.Write(network.Architecture)));

        var bytes = OnnxExport.ToBytes(NetworkWeights.Random(network, 5), settings);

        Assert.True(bytes.AsSpan().SequenceEqual(OnnxExport.ToBytes(NetworkWeights.Random(again, 5), settings)));
        Assert.False(bytes.AsSpan().SequenceEqual(OnnxExport.ToBytes(NetworkWeights.Random(network, 6), settings)));
    }

    [Fact]
    public void Should_hold_the_architecture_as_metadata()
    {
        var network = TestNetworks.Lower("zennet_cifar_model_size1M_res32");

        var metadata = OnnxExport.ToModel(NetworkWeights.Random(network, 1), new OnnxExportSettings()).MetadataProps.ToDictionary(p => p.Key, p => p.Value);

        Assert.Equal(network.Architecture, ArchitectureJson.Parse(metadata["zennas.architecture"]));
        Assert.Equal(network.Architecture, StructureString.Parse(metadata["zennas.structure"], 32, network.Architecture.Classes));
        Assert.Equal("32", metadata["zennas.resolution"]);
        Assert.Equal($"{network.Architecture.Classes}", metadata["zennas.classes"]);
    }

    public static TheoryData<OnnxExportSettings, string> Impossible => new()
    {
        { new OnnxExportSettings { BatchSize = 0 }, "batch size is 0; allowed is a positive number" },
        { new OnnxExportSettings { Logits = false }, "the model would have no output; allowed are class scores, feature maps, or both" },
        { new OnnxExportSettings { Features = true }, "the network has no feature map at stride 4, 8, 16 or 32; allowed are class scores alone" },
    };

    [Theory, MemberData(nameof(Impossible), DisableDiscoveryEnumeration = true)]
    public void Should_refuse_models_without_output(OnnxExportSettings settings, string message)
    {
        var weights = NetworkWeights.Random(Network.Lower(StructureString.Parse("SuperConvK3BNRELU(3,8,2,1)", 8, 10)), 1);

        Assert.Equal(message, Assert.Throws<InvalidInputException>(() => OnnxExport.ToBytes(weights, settings)).Message);
    }

    [GeneratedRegex(@"^(block\d+\.unit\d+\.(shortcut\.|se\.)?|head\.)[a-z]+\d+(\.flat)?$")]
    private static partial Regex LayerName();

    [GeneratedRegex(@"^(block\d+\.unit\d+\.(shortcut\.|se\.)?|head\.)[a-z]+\d+(\.(flat|weight|bias|running_mean|running_var))?$")]
    private static partial Regex TensorName();
}
