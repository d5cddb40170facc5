using ZenNas.Architectures;
using ZenNas.Scores;
using ZenNas.Tests.Architectures;
using ZenNas.Tests.Reference;

namespace ZenNas.Tests.Scores;

public sealed class FiniteWidthZenScoreTests
{
    private static readonly FiniteWidthZenScore Score = new();
    private static readonly ClosedFormZenScore ClosedForm = new();

    public static TheoryData<string> Zoo => [.. ZooRow.All.Select(row => row.Name)];

    /// <summary>What the paper's authors' program measures.</summary>
    [Theory, MemberData(nameof(Zoo))]
    public void Should_be_within_half_a_percent_of_the_measured_zoo(string name)
    {
        var row = ZooRow.Named(name);
        var network = Network.Lower(StructureString.Parse(row.Structure, row.Resolution, row.Classes)).Vanilla;

        Assert.InRange(row.MeasuredZenScore / Score.Score(network), 0.995, 1.005);
    }

    [Fact]
    public void Should_become_the_closed_form_in_wide_networks_without_padding()
    {
        var narrow = Chain(16);
        var wide = Chain(4096);

        Assert.InRange(Score.Score(wide) - ClosedForm.Score(wide), 0, 0.002);
        Assert.InRange(Score.Score(narrow) - ClosedForm.Score(narrow), 0.05, 1);

        static VanillaNetwork Chain(int width) => Network.Lower(new Architecture([.. Enumerable.Repeat(new ConvolutionBlock(1, width), 12)], 32, 10, width)).Vanilla;
    }

    [Fact]
    public void Should_be_finite_for_any_network() => CsCheck.Check.Sample(
        ArchitectureGen.Any, a => Assert.True(double.IsFinite(Score.Score(Network.Lower(a).Vanilla))), iter: 2000);

    [Fact]
    public void Should_stay_finite_for_the_deepest_narrowest_network()
    {
        var block = new BottleneckBlock(7, 1, 1, 1, Limits.Repeats);
        var deepest = Network.Lower(new Architecture([block, block, block, block], 64, 10)).Vanilla;

        Assert.True(double.IsFinite(Score.Score(deepest)));
        Assert.All(Score.LayerTerms(deepest), term => Assert.True(double.IsFinite(term)));
    }

    [Fact]
    public void Should_allocate_nothing()
    {
        var network = Network.Lower(ModelZoo.Find("zennet_cifar_model_size1M_res32")!.Architecture).Vanilla;
        _ = Score.Score(network);
        var before = GC.GetAllocatedBytesForCurrentThread();
        _ = Score.Score(network);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void Should_sum_up_its_layers()
    {
        var network = Network.Lower(ModelZoo.Find("zennet_cifar_model_size05M_res32")!.Architecture).Vanilla;
        var last = network.Layers[^1];

        // What is left is log Δ, half the logarithm of the number of outputs times a share of what they could differ by.
        var rest = Math.Exp(2 * (Score.Score(network) - Score.LayerTerms(network).Sum())) / (last.OutChannels * last.OutSize * last.OutSize);
        Assert.InRange(rest, 0.1, 2 * 0.5);
    }
}
