using ZenNas.Architectures;

namespace ZenNas.Onnx.Tests.Export;

/// <summary>Networks that are exported, by name; <c>+se</c> adds squeeze-and-excitation.</summary>
internal static class TestNetworks
{
    private const string Excited = "+se";

    /// <summary>Residual and mobile ZenNets, a max-pool stem, groups, both kinds of squeeze-and-excitation.</summary>
    public static readonly string[] Names =
    [
        "zennet_cifar_model_size1M_res32", "zennet_imagenet1k_flops400M_res224" + Excited, "resnet-18", "regnetx-400mf", "regnety-400mf",
    ];

    public static Network Lower(string name)
    {
        var architecture = ModelZoo.Find(name.Replace(Excited, "", StringComparison.Ordinal))!.Architecture;
        return Network.Lower(name.EndsWith(Excited, StringComparison.Ordinal) ? architecture.WithSqueezeExcitation(SqueezeExcitation.Quarter) : architecture);
    }
}
