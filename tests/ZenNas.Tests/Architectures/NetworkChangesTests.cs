using CsCheck;
using ZenNas.Architectures;

namespace ZenNas.Tests.Architectures;

public sealed class NetworkChangesTests
{
    private const string Before = "SuperConvK3BNRELU(3,16,1,1)SuperResK3K3(16,24,1,16,1)SuperResK1K5K1(24,48,2,16,4)SuperResK3K3(48,64,1,16,1)SuperConvK1BNRELU(64,64,1,1)";
    private const string After = "SuperConvK3BNRELU(3,16,1,1)SuperResK1K3K1(16,32,1,16,1)SuperResK3K3(32,32,1,8,2)SuperResK1K5K1(32,48,2,24,6)SuperConvK1BNRELU(48,64,1,1)";

    [Fact]
    public void Should_match_blocks_between_changes_of_resolution() => Assert.Equal(
        [
            new BlockChange(2, 2, "type basic → bottleneck, width 24 → 32"),
            new BlockChange(null, 3, "added: basic, kernel 3, width 32, bottleneck width 8, stride 1, repeats 2"),
            new BlockChange(3, 4, "bottleneck width 16 → 24, repeats 4 → 6"),
            new BlockChange(4, null, "removed: basic, kernel 3, width 64, bottleneck width 16, stride 1, repeats 1"),
        ],
        NetworkChanges.Between(Parse(Before), Parse(After)));

    [Fact]
    public void Should_find_nothing_between_equal_networks() => Assert.Empty(NetworkChanges.Between(Parse(Before), Parse(Before)));

    /// <summary>There is a change exactly where networks differ in blocks.</summary>
    [Fact]
    public void Should_be_empty_only_for_equal_blocks() => Gen.Select(ArchitectureGen.Any, ArchitectureGen.Any).Sample(
        (a, b) =>
        {
            var changes = NetworkChanges.Between(a, b);
            Assert.Equal(a.Blocks.SequenceEqual(b.Blocks), changes.IsEmpty);
            Assert.All(changes, change => Assert.NotEqual("", change.Text));
        }, iter: 500);

    private static Architecture Parse(string structure) => StructureString.Parse(structure, 32, 10);
}
