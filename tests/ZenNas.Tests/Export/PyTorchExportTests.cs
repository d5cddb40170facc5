using System.Text.RegularExpressions;
using CsCheck;
using ZenNas.Architectures;
using ZenNas.Export.PyTorch;
using ZenNas.Tests.Architectures;
using ZenNas.Weights;

namespace ZenNas.Tests.Export;

/// <summary>The text of exported source; that it computes the right thing is tested with PyTorch.</summary>
public sealed partial class PyTorchExportTests
{
    private static readonly string[] AllowedImports = ["json", "collections", "functools", "pathlib", "torch", "torch.nn.functional"];

    /// <summary>Equal units become one line, and so do pairs that alternate.</summary>
    [Fact]
    public void Should_list_blocks_briefly() => Assert.Equal(
        """
        BLOCKS = [
            # block1
            [partial(ConvUnit, 3, 8, kernel=3, stride=2)],
            # block2
            [partial(nn.MaxPool2d, 3, stride=2, padding=1)],
            # block3
            3 * [partial(BasicResidual, 8, 8, 8, kernel=3)],
            # block4
            [partial(Bottleneck, 8, 12, 16, kernel=5, stride=2, groups=4, se=partial(SqueezeExcitation, squeezed=2), shortcut=BiasedProjection)]
            + 3 * [partial(Bottleneck, 16, 12, 16, kernel=5, groups=4, se=partial(SqueezeExcitation, squeezed=4))],
            # block5
            [partial(InvertedBottleneck, 16, 16, 8, kernel=3, shortcut=BiasedProjection)]
            + [partial(InvertedBottleneck, 8, 48, 24, kernel=3, shortcut=BiasedProjection)]
            + 2 * [
                partial(InvertedBottleneck, 24, 16, 8, kernel=3, shortcut=BiasedProjection),
                partial(InvertedBottleneck, 8, 48, 24, kernel=3, shortcut=BiasedProjection),
            ],
        ]
        """.ReplaceLineEndings("\n"),
        Between(Source(
            new ConvolutionBlock(3, 8, 2),
            new MaxPoolBlock(3, 2, 8),
            new BasicBlock(3, 8, 1, 8, 3, Projection.WhereShapeChanges),
            new BottleneckBlock(5, 16, 2, 12, 2, 2, 3, squeezeExcitation: SqueezeExcitation.InputQuarter),
            new InvertedBottleneckBlock(2, 3, 24, 1, 8, 3)), "BLOCKS = [", "\n]"));

    [Fact]
    public void Should_be_as_short_as_the_network_allows() => Assert.Equal(
        """"
        class ConvUnit(nn.Module):
            """Convolution, ReLU."""

            def __init__(self, in_chs, out_chs, kernel, stride=1):
                super().__init__()
                self.conv1 = conv(in_chs, out_chs, kernel, stride)

            def forward(self, x):
                return F.relu(self.conv1(x))


        # The units
        """".ReplaceLineEndings("\n"),
        Between(ModelSource.Of(Network.Lower(new Architecture([new ConvolutionBlock(3, 8)], 8, 5)), 1e-5, isFolded: true, featuresOnly: false), "class ", "# The units"));

    [Fact]
    public void Should_define_what_it_uses_and_use_what_it_defines() => Gen.Select(ArchitectureGen.Any, Gen.Bool).Sample((architecture, folded) =>
    {
        var network = Network.Lower(architecture);
        var source = ModelSource.Of(network, 1e-5, folded, featuresOnly: false);

        string[] defined = [.. Definition().Matches(source).Select(match => match.Groups["name"].Value)];
        Assert.Equal(defined, defined.Distinct());
        Assert.All(defined, name => Assert.True(Regex.Count(source, $@"\b{name}\b") > 1, name));
        Assert.All(Made().Matches(source).Select(match => match.Groups["name"].Value), name => Assert.Contains(name, defined));
        Assert.All(Import().Matches(source).Select(match => match.Groups["module"].Value), module => Assert.Contains(module, AllowedImports));
        Assert.DoesNotContain("{?", source, StringComparison.Ordinal);
        Assert.DoesNotContain("{!", source, StringComparison.Ordinal);
        Assert.DoesNotContain("\n\n\n\n", source, StringComparison.Ordinal);
        Assert.DoesNotMatch(@"[ \r]\n", source);
        Assert.Equal(!folded, source.Contains("self.bn1", StringComparison.Ordinal));
        Assert.Equal(!folded, source.Contains("BatchNorm2d", StringComparison.Ordinal));
        Assert.Equal(source, ModelSource.Of(Network.Lower(ArchitectureJson.Parse(ArchitectureJson.Write(architecture))), 1e-5, folded, featuresOnly: false));
    }, iter: 300);

    [Fact]
    public void Should_say_what_batch_normalisation_adds_to_the_variance()
    {
        var network = Network.Lower(new Architecture([new ConvolutionBlock(3, 8)], 8, 5));
        var weights = NetworkWeights.Random(network, 1);

        Assert.Contains("\nEPSILON = 1e-05\n", PyTorchExport.ToSource(weights), StringComparison.Ordinal);
        Assert.Contains("\nEPSILON = 0.001\n", PyTorchExport.ToSource(new NetworkWeights(network, weights.Layers, 1e-3)), StringComparison.Ordinal);
        Assert.DoesNotContain("EPSILON", PyTorchExport.ToSource(weights.FoldBatchNorms()), StringComparison.Ordinal);
    }

    [Fact]
    public void Should_refuse_feature_maps_that_are_not_there()
    {
        var weights = NetworkWeights.Random(Network.Lower(new Architecture([new ConvolutionBlock(3, 8, 2)], 8, 5)), 1);

        Assert.Equal(
            "the network has no feature map at stride 4, 8, 16 or 32; allowed are class scores",
            Assert.Throws<InvalidInputException>(() => PyTorchExport.ToSource(weights, featuresOnly: true)).Message);
    }

    private static string Source(params Block[] blocks) =>
        ModelSource.Of(Network.Lower(new Architecture([.. blocks], 32, 5)), 1e-5, isFolded: false, featuresOnly: false);

    /// <summary>From the first occurrence of one text to the end of the next of another.</summary>
    private static string Between(string text, string start, string end)
    {
        var from = text.IndexOf(start, StringComparison.Ordinal);
        return text[from..(text.IndexOf(end, from, StringComparison.Ordinal) + end.Length)];
    }

    [GeneratedRegex(@"^(class|def) (?<name>\w+)", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Definition();

    [GeneratedRegex(@"(partial\(|shortcut=)(?!nn\.)(?<name>\w+)[,)]", RegexOptions.ExplicitCapture)]
    private static partial Regex Made();

    [GeneratedRegex(@"^(import|from) (?<module>[\w.]+)", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Import();
}
