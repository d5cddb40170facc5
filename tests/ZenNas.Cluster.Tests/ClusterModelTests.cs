using ZenNas.Bench.Cluster;

namespace ZenNas.Cluster.Tests;

/// <summary>The model of many machines where its answer can be written down.</summary>
public sealed class ClusterModelTests
{
    [Fact]
    public void Should_be_limited_by_workers_where_nothing_else_costs()
    {
        var load = new ClusterModel(new ClusterTimes(0, 0, 0), workers: 8, ahead: 64, _ => 10).Run(5);

        Assert.Equal(800, load.JobsPerSecond, 1e-6);
        Assert.Equal((1, "workers"), (load.WorkersBusy, load.Limit));
    }

    [Theory]
    [InlineData(2, 0, "coordinator")]
    [InlineData(0, 2, "server")]
    public void Should_be_limited_by_what_takes_longest_for_a_job(double coordinatorMs, double serverMs, string limit)
    {
        var load = new ClusterModel(new ClusterTimes(coordinatorMs, serverMs, 0), workers: 1000, ahead: 4000, _ => 1).Run(5);

        Assert.InRange(load.JobsPerSecond, 480, 500.001);
        Assert.Equal(limit, load.Limit);
    }

    [Fact]
    public void Should_be_limited_by_the_cost_of_a_job_where_jobs_are_short()
    {
        var load = new ClusterModel(new ClusterTimes(0, 0, 5), workers: 1, ahead: 64, _ => 5).Run(5);

        Assert.Equal((100, "cost of a job"), (Math.Round(load.JobsPerSecond, 6), load.Limit));
    }

    /// <summary>Three messages for the job itself, three signs of life.</summary>
    [Fact]
    public void Should_count_signs_of_life_of_long_jobs()
    {
        var load = new ClusterModel(new ClusterTimes(0, 3, 0), workers: 1, ahead: 1, _ => 3.5 * ClusterModel.ProgressMs).Run(1);

        Assert.Equal(6 / (3 + 3.5 * ClusterModel.ProgressMs), load.ServerBusy, 1e-9);
    }

    /// <summary>Three workers and four jobs of a second: the fourth is alone.</summary>
    [Fact]
    public void Should_wait_for_the_last_job_of_a_batch()
    {
        var load = new ClusterModel(new ClusterTimes(0, 0, 0), workers: 3, ahead: 4, _ => 1000).Run(5);

        Assert.Equal((2.0, "ends of batches"), (Math.Round(load.JobsPerSecond, 6), load.Limit));
        Assert.Equal(4.0 / 6, load.WorkersBusy, 1e-6);
    }
}
