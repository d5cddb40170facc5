using ZenNas.Cluster.Messages;
using ZenNas.Latency;
using ZenNas.Scores;
using ZenNas.Spaces;

namespace ZenNas.Cluster.Tests;

/// <summary>What is written is read back equal.</summary>
public sealed class MessageTests
{
    public static TheoryData<JobRequest> Requests =>
    [
        new ScoreRequest("measured", new ScoreSettings { BatchSize = 4, Convention = Convention.ReleasedCode, Precision = Precision.Bf16 }, TestCluster.Network, ulong.MaxValue),
        new LatencyRequest(On, TestCluster.Network, LatencyProtocol.Paper),
        new ProfileRequest(On with { Threads = null }, SearchSpaceJson.BuiltinText("residual")!, new ProfileScope("residual", 32, 100, 1000, 7), 0.5),
        new TrainRequest("{}", new string('a', 64), null, "teachers/x/onnx"),
    ];

    private static DeviceRequest On => new("pixel-8", "onnxruntime", 1, 2, Precision.Fp32, "cpu", ThreadWaiting.Spin);

    [Theory]
    [MemberData(nameof(Requests))]
    public void Should_read_a_job_as_it_was_written(JobRequest request)
    {
        var read = RequestJson.Parse(RequestJson.Write(request, "1.0"));

        Assert.Equal(request.ToNode().ToJsonString(), read.ToNode().ToJsonString());
        Assert.Equal(request.Queue, read.Queue);
    }

    [Theory]
    [InlineData(1.0 / 3, double.NaN, 1)]
    [InlineData(double.PositiveInfinity, 0, 0)]
    [InlineData(double.NegativeInfinity, 5e-324, 3)]
    [InlineData(double.MaxValue, -0.0, 2)]
    public void Should_keep_every_bit_of_a_score(double mean, double deviation, int repeats)
    {
        var value = new ScoreValue(mean, deviation, repeats)
        {
            Pair = new ScorePair(new ScorePart("a", mean, true), new ScorePart("b", 0.1, false)),
            Failure = new ScoreFailure("why", "a detail"),
        };

        var outcome = JobOutcome.Parse(new JobOutcome { Worker = "w", ProgramVersion = "1", Seconds = 0.5, Body = ScoreJson.ToNode(value).ToJsonString() }.Write());

        Assert.Equal(value, outcome.Read(ScoreJson.Read));
    }

    [Fact]
    public void Should_name_a_job_by_what_it_says()
    {
        Assert.Equal(Coordinating.JobBoard.NameOf(TestCluster.Job(1)), Coordinating.JobBoard.NameOf(TestCluster.Job(1)));
        Assert.NotEqual(Coordinating.JobBoard.NameOf(TestCluster.Job(1)), Coordinating.JobBoard.NameOf(TestCluster.Job(2)));
    }

    [Theory]
    [InlineData("zennas.jobs.score.run.job.1", true)]
    [InlineData("zennas.jobs.score.run.job.0", false)]
    [InlineData("zennas.jobs.score.run.job", false)]
    [InlineData("zennas.jobs.score.ru~n.job.1", false)]
    [InlineData("elsewhere.score.run.job.1", false)]
    public void Should_know_the_subjects_of_jobs(string subject, bool isJob) => Assert.Equal(isJob, Working.JobSubject.Parse(subject) is not null);
}
