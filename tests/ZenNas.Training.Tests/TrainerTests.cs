using System.Collections.Immutable;
using ZenNas.Data.Loading;
using ZenNas.Training.Recipes;
using ZenNas.Weights;

namespace ZenNas.Training.Tests;

public sealed class TrainerTests : IDisposable
{
    private readonly DirectoryInfo _temp = Directory.CreateTempSubdirectory("zennas-train-");

    public void Dispose() => _temp.Delete(recursive: true);

    [Fact]
    public void Should_learn_what_can_be_learnt()
    {
        var rows = Train("run", TestPlans.Recipe(epochs: 6));

        Assert.True(rows[^1].Top1 > 0.8, $"accuracy {rows[^1].Top1}");
        Assert.True(rows[^1].TrainingLoss < rows[0].TrainingLoss);
    }

    [Fact]
    public void Should_give_the_same_weights_again_whatever_the_workers()
    {
        Train("one", TestPlans.Recipe(epochs: 2), workers: 1);
        Train("four", TestPlans.Recipe(epochs: 2), workers: 4);

        Assert.Equal(Weights("one"), Weights("four"));
    }

    [Fact]
    public void Should_go_on_where_it_was_interrupted_as_if_it_had_not_been()
    {
        var recipe = TestPlans.Recipe(epochs: 3);
        var undisturbed = Train("undisturbed", recipe);
        using var cancellation = new CancellationTokenSource();
        using (var folder = TrainingFolder.Create(At("interrupted"), Plan(recipe)))
        {
            var trainer = new Trainer(folder, Pictures(), 2, p =>
            {
                if (p.Epoch == 3 && p.Finished is null)
                {
                    cancellation.Cancel();
                }
            });
            Assert.Throws<OperationCanceledException>(() => trainer.Run(cancellation.Token));
        }

        using (var folder = TrainingFolder.Open(At("interrupted")))
        {
            var rows = new Trainer(folder, Pictures(), 1, null).Run(CancellationToken.None);
            Assert.Equal(undisturbed.Select(Results), rows.Select(Results));
        }

        Assert.Equal(Weights("undisturbed"), Weights("interrupted"));
        Assert.Equal(4, File.ReadAllLines(Path.Combine(At("interrupted"), "metrics.csv")).Length);
    }

    /// <summary>A kill between the checkpoint and the weights that follow from it, after the last epoch too.</summary>
    [Fact]
    public void Should_write_again_what_follows_from_the_checkpoint()
    {
        Train("run", TestPlans.Recipe(epochs: 1));
        var whole = Weights("run");
        File.WriteAllBytes(Path.Combine(At("run"), "weights.safetensors"), [1, 2, 3]);
        using (var folder = TrainingFolder.Open(At("run")))
        {
            new Trainer(folder, Pictures(), 1, null).Run(CancellationToken.None);
        }

        Assert.Equal(whole, Weights("run"));
    }

    [Fact]
    public void Should_stop_with_the_last_good_epoch_when_it_diverges()
    {
        using var folder = TrainingFolder.Create(At("diverging"), Plan(TestPlans.Recipe() with { LearningRate = 100, WarmUpEpochs = 0, LabelSmoothing = 0, WeightDecay = 1 }));
        var trainer = new Trainer(folder, Pictures(), 1, null);

        Assert.Throws<DivergedException>(() => trainer.Run(CancellationToken.None));
        Assert.True(File.Exists(folder.WeightsPath));
    }

    [Fact]
    public void Should_evaluate_the_weights_as_the_training_did()
    {
        var rows = Train("run", TestPlans.Recipe(epochs: 2));
        using var stream = File.OpenRead(Path.Combine(At("run"), "weights.safetensors"));
        var weights = WeightsFile.ReadWithNetwork(stream);
        var accuracy = NetworkEvaluation.Run(weights, Pictures(), new EvaluationSettings(50, 1, "cpu", BrokenPictureHandling.Fail, null), null, out _, CancellationToken.None);

        Assert.Equal(rows[^1].Top1, accuracy.Top1);
        Assert.Equal(rows[^1].Top5, accuracy.Top5);
        Assert.Equal(rows[^1].TestLoss, accuracy.Loss, 1e-4);
        Assert.Equal(accuracy.Images, accuracy.Confusion.Sum(row => row.Sum()));
    }

    [Fact]
    public void Should_hold_its_folder()
    {
        using var folder = TrainingFolder.Create(At("held"), Plan(TestPlans.Recipe()));

        Assert.Throws<InvalidInputException>(() => TrainingFolder.Open(At("held")));
        Assert.Throws<InvalidInputException>(() => TrainingFolder.Create(At("held"), Plan(TestPlans.Recipe())));
    }

    [Fact]
    public void Should_read_the_plan_it_writes()
    {
        var plan = Plan(TestPlans.Recipe()) with { Teacher = "teacher.onnx", BrokenPictures = BrokenPictureHandling.Skip };

        Assert.Equal(plan, TrainingPlanJson.Parse(TrainingPlanJson.Write(plan)));
    }

    private static (int, double, double, double) Results(EpochRow row) => (row.Epoch, row.TrainingLoss, row.TestLoss, row.Top1);

    private static Data.DatasetPair Pictures() => StripedPictures.Pair(training: 640, test: 200, size: 16);

    private static TrainingPlan Plan(Recipe recipe) => TestPlans.Plan(TestPlans.Network(), recipe);

    private ImmutableArray<EpochRow> Train(string name, Recipe recipe, int workers = 2)
    {
        using var folder = TrainingFolder.Create(At(name), Plan(recipe));
        return new Trainer(folder, Pictures(), workers, null).Run(TestContext.Current.CancellationToken);
    }

    private byte[] Weights(string name) => File.ReadAllBytes(Path.Combine(At(name), "weights.safetensors"));

    private string At(string name) => Path.Combine(_temp.FullName, name);
}
