using System.Collections.Immutable;
using CsCheck;
using ZenNas.Architectures;

namespace ZenNas.Tests.Architectures;

/// <summary>Random architectures: every block type, pooling, groups, squeeze-and-excitation, both shortcut conventions.</summary>
internal static class ArchitectureGen
{
    private static readonly Gen<int> Kernel = Gen.OneOf(3, 5, 7);
    private static readonly Gen<int> Stride = Gen.Frequency((4, Gen.Int[1, 2]), (1, Gen.Int[3, Limits.Stride]));
    private static readonly Gen<int> Repeats = Gen.Int[1, 4];
    private static readonly Gen<int> SmallWidth = Gen.Int[1, 96];
    private static readonly Gen<int> AnyWidth = Gen.Frequency((4, SmallWidth), (1, Gen.Int[1, Limits.Width]));
    private static readonly Gen<Projection> AnyProjection = Gen.OneOf(Projection.FirstUnit, Projection.WhereShapeChanges);
    private static readonly Gen<SqueezeExcitation> AnyExcitation = Gen.OneOf(Enum.GetValues<SqueezeExcitation>());

    /// <summary>Everything an architecture can hold, limits included.</summary>
    public static Gen<Architecture> Any { get; } = Of(
        WithPool(Blocks(AnyWidth, AnyProjection, AnyExcitation, ungrouped: false)),
        Gen.Frequency((4, Gen.Int[1, 64]), (1, Gen.Int[1, Limits.Resolution])), AnyWidth);

    /// <summary>Sizes whose taps can be enumerated.</summary>
    public static Gen<Architecture> Small { get; } = Of(
        WithPool(Blocks(SmallWidth, AnyProjection, AnyExcitation, ungrouped: false)), Gen.Int[1, 40], Gen.Int[1, 4]);

    /// <summary>What the released structure strings can express.</summary>
    public static Gen<Architecture> Released { get; } = Of(
        Blocks(AnyWidth, Gen.Const(Projection.FirstUnit), Gen.Const(SqueezeExcitation.None), ungrouped: true).Select(b => new[] { b }),
        Gen.Int[1, Limits.Resolution], AnyWidth);

    private static Gen<Architecture> Of(Gen<Block[]> blocks, Gen<int> resolution, Gen<int> inputChannels) => Gen.Select(
        blocks.Array[1, 6], resolution, Gen.Int[1, Limits.Classes], inputChannels,
        (b, r, c, i) => new Architecture([.. b.SelectMany(x => x)], r, c, i));

    private static Gen<Block> Blocks(Gen<int> width, Gen<Projection> projection, Gen<SqueezeExcitation> excitation, bool ungrouped)
    {
        var convolution = Gen.Select(Gen.OneOf(1, 3, 5, 7), width, Stride, Repeats, (k, w, s, n) => (Block)new ConvolutionBlock(k, w, s, n));
        var shape = Gen.Select(Kernel, width, Stride, width, Repeats);
        var basic = Gen.Select(shape, projection, excitation, (x, p, e) => (Block)new BasicBlock(x.Item1, x.Item2, x.Item3, x.Item4, x.Item5, p, e));
        var inverted = Gen.Select(
            Gen.OneOf(1, 2, 4, 6), shape, projection, excitation,
            (f, x, p, e) => (Block)new InvertedBottleneckBlock(f, x.Item1, x.Item2, x.Item3, x.Item4, x.Item5, p, e));
        var units = ungrouped ? Gen.Const(2) : Gen.Int[1, 2];
        var divisor = ungrouped ? Gen.Const(-1) : Gen.Int[-2, 50];
        var bottleneck = Gen.Select(
            shape, units, divisor, projection, excitation,
            (x, u, d, p, e) => (Block)new BottleneckBlock(x.Item1, x.Item2, x.Item3, x.Item4, x.Item5, u, Divisor(x.Item4, d), p, e));
        return Gen.OneOf(convolution, basic, bottleneck, inverted);
    }

    private static Gen<Block[]> WithPool(Gen<Block> block) => Gen.Select(
        block, Gen.Int[0, 3], Kernel, Stride, (b, chance, k, s) => chance == 0 ? [b, new MaxPoolBlock(k, s, b.Width)] : new[] { b });

    private static int? Divisor(int width, int index)
    {
        if (index < 0)
        {
            return null;
        }

        var divisors = Enumerable.Range(1, Math.Min(width, 256)).Where(d => width % d == 0).ToImmutableArray();
        return divisors[index % divisors.Length];
    }
}
