using ZenNas.Training.Recipes;

namespace ZenNas.Training.Tests;

public sealed class LearningRateScheduleTests
{
    private static readonly Recipe Recipe = RecipeJson.Parse(RecipeJson.Builtin("cifar")!) with { Epochs = 20, WarmUpEpochs = 4, Batch = 128, LearningRate = 0.1 };

    [Fact]
    public void Should_rise_and_fall_once()
    {
        var schedule = new LearningRateSchedule(Recipe, stepsPerEpoch: 10);
        double[] rates = [.. Enumerable.Range(0, 200).Select(step => schedule.At(step))];

        Assert.All(Enumerable.Range(1, 39), step => Assert.True(rates[step] > rates[step - 1]));
        Assert.All(Enumerable.Range(41, 159), step => Assert.True(rates[step] < rates[step - 1]));
        Assert.Equal(0.05, rates[40], 1e-12);
        Assert.InRange(rates[0], 1e-4, 0.01);
    }

    [Fact]
    public void Should_be_half_in_the_middle_of_the_cosine_and_nothing_at_its_end()
    {
        var schedule = new LearningRateSchedule(Recipe, stepsPerEpoch: 10);

        Assert.Equal(0.025, schedule.At(120), 1e-12);
        Assert.Equal(0, schedule.At(200), 1e-12);
    }

    [Fact]
    public void Should_end_while_it_rises_where_the_warm_up_is_longer_than_the_training()
    {
        var schedule = new LearningRateSchedule(Recipe with { Epochs = 1 }, stepsPerEpoch: 10);

        Assert.All(Enumerable.Range(1, 9), step => Assert.True(schedule.At(step) > schedule.At(step - 1)));
    }
}
