using ZenNas.Architectures;

namespace ZenNas.Tests.Scores;

/// <summary>Small networks whose scores can be computed by hand.</summary>
internal static class ScoredNetwork
{
    /// <summary>One convolution of 3×3 on 32×32 images.</summary>
    public static Network Plain(int width) => Of($"SuperConvK3BNRELU(3,{width},1,1)");

    /// <summary>A convolution of 3×3 from 3 to 8 channels, then two units of 1×1, depthwise 3×3 (the first of stride 2) and 1×1.</summary>
    public static Network Depthwise() => Of("SuperConvK3BNRELU(3,8,1,1)SuperResIDWE2K3(8,16,2,4,1)");

    private static Network Of(string structure) => Network.Lower(StructureString.Parse(structure, 32, 10));
}
