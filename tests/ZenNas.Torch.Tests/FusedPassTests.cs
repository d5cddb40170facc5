using TorchSharp;
using ZenNas.Architectures;
using ZenNas.Scores;

namespace ZenNas.Torch.Tests;

/// <summary>The fused pass against torch's own operations on the same random tensors.</summary>
public sealed class FusedPassTests
{
    private const double Tolerance = 1e-3;

    public FusedPassTests() => TorchRuntime.Initialize();

    [Fact]
    public void Should_compute_what_torch_computes_for_random_networks()
    {
        for (var seed = 0UL; seed < 60; seed++)
        {
            var options = new ScoreSettings
            {
                BatchSize = 2 + (int)(seed % 5),
                Convention = seed % 2 == 0 ? Convention.Paper : Convention.ReleasedCode,
            };
            AssertClose(TestNetworks.Random(seed), seed, options);
        }
    }

    /// <summary>A network of a hundred layers wouldn't do: it is chaotic, and blows rounding up until it shows.</summary>
    [Fact]
    public void Should_compute_what_torch_computes_for_resnet_18() =>
        AssertClose(TestNetworks.Zoo("resnet-18"), 3, new ScoreSettings { BatchSize = 2 });

    /// <summary>The random networks above are worth something only if every kind of layer is among them.</summary>
    [Fact]
    public void Should_have_been_tried_on_every_kind_of_layer()
    {
        var layers = Enumerable.Range(0, 60).SelectMany(seed => TestNetworks.Random((ulong)seed).Layers).ToArray();

        Assert.Equal([1, 3, 5, 7], layers.Where(l => l.Kind == VanillaKind.Convolution).Select(l => (int)l.Kernel).Distinct().Order());
        Assert.Contains(layers, l => l.Kind == VanillaKind.MaxPool && l.Kernel == 3);
        Assert.Contains(layers, l => l.Kind == VanillaKind.MaxPool && l.Kernel == 7);
        Assert.Contains(layers, l => l.Stride == 3);
        Assert.Contains(layers, l => l.Groups > 1 && l.Groups == l.InChannels);
        Assert.Contains(layers, l => l.Groups > 1 && l.Groups < l.InChannels);
        Assert.Contains(layers, l => l.OutChannels < 8);
        Assert.Contains(layers, l => l.OutChannels > 8 && l.OutChannels % 8 != 0);
        Assert.Contains(layers, l => l.OutChannels % 8 == 0);
        Assert.Contains(layers, l => l.OutSize % 2 == 1);
    }

    private static void AssertClose(VanillaNetwork network, ulong seed, ScoreSettings options)
    {
        var fused = FusedPass.Run(network, seed, options);
        var plain = PlainPass.Run(network, seed, options, torch.CPU);

        AssertRelative(plain.Delta, fused.Delta);
        Assert.Equal(plain.Variances.Count, fused.Variances.Count);
        foreach (var (expected, actual) in plain.Variances.Zip(fused.Variances))
        {
            Assert.Equal(expected.Samples, actual.Samples);
            AssertRelative(expected.Clean, actual.Clean);
            AssertRelative(expected.Perturbed, actual.Perturbed);
        }
    }

    private static void AssertRelative(double expected, double actual) =>
        Assert.InRange(actual, expected * (1 - Tolerance), expected * (1 + Tolerance));
}
