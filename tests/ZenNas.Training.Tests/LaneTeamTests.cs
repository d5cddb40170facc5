using ZenNas.Training.Lanes;

namespace ZenNas.Training.Tests;

public sealed class LaneTeamTests
{
    [Theory]
    [InlineData(1, 0)]
    [InlineData(4, 0)]
    [InlineData(4, long.MaxValue)]
    public void Should_run_every_lane_and_let_them_meet(int lanes, long largestMap)
    {
        var (before, missing) = (0, 0);
        LaneTeam.Run(
            lanes, largestMap,
            team =>
            {
                for (var round = 1; round <= 100; round++)
                {
                    var expected = round * lanes;
                    team.Do(_ =>
                    {
                        Interlocked.Increment(ref before);
                        team.Meet();
                        if (Volatile.Read(ref before) != expected)
                        {
                            Interlocked.Increment(ref missing);
                        }

                        team.Meet();
                    });
                }
            });

        Assert.Equal(100 * lanes, before);
        Assert.Equal(0, missing);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void Should_throw_what_a_lane_throws_while_others_wait(int failing)
    {
        var thrown = Assert.Throws<FormatException>(() => LaneTeam.Run(
            3, largestMap: 0,
            team => team.Do(lane =>
            {
                if (lane == failing)
                {
                    throw new FormatException("lane");
                }

                team.Meet();
            })));

        Assert.Equal("lane", thrown.Message);
        LaneTeam.Run(3, 0, team => team.Do(_ => team.Meet()));
    }

    [Fact]
    public void Should_send_lanes_home_when_the_work_throws() =>
        Assert.Throws<FormatException>(() => LaneTeam.Run(3, 0, _ => throw new FormatException()));

    /// <summary>Teams don't take each other's threads.</summary>
    [Fact]
    public void Should_run_beside_another_team()
    {
        using var both = new Barrier(2);
        Parallel.For(0, 2, _ => LaneTeam.Run(
            2, long.MaxValue,
            team =>
            {
                both.SignalAndWait();
                team.Do(_ => team.Meet());
            }));
    }
}
