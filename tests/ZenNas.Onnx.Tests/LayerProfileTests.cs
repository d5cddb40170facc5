using ZenNas.Architectures;
using ZenNas.Latency;
using ZenNas.Onnx.Latency;

namespace ZenNas.Onnx.Tests;

/// <summary>Times of single layers from ONNX Runtime's profile.</summary>
public sealed class LayerProfileTests
{
    /// <summary>Fused nodes and changes of the layout have to find their kernels: none may be left without a time.</summary>
    [Theory]
    [InlineData("zennet_imagenet1k_flops400M_res224", true)]
    [InlineData("zennet_cifar_model_size1M_res32", false)]
    [InlineData("resnet-18", false)]
    [InlineData("regnetx-400mf", false)]
    [InlineData("regnety-400mf", false)]
    public void Should_give_every_kernel_a_time(string name, bool withExcitation)
    {
        var architecture = ModelZoo.Find(name)!.Architecture;
        var network = Network.Lower(withExcitation ? architecture.WithSqueezeExcitation(SqueezeExcitation.Quarter) : architecture);
        using var loaded = new OnnxRuntimeRuntime(batchSize: 1, threads: 1, ThreadWaiting.Sleep).Load(network);

        var times = KernelPlan.Of(network).Sum(loaded.LayerMs(runs: 4, TestContext.Current.CancellationToken));

        Assert.All(times, ms => Assert.InRange(ms, 1e-4, 1000));
    }
}
