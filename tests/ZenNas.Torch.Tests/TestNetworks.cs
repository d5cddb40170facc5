using ZenNas.Architectures;
using ZenNas.Search;

namespace ZenNas.Torch.Tests;

/// <summary>Small networks to measure.</summary>
internal static class TestNetworks
{
    private static readonly int[] Kernels = [3, 5, 7];

    /// <summary>One of each block type, with max pool and groups.</summary>
    public static VanillaNetwork Mixed { get; } = Chain(
        24,
        new ConvolutionBlock(5, 12, 2),
        new MaxPoolBlock(3, 2, 12),
        new BasicBlock(3, 20, 1, 9),
        new BottleneckBlock(3, 16, 2, 12, 1, 2, 3),
        new InvertedBottleneckBlock(2, 5, 13, 1, 7));

    /// <summary>Convolutions of one kernel and width.</summary>
    public static VanillaNetwork Plain(int layers, int width, int resolution) =>
        Chain(resolution, new ConvolutionBlock(3, width, 1, layers));

    public static VanillaNetwork Zoo(string name) => Network.Lower(ModelZoo.Find(name)!.Architecture).Vanilla;

    public static VanillaNetwork Chain(int resolution, params Block[] blocks) =>
        Network.Lower(new Architecture([.. blocks], resolution, 10)).Vanilla;

    /// <summary>A random chain of two to five blocks whose last map is at least four pixels wide.</summary>
    public static VanillaNetwork Random(ulong seed)
    {
        var random = new StepRandom(seed, 0);
        var size = random.Next(12, 33);
        var resolution = size;
        var blocks = new List<Block>();
        for (var left = random.Next(2, 5); left > 0; left--)
        {
            var stride = size >= 8 ? random.Next(1, size >= 12 ? 3 : 2) : 1;
            blocks.Add(RandomBlock(random.Next(5), stride, ref random));
            size = (size - 1) / stride + 1;
            if (size >= 8 && random.Next(3) == 0)
            {
                blocks.Add(new MaxPoolBlock(Kernels[random.Next(3)], 2, blocks[^1].Width));
                size = (size - 1) / 2 + 1;
            }
        }

        return Network.Lower(new Architecture([.. blocks], resolution, 10, random.Next(1, 5))).Vanilla;
    }

    private static Block RandomBlock(int type, int stride, ref StepRandom random)
    {
        var kernel = Kernels[random.Next(3)];
        var (width, inner) = (random.Next(1, 37), random.Next(1, 37));
        return type switch
        {
            0 => new ConvolutionBlock(random.Next(4) == 0 ? 1 : kernel, width, stride, random.Next(1, 2)),
            1 => new BasicBlock(kernel, width, stride, inner),
            2 => new BottleneckBlock(kernel, width, stride, inner, 1, random.Next(1, 2)),
            3 => Grouped(kernel, width, stride, ref random),
            _ => new InvertedBottleneckBlock(random.Next(2) == 0 ? 1 : 4, kernel, width, stride, random.Next(1, 12)),
        };
    }

    /// <summary>Groups of 1 to 4 channels: groups of 1 are a depthwise convolution.</summary>
    private static BottleneckBlock Grouped(int kernel, int width, int stride, ref StepRandom random)
    {
        var groupWidth = random.Next(1, 4);
        return new BottleneckBlock(kernel, width, stride, groupWidth * random.Next(1, 7), 1, 1, groupWidth);
    }
}
