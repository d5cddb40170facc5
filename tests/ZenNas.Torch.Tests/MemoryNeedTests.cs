using System.Diagnostics;
using ZenNas.Architectures;
using ZenNas.Scores;

namespace ZenNas.Torch.Tests;

/// <summary>A network that can't fit is refused before memory is taken.</summary>
public sealed class MemoryNeedTests
{
    private static readonly Network Huge = Network.Lower(new Architecture(
        [new ConvolutionBlock(3, Limits.Width, 1, 2)], Limits.Resolution, 1000));

    [Fact]
    public void Should_refuse_a_network_that_needs_more_memory_than_there_is()
    {
        var watch = Stopwatch.StartNew();
        var measured = new MeasuredZenScore(new ScoreSettings());
        var phi = new PhiScore(new ScoreSettings(), batchNorm: false);

        string[] messages =
        [
            Refusal(() => measured.MeasureOnce(Huge.Vanilla, 1)),
            Refusal(() => measured.Measure(Huge.Vanilla, 1, RepeatPolicy.Exactly(2), 2)),
            Refusal(() => phi.MeasureOnce(Huge.Vanilla, 1)),
            Refusal(() => phi.Measure(Huge.Vanilla, 1, 2, 2)),
        ];

        Assert.Equal(("it takes more memory than there is", true), (measured.Evaluate(Huge, 1).Failure?.Reason, double.IsNaN(measured.Evaluate(Huge, 1).Mean)));
        Assert.All(messages, m => Assert.Matches(@"^measuring this network takes [\d.]+ GiB for a batch of 16 images at 4096×4096,? [^;]*; allowed here are [\d.]+ GiB[^;]*$", m));
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(5));
    }

    /// <summary>The batch counts too: a network of which one image fits is refused for thousands.</summary>
    [Fact]
    public void Should_count_the_images_of_the_batch()
    {
        var network = TestNetworks.Plain(1, 64, 224);

        Assert.True(double.IsFinite(new MeasuredZenScore(new ScoreSettings { BatchSize = 1 }).MeasureOnce(network, 1)));
        var options = new ScoreSettings { BatchSize = ScoreSettings.MaxBatchSize };
        var need = 2.0 * options.BatchSize * (3 + 64) * 224 * 224 * sizeof(float);
        Assert.SkipUnless(need > GC.GetGCMemoryInfo().TotalAvailableMemoryBytes, "this machine has memory for the batch");
        Refusal(() => new MeasuredZenScore(options).MeasureOnce(network, 1));
    }

    private static string Refusal(Action measure) => Assert.Throws<InvalidInputException>(measure).Message;
}
