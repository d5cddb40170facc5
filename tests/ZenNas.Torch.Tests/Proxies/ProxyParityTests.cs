using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using ZenNas.Architectures;
using ZenNas.Complexity;
using ZenNas.Scores;
using ZenNas.Torch.Proxies;
using static TorchSharp.torch;

namespace ZenNas.Torch.Tests.Proxies;

/// <summary>Every proxy against Reference/proxies.py, which builds the network from its blocks and is given the same weights, images and labels.</summary>
public sealed class ProxyParityTests
{
    private const int Batch = 6;
    private const double Tolerance = 1e-4;
    private const int Resolution = 16;
    private const string FewRegions = "few-regions";

    private static readonly Dictionary<string, Block[]> Networks = new()
    {
        ["residual"] = [new ConvolutionBlock(3, 8, 1), new BasicBlock(3, 12, 2, 8, 2), new BottleneckBlock(5, 16, 2, 8)],
        ["mobile"] = [new ConvolutionBlock(3, 8, 2), new InvertedBottleneckBlock(2, 5, 12, 1, 10, 2), new ConvolutionBlock(1, 16, 1)],
        ["grouped"] =
        [
            new ConvolutionBlock(7, 8, 1), new MaxPoolBlock(3, 2, 8),
            new BottleneckBlock(3, 16, 1, 8, 2, 1, 4, Projection.WhereShapeChanges, SqueezeExcitation.InputQuarter),
            new BasicBlock(3, 16, 1, 8, 1, Projection.WhereShapeChanges),
        ],
        // Three units a image, so that some of six images activate the same ones.
        [FewRegions] = [new ConvolutionBlock(1, 3, 1)],
        ["excited"] =
        [
            new ConvolutionBlock(3, 8, 1), new BasicBlock(3, 8, 2, 10, 1, Projection.FirstUnit, SqueezeExcitation.Quarter),
            new InvertedBottleneckBlock(4, 3, 8, 1, 6, 1, Projection.FirstUnit, SqueezeExcitation.Quarter),
        ],
    };

    // With some seeds an image activates no unit, which leaves it without a gradient.
    private static readonly ulong[] SeedsOfFewRegions = [2, 3];
    private static readonly ulong[] Seeds = [1, 2];

    public static TheoryData<string, ulong> Cases { get; } =
        [.. Networks.Keys.SelectMany(name => (name == FewRegions ? SeedsOfFewRegions : Seeds).Select(seed => (name, seed)))];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Should_agree_with_PyTorch_on_the_same_weights(string name, ulong seed)
    {
        PythonTorch.SkipWithout();
        var network = Network.Lower(new Architecture([.. Networks[name]], name == FewRegions ? 1 : Resolution, 10));
        var theirs = Reference(network, seed);
        var settings = new ScoreSettings { BatchSize = Batch };
        var teNas = new TeNasScore(settings, ScalarType.Float64).Evaluate(network, seed);
        var naswot = new NaswotScore(settings, ScalarType.Float64).Evaluate(network, seed);
        var cost = NetworkCost.Of(network);
        Compare("grad_norm", new GradNormScore(settings, ScalarType.Float64).Evaluate(network, seed).Mean);
        CompareLogarithm("synflow", -new SynflowScore(settings, ScalarType.Float64).Evaluate(network, seed).Mean);
        Compare("condition", teNas.Pair!.First.Value);
        Compare("regions", teNas.Pair.Second.Value);
        CompareLogarithm("te_nas", teNas.Mean);
        Compare("entropy", new EntropyScore(new EntropySettings()).Evaluate(network, seed).Mean);
        Compare("flops", cost.Macs);
        Compare("params", cost.Parameters);

        Assert.Equal(name == FewRegions, teNas.Pair.Second.Value < Batch);
        if (name == FewRegions)
        {
            // Images in one region make two rows of the kernel alike.
            Assert.Null(theirs["naswot"]);
            Assert.Equal("the activation kernel is singular", naswot.Failure!.Reason);
        }
        else
        {
            CompareLogarithm("naswot", naswot.Mean);
        }

        void Compare(string proxy, double ours)
        {
            var reference = theirs[proxy]!.GetValue<double>();
            AssertClose(proxy, ours, reference, Math.Abs(ours - reference) / Math.Abs(reference));
        }

        // The difference of logarithms is the relative difference of what they are logarithms of.
        void CompareLogarithm(string proxy, double ours)
        {
            var reference = theirs[proxy]!.GetValue<double>();
            AssertClose(proxy, ours, reference, Math.Abs(ours - reference));
        }
    }

    private static void AssertClose(string proxy, double ours, double reference, double difference)
    {
        TestContext.Current.TestOutputHelper?.WriteLine($"{proxy}: {ours:R}, difference {difference:E1}");
        Assert.True(difference <= Tolerance, $"{proxy}: ours {ours:R}, theirs {reference:R}");
    }

    private static JsonNode Reference(Network network, ulong seed)
    {
        var folder = Directory.CreateTempSubdirectory("zennas-parity-");
        try
        {
            var (architecture, tensors) = (Path.Combine(folder.FullName, "a.json"), Path.Combine(folder.FullName, "a.safetensors"));
            File.WriteAllText(architecture, ArchitectureJson.Write(network.Architecture));
            WriteTensors(tensors, network, seed);
            var script = Path.Combine(Path.GetDirectoryName(ThisFile())!, "../Reference/proxies.py");
            using var process = Process.Start(new ProcessStartInfo(PythonTorch.Python, [script, architecture, tensors]) { RedirectStandardOutput = true })!;
            var answer = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            Assert.Equal(0, process.ExitCode);
            return JsonNode.Parse(answer)!;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>What an evaluation with this seed draws.</summary>
    private static void WriteTensors(string path, Network network, ulong seed)
    {
        TorchRuntime.Initialize();
        using var scope = NewDisposeScope();
        var random = new RandomTensors(seed, CPU);
        var images = random.Images(network.Architecture, Batch, ScalarType.Float64);
        using var weighted = new RandomNetwork(network, random, ScalarType.Float64);
        var labels = tensor(RandomLabels.Draw(network.Architecture.Classes, Batch, seed));
        var weights = LayerNames.Of(network).Zip(weighted.Weights).Where(pair => pair.Second is not null).Select(pair => (pair.First, pair.Second!));
        SafeTensors.Write(path, [("images", images), ("labels", labels), .. weights]);
    }

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
