using ZenNas.Architectures;
using ZenNas.Scores;

namespace ZenNas.Tests.Scores;

public sealed class EvaluationTests
{
    private static readonly Network Any = ScoredNetwork.Plain(8);

    [Fact]
    public void Should_give_mean_and_standard_error_of_independent_repeats()
    {
        double[] values = [2, 4, 4, 4, 5, 5, 7, 9];
        var score = new ScriptedScore(isRandom: true, i => ScoreValue.Once(values[i]));
        var done = new List<int>();

        var evaluation = Evaluation.Of(score, Any, seed: 1, repeats: 8, threads: 1, done.Add, TestContext.Current.CancellationToken);

        Assert.Equal((5, 8), (evaluation.Value.Mean, evaluation.Value.Repeats));
        Assert.Equal(Math.Sqrt(32.0 / 7 / 8), evaluation.Value.StandardError, tolerance: 1e-14);
        Assert.Equal(8, score.Seeds.Distinct().Count());
        Assert.Equal(Enumerable.Range(1, 8), done);
        Assert.Equal((7, 1), (evaluation.Seconds.Length, evaluation.AtOnce));
    }

    [Fact]
    public void Should_not_depend_on_the_number_of_threads()
    {
        var score = new RandomScore();

        var alone = Of(score, repeats: 7, threads: 1);
        var together = Of(score, repeats: 7, threads: 3);

        Assert.Equal(alone.Value, together.Value);
        Assert.Equal((1, 3), (alone.AtOnce, together.AtOnce));
    }

    [Fact]
    public void Should_evaluate_a_score_without_noise_once_whatever_the_repeats()
    {
        var value = Of(new ClosedFormZenScore(), repeats: 5, threads: 2).Value;

        Assert.Equal(ScoreValue.Exact(new ClosedFormZenScore().Score(Any.Vanilla)), value);
        Assert.Equal((0, 0), (value.Repeats, value.StandardError));
    }

    [Fact]
    public void Should_not_know_the_error_of_one_repeat()
    {
        var evaluation = Of(new RandomScore(), repeats: 1, threads: 4);

        Assert.True(double.IsNaN(evaluation.Value.StandardError));
        Assert.Equal(1, evaluation.AtOnce);
        Assert.Single(evaluation.Seconds);
    }

    [Fact]
    public void Should_stop_at_the_first_failure()
    {
        var score = new ScriptedScore(isRandom: true, i => i < 2 ? ScoreValue.Once(1) : ScoreValue.Failed("singular", $"repeat {i}"));

        var evaluation = Of(score, repeats: 100, threads: 1);

        Assert.Equal(3, score.Seeds.Count);
        Assert.Equal(new ScoreFailure("singular", "repeat 2"), evaluation.Value.Failure);
        Assert.True(double.IsNaN(evaluation.Value.Mean));
    }

    [Fact]
    public void Should_average_both_parts_of_a_pair()
    {
        var score = new ScriptedScore(isRandom: true, i => ScoreValue.Once(i) with
        {
            Pair = new ScorePair(new ScorePart("a", 10 * i, IsLargerBetter: false), new ScorePart("b", 1 - i, IsLargerBetter: true)),
        });

        var pair = Of(score, repeats: 3, threads: 1).Value.Pair;

        Assert.Equal(new ScorePair(new ScorePart("a", 10, IsLargerBetter: false), new ScorePart("b", 0, IsLargerBetter: true)), pair);
    }

    [Fact]
    public void Should_end_between_repeats_when_cancelled()
    {
        using var cancellation = new CancellationTokenSource();
        var score = new ScriptedScore(isRandom: true, _ => ScoreValue.Once(1));

        Assert.Throws<OperationCanceledException>(() => Evaluation.Of(score, Any, 1, 100, 1, done => StopAt(done, cancellation), cancellation.Token));
        Assert.Equal(2, score.Seeds.Count);
    }

    private static void StopAt(int done, CancellationTokenSource cancellation)
    {
        if (done == 2)
        {
            cancellation.Cancel();
        }
    }

    private static Evaluation Of(IScore score, int repeats, int threads) =>
        Evaluation.Of(score, Any, seed: 1, repeats, threads, cancellation: TestContext.Current.CancellationToken);
}
