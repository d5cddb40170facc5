using CsCheck;
using ZenNas.Architectures;

namespace ZenNas.Tests.Architectures;

public sealed class FingerprintTests
{
    [Fact]
    public void Should_differ_when_any_attribute_does() =>
        Assert.Equal(ArchitectureVariants.All.Length, ArchitectureVariants.All.Select(Fingerprint.Of).Distinct().Count());

    [Fact]
    public void Should_be_equal_exactly_for_equal_architectures() => Gen.Select(ArchitectureGen.Any, ArchitectureGen.Any).Sample(
        (a, b) => a.Equals(b) == (Fingerprint.Of(a) == Fingerprint.Of(b)), iter: 1_000);

    [Fact]
    public void Should_not_collide_in_either_half_over_many_networks()
    {
        // Half a million networks that differ in two numbers: 64 random bits would collide once in 10⁸ such sets.
        var lower = new HashSet<ulong>();
        var upper = new HashSet<ulong>();
        var stem = new ConvolutionBlock(3, 8);
        for (var width = 1; width <= 700; width++)
        {
            for (var bottleneck = 1; bottleneck <= 700; bottleneck++)
            {
                var value = Fingerprint.Of(new Architecture([stem, new BasicBlock(3, width, 1, bottleneck)], 32, 10));
                lower.Add((ulong)value);
                upper.Add((ulong)(value >> 64));
            }
        }

        Assert.Equal((490_000, 490_000), (lower.Count, upper.Count));
    }

    [Fact]
    public void Should_stay_the_same_between_versions()
    {
        // Computed by a separate implementation of the same chains. Saved runs hold fingerprints, so these must never change.
        var architecture = new Architecture(
            [
                new ConvolutionBlock(3, 16, 2),
                new MaxPoolBlock(3, 2, 16),
                new BottleneckBlock(5, 64, 2, 32, 3, 1, 8, Projection.WhereShapeChanges, SqueezeExcitation.Quarter),
                new InvertedBottleneckBlock(4, 7, 40, 1, 12, 3),
                new BasicBlock(3, 24, 1, 8, 2),
            ],
            64, 10);
        Assert.Equal("2536a575c493fdbb8a434f36dd441b10", Fingerprint.Of(architecture).ToString("x32", null));
    }
}
