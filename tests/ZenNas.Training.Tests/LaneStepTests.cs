using ZenNas.Architectures;
using ZenNas.Training.Lanes;

namespace ZenNas.Training.Tests;

public sealed class LaneStepTests
{
    /// <summary>Stem; a unit with projection, a unit without, head: every batch normalisation takes along what follows it.</summary>
    [Fact]
    public void Should_fuse_what_lies_between_convolutions()
    {
        var network = Network.Lower(StructureString.Parse("SuperConvK3BNRELU(3,8,1,1)SuperResK3K3(8,16,2,8,2)SuperConvK1BNRELU(16,32,1,1)", 16, 10));

        var steps = LaneStep.Of(network, [network.Layers.Length - 1]);

        Assert.Equal(network.Layers.Count(layer => layer.Kind == LayerKind.BatchNorm), steps.Count(step => step.IsFused));
        Assert.Equal(2, steps.Count(step => step is { Norm: >= 0, Other: not null, Relu: true }));
        Assert.All(steps.Where(step => !step.IsFused), step => Assert.Contains(network.Layers[step.Output].Kind, new[] { LayerKind.Convolution, LayerKind.GlobalAveragePool, LayerKind.Linear }));
        AssertOrder(steps);
    }

    [Fact]
    public void Should_keep_outputs_that_are_wanted()
    {
        var network = TestPlans.Network(squeezes: true);
        var kept = Enumerable.Range(0, network.Layers.Length).Where(i => network.Layers[i].Kind is LayerKind.BatchNorm or LayerKind.Add).ToArray();

        var steps = LaneStep.Of(network, kept);

        Assert.Equal(network.Layers.Length, steps.Length);
        AssertOrder(steps);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Should_read_only_what_is_computed(bool squeezes) => AssertOrder(LaneStep.Of(TestPlans.Network(squeezes: squeezes), []));

    private static void AssertOrder(IEnumerable<LaneStep> steps)
    {
        var computed = new HashSet<int> { -1 };
        foreach (var step in steps)
        {
            Assert.Contains(step.Source, computed);
            Assert.Contains(step.Other ?? -1, computed);
            Assert.True(computed.Add(step.Output));
        }
    }
}
