using ZenNas.Architectures;
using ZenNas.Scores;
using ZenNas.Search;

namespace ZenNas.Torch.Tests;

public sealed class MeasuredZenScoreTests
{
    private static readonly MeasuredZenScore Score = new(new ScoreSettings { BatchSize = 4 });

    [Theory, InlineData(2), InlineData(3)]
    public void Should_not_depend_on_the_number_of_threads(int threads) =>
        Assert.Equal(Measured(seed: 5, threads: 1), Measured(seed: 5, threads));

    [Theory, InlineData(Precision.Fp32), InlineData(Precision.Bf16)]
    public void Should_not_depend_on_what_was_measured_before(Precision precision)
    {
        var score = new MeasuredZenScore(new ScoreSettings { BatchSize = 4, Precision = precision });
        var first = score.MeasureOnce(TestNetworks.Mixed, 11);

        for (var seed = 0UL; seed < 5; seed++)
        {
            score.MeasureOnce(TestNetworks.Random(seed), seed);
        }

        new PhiScore(new ScoreSettings { BatchSize = 4 }, batchNorm: true).MeasureOnce(TestNetworks.Mixed, 3);
        Assert.Equal(first, score.MeasureOnce(TestNetworks.Mixed, 11));
        Assert.Equal(first, new MeasuredZenScore(new ScoreSettings { BatchSize = 4, Precision = precision }).MeasureOnce(TestNetworks.Mixed, 11));
    }

    [Fact]
    public void Should_differ_between_seeds()
    {
        var values = Enumerable.Range(0, 20).Select(seed => Score.MeasureOnce(TestNetworks.Mixed, (ulong)seed)).ToArray();

        Assert.Equal(20, values.Distinct().Count());
        Assert.NotEqual(Measured(seed: 1, threads: 1).Mean, Measured(seed: 2, threads: 1).Mean);
    }

    [Fact]
    public void Should_give_the_mean_of_repeats_with_its_standard_error()
    {
        var repeats = Enumerable.Range(0, 6).Select(i => Score.MeasureOnce(TestNetworks.Mixed, StepRandom.Derive(9, (ulong)i))).ToArray();
        var mean = repeats.Average();
        var deviation = Math.Sqrt(repeats.Sum(v => (v - mean) * (v - mean)) / 5);

        var value = Measured(seed: 9, threads: 1);

        Assert.Equal(6, value.Repeats);
        Assert.Equal(mean, value.Mean, 1e-9);
        Assert.Equal(deviation, value.StandardDeviation, 1e-9);
        Assert.Equal(deviation / Math.Sqrt(6), value.StandardError, 1e-9);
    }

    [Fact]
    public void Should_evaluate_a_single_repeat()
    {
        var network = Network.Lower(StructureString.Parse("SuperConvK3BNRELU(3,8,1,2)", 16, 10));

        var value = Score.Evaluate(network, 4);

        Assert.Equal(Score.MeasureOnce(network.Vanilla, 4), value.Mean);
        Assert.Equal(1, value.Repeats);
        Assert.Equal(double.NaN, value.StandardError);
    }

    /// <summary>A wider perturbation and more images change what is summed up as Algorithm 1 says: Δ grows with α; nothing grows with N.</summary>
    [Fact]
    public void Should_follow_its_options()
    {
        var network = TestNetworks.Plain(2, 32, 16);
        var standard = Mean(new ScoreSettings());

        Assert.Equal(standard + Math.Log(10), Mean(new ScoreSettings { Alpha = 0.1 }), 0.15);
        Assert.Equal(standard, Mean(new ScoreSettings { BatchSize = 32 }), 0.15);

        double Mean(ScoreSettings options) => new MeasuredZenScore(options).Measure(network, 1, RepeatPolicy.Exactly(4), 1).Mean;
    }

    [Fact]
    public void Should_tell_each_repeat_and_end_when_cancelled()
    {
        using var cancellation = new CancellationTokenSource();
        var told = new List<int>();

        Assert.ThrowsAny<OperationCanceledException>(() => Score.Measure(
            TestNetworks.Mixed, 1, RepeatPolicy.Exactly(1000), 1,
            done =>
            {
                told.Add(done);
                if (done == 3)
                {
                    cancellation.Cancel();
                }
            },
            cancellation.Token));

        Assert.Equal([1, 2, 3], told);
    }

    [Theory]
    [InlineData(0, 0.01, "cpu", "batch is 0; allowed is 1 to 4096 images")]
    [InlineData(4097, 0.01, "cpu", "batch is 4097; allowed is 1 to 4096 images")]
    [InlineData(16, 0, "cpu", "alpha is 0; allowed is above 0 and at most 1")]
    [InlineData(16, 1.5, "cpu", "alpha is 1.5; allowed is above 0 and at most 1")]
    [InlineData(16, double.NaN, "cpu", "alpha is NaN; allowed is above 0 and at most 1")]
    [InlineData(16, 0.01, "cpu:0", "device is 'cpu:0'; allowed here is cpu")]
    [InlineData(16, 0.01, "cuda:99", "device is 'cuda:99'; allowed here is cpu")]
    [InlineData(16, 0.01, "", "device is ''; allowed here is cpu")]
    public void Should_refuse_options_out_of_range(int batch, double alpha, string device, string message)
    {
        var options = new ScoreSettings { BatchSize = batch, Alpha = alpha, Device = device };

        Assert.StartsWith(message, Assert.Throws<InvalidInputException>(() => new MeasuredZenScore(options)).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidInputException>(() => new PhiScore(options, batchNorm: true));
    }

    private static ScoreValue Measured(ulong seed, int threads) => Score.Measure(TestNetworks.Mixed, seed, RepeatPolicy.Exactly(6), threads);
}
