using ZenNas.Torch;
using ZenNas.Training.Lanes;
using ZenNas.Training.Recipes;
using ZenNas.Training.Teachers;
using ZenNas.Weights;
using static TorchSharp.torch;

namespace ZenNas.Training.Tests;

public sealed class DistillationTests
{
    /// <summary>Hinton's loss and the smooth L1 loss, written out.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Should_be_what_it_is_defined_as(double temperature)
    {
        using var scope = NewDisposeScope();
        using var teacher = new NetworkTeacher(NetworkWeights.Random(TestPlans.Network(resolution: 32), 1), CPU);
        var student = TestPlans.Network(resolution: 32);
        var distillation = new Distillation(teacher, new DistillationRecipe(0.7, temperature, 0), student);
        var (images, logits) = (randn([8, 3, 32, 32], generator: new Generator(2)), randn([8, 10], generator: new Generator(3)));
        var loss = distillation.Loss(images, logits, [], []).Number();

        float[] taught = Numbers(teacher.Run(images).Logits), guessed = Numbers(logits);
        double expected = 0;
        for (var i = 0; i < 8; i++)
        {
            var (p, q) = (Softmax(taught.AsSpan(10 * i, 10), temperature), Softmax(guessed.AsSpan(10 * i, 10), temperature));
            expected -= p.Zip(q, (a, b) => a * Math.Log(b)).Sum() / 8;
        }

        Assert.Equal(0.7 * temperature * temperature * expected, loss, 1e-4);
    }

    [Fact]
    public void Should_refuse_a_teacher_of_other_classes()
    {
        using var teacher = new NetworkTeacher(NetworkWeights.Xavier(TestPlans.Network(classes: 7), 1), CPU);

        Assert.Throws<InvalidInputException>(() => new Distillation(teacher, new DistillationRecipe(1, 1, 1), TestPlans.Network()));
    }

    /// <summary>At 64×64 the last block has a sixteenth of the resolution.</summary>
    [Fact]
    public void Should_bring_features_together()
    {
        var deep = Architectures.Network.Lower(Architectures.StructureString.Parse(
            "SuperConvK3BNRELU(3,8,2,1)SuperResK3K3(8,16,2,8,1)SuperResK3K3(16,16,2,8,1)SuperResK3K3(16,24,2,8,1)SuperConvK1BNRELU(24,32,1,1)", 64, 10));
        using var teacher = new NetworkTeacher(NetworkWeights.Random(deep, 1), CPU);
        var recipe = TestPlans.Recipe() with { Distillation = new DistillationRecipe(0, 1, 10), LearningRate = 0.2, LabelSmoothing = 0 };
        using var team = LaneTeam.Alone();
        using var session = new TrainingSession(TestPlans.Plan(deep, recipe), null, teacher, CPU);
        Assert.Single(teacher.Maps);
        Assert.Equal(16, teacher.Maps[0].Stride);

        var batch = TrainingData.Loaders(TestPlans.Plan(deep, recipe), StripedPictures.Pair(64, 10, 64), 1).Training.TrainingEpoch(0, TestContext.Current.CancellationToken).First();
        double[] losses = [.. Enumerable.Range(0, 40).Select(step => session.Step.Run(team, batch, 0.05, step))];
        Assert.True(losses[^1] < 0.5 * losses[0], $"{losses[0]} to {losses[^1]}");
    }

    private static double[] Softmax(ReadOnlySpan<float> logits, double temperature)
    {
        double[] powers = [.. logits.ToArray().Select(l => Math.Exp(l / temperature))];
        return [.. powers.Select(p => p / powers.Sum())];
    }

    private static float[] Numbers(Tensor values) => values.contiguous().data<float>().ToArray();
}
