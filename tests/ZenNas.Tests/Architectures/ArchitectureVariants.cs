using System.Collections.Immutable;
using ZenNas.Architectures;

namespace ZenNas.Tests.Architectures;

/// <summary>Architectures that differ from each other in one attribute of one block or of the network.</summary>
internal static class ArchitectureVariants
{
    public static ImmutableArray<Architecture> All { get; } = [.. Build()];

    private static IEnumerable<Architecture> Build()
    {
        Block[] basics =
        [
            new BasicBlock(3, 8, 1, 16, 2), new BasicBlock(5, 8, 1, 16, 2), new BasicBlock(3, 9, 1, 16, 2), new BasicBlock(3, 8, 2, 16, 2),
            new BasicBlock(3, 8, 1, 17, 2), new BasicBlock(3, 8, 1, 16, 3), new BasicBlock(3, 8, 1, 16, 2, Projection.WhereShapeChanges),
            new BasicBlock(3, 8, 1, 16, 2, Projection.FirstUnit, SqueezeExcitation.Quarter),
            new BasicBlock(3, 8, 1, 16, 2, Projection.FirstUnit, SqueezeExcitation.InputQuarter), new BasicBlock(3, 16, 1, 8, 2),
        ];
        Block[] others =
        [
            new BottleneckBlock(3, 8, 1, 16, 2), new BottleneckBlock(3, 8, 1, 16, 2, 1), new BottleneckBlock(3, 8, 1, 16, 2, 2, 4),
            new BottleneckBlock(3, 8, 1, 16, 2, 2, 8), new BottleneckBlock(3, 8, 1, 16, 2, 1, 4),
            new InvertedBottleneckBlock(1, 3, 8, 1, 16, 2), new InvertedBottleneckBlock(6, 3, 8, 1, 16, 2),
            new ConvolutionBlock(3, 8, 1, 2), new ConvolutionBlock(3, 8, 2), new ConvolutionBlock(3, 2, 1, 8), new ConvolutionBlock(1, 8, 1, 2),
        ];
        var stem = new ConvolutionBlock(3, 8);
        foreach (var block in basics.Concat(others))
        {
            yield return new Architecture([stem, block], 32, 10);
        }

        yield return new Architecture([stem], 32, 10);
        yield return new Architecture([stem], 33, 10);
        yield return new Architecture([stem], 32, 11);
        yield return new Architecture([stem], 10, 32);
        yield return new Architecture([stem], 32, 10, 1);
        yield return new Architecture([stem, stem], 32, 10);
        yield return new Architecture([stem, new MaxPoolBlock(3, 1, 8)], 32, 10);
        yield return new Architecture([stem, new MaxPoolBlock(3, 2, 8)], 32, 10);
        yield return new Architecture([basics[0], basics[1]], 32, 10);
        yield return new Architecture([basics[1], basics[0]], 32, 10);
    }
}
