using ZenNas.Architectures;

namespace ZenNas.Torch.Tests.Export;

/// <summary>Networks that are exported, by name; <c>+se</c> adds squeeze-and-excitation. Those of ImageNet have smaller images.</summary>
internal static class ExportedNetworks
{
    private const string Excited = "+se";
    private const int Resolution = 64;

    /// <summary>Strides up to 24, of which the last has no feature map; every kind of block, both kinds of shortcut and of squeeze-and-excitation.</summary>
    private static readonly Architecture Mixed = new(
        [
            new ConvolutionBlock(5, 12, 2, 2),
            new MaxPoolBlock(3, 2, 12),
            new BasicBlock(3, 12, 1, 9, 3, Projection.WhereShapeChanges, SqueezeExcitation.Quarter),
            new BasicBlock(5, 16, 1, 8, 1),
            new BottleneckBlock(3, 16, 2, 12, 2, 2, 3, squeezeExcitation: SqueezeExcitation.InputQuarter),
            new BottleneckBlock(7, 16, 1, 6, 1, 1, projection: Projection.WhereShapeChanges),
            new InvertedBottleneckBlock(2, 5, 13, 1, 7, 3),
            new InvertedBottleneckBlock(4, 3, 14, 3, 14, 2, squeezeExcitation: SqueezeExcitation.Quarter),
        ],
        Resolution, 7, inputChannels: 2);

    private static readonly Dictionary<string, Architecture> Own = new()
    {
        ["mixed"] = Mixed,
        ["without maps"] = new Architecture([new ConvolutionBlock(3, 8, 2), new BasicBlock(3, 8, 1, 4, 2)], 16, 5),
        ["mobile space"] = StructureString.Parse(
            "SuperConvK3BNRELU(3,24,2,1)SuperResIDWE1K7(24,32,2,32,1)SuperResIDWE4K5(32,40,2,24,3)SuperResIDWE2K7(40,96,2,64,2)SuperConvK1BNRELU(96,256,1,1)", Resolution, 20),
    };

    public static string[] Names =>
    [
        "zennet_cifar_model_size1M_res32", "zennet_imagenet1k_flops400M_res224" + Excited, "resnet-18", "resnet-50", "regnety-400mf", .. Own.Keys,
    ];

    public static Network Lower(string name)
    {
        if (Own.TryGetValue(name, out var own))
        {
            return Network.Lower(own);
        }

        var published = ModelZoo.Find(name.Replace(Excited, "", StringComparison.Ordinal))!.Architecture;
        var small = published.With(resolution: Math.Min(published.Resolution, Resolution));
        return Network.Lower(name.EndsWith(Excited, StringComparison.Ordinal) ? small.WithSqueezeExcitation(SqueezeExcitation.Quarter) : small);
    }
}
