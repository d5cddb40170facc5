using ZenNas.Architectures;
using ZenNas.Scores;
using ZenNas.Torch.Proxies;
using static TorchSharp.torch;

namespace ZenNas.Torch.Tests.Proxies;

/// <summary>Behaviour of the proxies where values are extreme or there are none.</summary>
public sealed class ProxyTests
{
    private const double LargestLogOfSingle = 88.8;

    private static readonly ScoreSettings Settings = new() { BatchSize = 4 };

    private static readonly Func<ScoreSettings, NetworkScore>[] Proxies =
        [s => new GradNormScore(s), s => new SynflowScore(s), s => new NaswotScore(s), s => new TeNasScore(s)];

    [Fact]
    public void Should_keep_synflow_finite_where_its_plain_value_overflows()
    {
        var network = Lower(8, new ConvolutionBlock(3, 16, 1, 30), new BasicBlock(3, 16, 1, 16, 15));
        var single = new SynflowScore(Settings).Evaluate(network, 1).Mean;
        var exact = new SynflowScore(Settings, ScalarType.Float64).Evaluate(network, 1).Mean;
        Assert.True(-exact > LargestLogOfSingle, $"{exact}");
        Assert.InRange(single / exact, 1 - 1e-4, 1 + 1e-4);
    }

    [Fact]
    public void Should_score_alike_on_any_number_of_threads()
    {
        var network = Lower(16, new ConvolutionBlock(3, 8, 1), new BasicBlock(3, 12, 2, 8));
        (Network, ulong)[] tasks = [.. Enumerable.Range(1, 6).Select(seed => (network, (ulong)seed))];
        foreach (var create in Proxies)
        {
            Assert.Equal(create(Settings).EvaluateAll(tasks, 1), create(Settings).EvaluateAll(tasks, 3));
        }
    }

    [Fact]
    public void Should_say_that_an_activation_kernel_is_singular()
    {
        var network = Lower(1, new ConvolutionBlock(1, 1, 1));
        var value = new NaswotScore(new ScoreSettings { BatchSize = 8 }).Evaluate(network, 1);
        Assert.Contains("singular", value.Failure!.Reason, StringComparison.Ordinal);
    }

    /// <summary>One image has one region and one eigenvalue, whatever the network.</summary>
    [Fact]
    public void Should_refuse_te_nas_of_a_single_image() => Assert.Equal(
        "batch is 1; allowed for te-nas is 2 to 4096 images",
        Assert.Throws<InvalidInputException>(() => new TeNasScore(new ScoreSettings { BatchSize = 1 })).Message);

    [Fact]
    public void Should_refuse_bfloat16()
    {
        foreach (var create in Proxies)
        {
            var error = Assert.Throws<InvalidInputException>(() => create(Settings with { Precision = Precision.Bf16 }));
            Assert.StartsWith("precision is bf16; allowed for this proxy is fp32", error.Message, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', error.Message);
        }
    }

    private static Network Lower(int resolution, params Block[] blocks) => Network.Lower(new Architecture([.. blocks], resolution, 10));
}
