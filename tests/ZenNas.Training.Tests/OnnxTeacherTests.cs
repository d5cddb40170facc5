using ZenNas.Architectures;
using ZenNas.Onnx.Export;
using ZenNas.Torch;
using ZenNas.Training.Lanes;
using ZenNas.Training.Recipes;
using ZenNas.Training.Teachers;
using ZenNas.Weights;
using static TorchSharp.torch;

namespace ZenNas.Training.Tests;

public sealed class OnnxTeacherTests : IDisposable
{
    private const string Structure = "SuperConvK3BNRELU(3,8,2,1)SuperResK3K3(8,16,2,8,1)SuperResK3K3(16,16,2,8,1)SuperResK3K3(16,24,2,8,1)SuperConvK1BNRELU(24,32,1,1)";
    private readonly Network _network = Network.Lower(StructureString.Parse(Structure, 64, 10));
    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Fact]
    public void Should_say_what_torch_says_of_the_same_weights()
    {
        var weights = Export();
        using var scope = NewDisposeScope();
        using var teacher = new OnnxTeacher(_file, 3, 64, threads: 1);
        var images = randn([5, 3, 64, 64], generator: new Generator(1));
        using var noGradient = no_grad();
        var maps = FeatureMap.Of(_network).Where(map => map.Stride is 16 or 32).ToArray();
        using var torch = new InferenceNetwork(weights, ScalarType.Float32, CPU);
        var expected = torch.Outputs(images, [.. maps.Select(map => map.Layer), _network.Layers.Length - 1]);

        var taught = teacher.Run(images);

        Assert.NotEmpty(maps);
        Assert.Equal(maps.Select(map => new TeacherMap(map.Stride, map.Channels)), teacher.Maps);
        foreach (var (theirs, ours) in taught.Maps.Append(taught.Logits).Zip(expected))
        {
            Assert.Equal(ours.shape, theirs.shape);
            Assert.InRange((theirs - ours).abs().max().Number(), 0, 1e-4 * (1 + ours.abs().max().Number()));
        }
    }

    /// <summary>Only the difference of feature maps is learnt from, and it becomes smaller.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Should_bring_features_together(int lanes)
    {
        Export();
        using var teacher = new OnnxTeacher(_file, 3, 64, threads: 1);
        var recipe = TestPlans.Recipe() with { Distillation = new DistillationRecipe(0, 1, 100), LabelSmoothing = 0 };
        var plan = TestPlans.Plan(_network, recipe) with { Threads = lanes };
        using var session = new TrainingSession(plan, null, teacher, CPU);
        var batch = TrainingData.Loaders(plan, StripedPictures.Pair(64, 10, 64), 1).Training.TrainingEpoch(0, TestContext.Current.CancellationToken).First();

        var losses = new List<double>();
        LaneTeam.Run(lanes, 0, team =>
        {
            for (var step = 0; step < 40; step++)
            {
                losses.Add(session.Step.Run(team, batch, 0.02, step));
            }
        });

        Assert.True(losses[^1] < 0.6 * losses[0], $"{losses[0]} to {losses[^1]}");
    }

    private NetworkWeights Export()
    {
        var weights = NetworkWeights.Random(_network, 1);
        File.WriteAllBytes(_file, OnnxExport.ToBytes(weights, new OnnxExportSettings { Features = true }));
        return weights;
    }
}
