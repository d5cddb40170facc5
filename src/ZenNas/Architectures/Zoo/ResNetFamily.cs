using System.Collections.Immutable;

namespace ZenNas.Architectures.Zoo;

/// <summary>
/// ResNet and ResNeXt: stem 7×7 stride 2 and 3×3 max pool stride 2; four stages whose stride is in the k×k convolution, shortcuts projected
/// where the shape changes.
/// </summary>
internal static class ResNetFamily
{
    private const int ResNeXtGroups = 32;

    public static IEnumerable<ZooEntry> All() =>
    [
        new("resnet-18", "resnet", Build(Basic, 2, 2, 2, 2)),
        new("resnet-34", "resnet", Build(Basic, 3, 4, 6, 3)),
        new("resnet-50", "resnet", Build(Bottleneck, 3, 4, 6, 3)),
        new("resnet-101", "resnet", Build(Bottleneck, 3, 4, 23, 3)),
        new("resnet-152", "resnet", Build(Bottleneck, 3, 8, 36, 3)),
        new("resnext-50", "resnext", Build(Grouped, 3, 4, 6, 3)),
        new("resnext-101", "resnext", Build(Grouped, 3, 4, 23, 3)),
        new("resnext-152", "resnext", Build(Grouped, 3, 8, 36, 3)),
    ];

    private static Architecture Build(Func<int, int, int, Block> stage, params ReadOnlySpan<int> depths)
    {
        var blocks = ImmutableArray.CreateBuilder<Block>();
        blocks.Add(new ConvolutionBlock(7, 64, 2));
        blocks.Add(new MaxPoolBlock(3, 2, 64));
        for (var i = 0; i < depths.Length; i++)
        {
            blocks.Add(stage(64 << i, i == 0 ? 1 : 2, depths[i]));
        }

        return new Architecture(blocks.ToImmutable(), 224, 1000);
    }

    private static BasicBlock Basic(int width, int stride, int depth) => new(3, width, stride, width, depth, Projection.WhereShapeChanges);

    private static BottleneckBlock Bottleneck(int width, int stride, int depth) =>
        new(3, 4 * width, stride, width, depth, unitsPerRepeat: 1, projection: Projection.WhereShapeChanges);

    /// <summary>ResNeXt 32×4d: ResNet's bottleneck with twice the inner width, in 32 groups.</summary>
    private static BottleneckBlock Grouped(int width, int stride, int depth) =>
        new(3, 4 * width, stride, 2 * width, depth, unitsPerRepeat: 1, 2 * width / ResNeXtGroups, Projection.WhereShapeChanges);
}
