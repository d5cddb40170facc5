using ZenNas.Architectures;
using ZenNas.Data.Loading;
using ZenNas.Torch;
using ZenNas.Training.Lanes;
using ZenNas.Training.Recipes;
using ZenNas.Training.Teachers;
using ZenNas.Weights;
using static TorchSharp.torch;

namespace ZenNas.Training.Tests;

/// <summary>The pass of several lanes with fused kernels against torch's own graph of the whole network.</summary>
public sealed class LanePassTests
{
    private const int Resolution = 32;

    private static readonly int[] NoiseSeeds = [8, 9, 10, 11, 12, 13];

    // Three lanes get 5, 6 and 6 pictures.
    private const int Pictures = 17;

    /// <summary>Units with and without projection, bottleneck, depthwise; channels that fill no vector, so that rows are left over.</summary>
    private const string Structure =
        "SuperConvK3BNRELU(3,12,2,1)SuperResK3K3(12,20,2,12,2)SuperResK1K5K1(20,28,2,8,2)SuperResIDWE2K3(28,20,2,20,2)SuperConvK1BNRELU(20,36,1,1)";

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(3, false)]
    [InlineData(1, true)]
    [InlineData(3, true)]
    public void Should_compute_loss_gradient_and_statistics_of_torch(int lanes, bool squeezes)
    {
        var architecture = StructureString.Parse(Structure, Resolution, 10);
        var weights = NetworkWeights.Random(Network.Lower(squeezes ? architecture.WithSqueezeExcitation(SqueezeExcitation.Quarter) : architecture), 3);
        using var teacher = new NetworkTeacher(NetworkWeights.Random(Network.Lower(architecture), 4), CPU);

        // An input of a ReLU that is 0 but for rounding may fall on either side of it, which changes all gradients before it by about a percent; among some 300,000 of them it happens
        // now and then, so two seeds without it have to do.
        var projections = new Distillation(teacher, new DistillationRecipe(0.5, 2, 3), weights.Network).Projections(5);
        var good = 0;
        foreach (var seed in NoiseSeeds)
        {
            var (loss, gradient, statistics) = Run(weights, teacher, ScalarType.Float32, lanes, (network, loss) => new LanePass(network, loss, lanes), seed);
            var expected = Run(weights, teacher, ScalarType.Float32, 1, (network, loss) => new AutogradPass(network, loss, CPU), seed);

            Assert.Equal(expected.Loss, loss, 1e-5 * expected.Loss);
            Assert.InRange(Distance(statistics, expected.Statistics), 0, 1e-5);
            Assert.InRange(Distance(gradient, expected.Gradient), 0, 0.05);

            // Squeeze-and-excitation normalises pooled maps, whose deviations over 17 pictures are small against their means: rounding grows by that much in either.
            good += Distance(gradient, expected.Gradient) < (squeezes ? 1e-2 : 1e-4) && WorstPart(new ParameterLayout(weights.Network, projections.Select(p => p.WeightShape)), gradient, expected.Gradient) < (squeezes ? 0.05 : 1e-3) ? 1 : 0;
        }

        Assert.InRange(good, 2, NoiseSeeds.Length);
    }

    [Fact]
    public void Should_be_as_near_to_single_precision_as_torch_with_maps_in_bfloat16()
    {
        // Few layers: in deep ones rounding to 8 bits decides about too many ReLUs.
        var weights = NetworkWeights.Random(Network.Lower(StructureString.Parse("SuperConvK3BNRELU(3,12,1,1)SuperResK3K3(12,20,2,12,1)SuperConvK1BNRELU(20,36,1,1)", Resolution, 10)), 3);

        var exact = Run(weights, null, ScalarType.Float32, 2, (network, loss) => new LanePass(network, loss, 2));
        var ours = Run(weights, null, ScalarType.BFloat16, 2, (network, loss) => new LanePass(network, loss, 2));
        var torch = Run(weights, null, ScalarType.BFloat16, 1, (network, loss) => new AutogradPass(network, loss, CPU));

        Assert.Equal(exact.Loss, ours.Loss, 0.02 * exact.Loss);
        Assert.InRange(Distance(ours.Gradient, exact.Gradient), 1e-6, Math.Min(0.3, 1.5 * Distance(torch.Gradient, exact.Gradient)));
    }

    [Fact]
    public void Should_give_the_same_bits_again()
    {
        var weights = NetworkWeights.Random(Network.Lower(StructureString.Parse(Structure, Resolution, 10)), 3);

        var first = Run(weights, null, ScalarType.Float32, 3, (network, loss) => new LanePass(network, loss, 3));
        var second = Run(weights, null, ScalarType.Float32, 3, (network, loss) => new LanePass(network, loss, 3));

        Assert.Equal(first.Loss, second.Loss);
        Assert.Equal(first.Gradient, second.Gradient);
        Assert.Equal(first.Statistics, second.Statistics);
    }

    private static (double Loss, float[] Gradient, float[] Statistics) Run(
        NetworkWeights weights, ITeacher? teacher, ScalarType type, int lanes, Func<TrainableNetwork, TrainingLoss, IGradientPass> create, int noise = 7)
    {
        var recipe = TestPlans.Recipe() with { Batch = Pictures, Mixup = 0.2 };
        var plan = TestPlans.Plan(weights.Network, recipe);
        var batch = TrainingData.Loaders(plan, StripedPictures.Pair(Pictures, 10, Resolution), 1).Training.TrainingEpoch(0, TestContext.Current.CancellationToken).First();
        var distillation = teacher is null ? null : new Distillation(teacher, new DistillationRecipe(0.5, 2, 3), weights.Network);
        using var network = new TrainableNetwork(weights, 0.1, distillation?.Projections(5) ?? [], type, CPU);
        using var pass = create(network, new TrainingLoss(0.1, distillation));
        (double, float[], float[]) result = default;
        LaneTeam.Run(lanes, 0, team => result = Measure(team, pass, batch, network, noise));
        return result;
    }

    private static (double Loss, float[] Gradient, float[] Statistics) Measure(LaneTeam team, IGradientPass pass, ImageBatch batch, TrainableNetwork network, int noise)
    {
        using var scope = NewDisposeScope();
        using (no_grad())
        {
            // Scales other than 1 and shifts other than 0.
            network.Parameters.PlusInPlace(randn([network.Layout.Parameters], generator: new Generator((ulong)noise)), 0.1);
        }

        // The second pass has other statistics to start from, and memory that was used before.
        pass.Run(team, batch);
        var (loss, gradient) = pass.Run(team, batch);
        return (loss, gradient.data<float>().ToArray(), network.Statistics.data<float>().ToArray());
    }

    /// <summary>Largest relative difference of a layer's weights, scales or shifts. Those whose gradient is far below the mean are rounding alone: what stands before a batch normalisation can't change a mean.</summary>
    private static double WorstPart(ParameterLayout layout, float[] gradient, float[] expected)
    {
        var floor = 1e-3 * Math.Sqrt(expected.Average(value => value * value));
        float[] Of(float[] values, Part part) => values.AsSpan((int)part.Offset, (int)part.Count).ToArray();
        return layout.Weights.Concat(layout.Biases).OfType<Part>()
            .Where(part => Math.Sqrt(Of(expected, part).Average(value => value * value)) > floor)
            .Max(part => Distance(Of(gradient, part), Of(expected, part)));
    }

    private static double Distance(float[] values, float[] expected) =>
        Math.Sqrt(values.Zip(expected, (a, b) => Math.Pow(a - b, 2)).Sum() / expected.Sum(b => Math.Pow(b, 2)));
}
