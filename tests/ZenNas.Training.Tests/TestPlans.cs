using ZenNas.Architectures;
using ZenNas.Data.Loading;
using ZenNas.Scores;
using ZenNas.Training.Recipes;

namespace ZenNas.Training.Tests;

/// <summary>Small networks and plans.</summary>
internal static class TestPlans
{
    /// <summary>Convolution, basic units with and without projection, bottleneck, depthwise, head.</summary>
    public const string Structure =
        "SuperConvK3BNRELU(3,8,1,1)SuperResK3K3(8,16,2,8,2)SuperResK1K3K1(16,24,2,8,1)SuperResIDWE2K3(24,16,2,16,1)SuperConvK1BNRELU(16,32,1,1)";

    public static Network Network(int resolution = 16, int classes = 10, bool squeezes = false)
    {
        var architecture = StructureString.Parse(Structure, resolution, classes);
        return Architectures.Network.Lower(squeezes ? architecture.WithSqueezeExcitation(SqueezeExcitation.Quarter) : architecture);
    }

    public static Recipe Recipe(int epochs = 3) => RecipeJson.Parse(RecipeJson.Builtin("quick")!) with { Epochs = epochs, Batch = 16, WarmUpEpochs = 1, LearningRate = 1 };

    public static TrainingPlan Plan(Network network, Recipe recipe, string? teacher = null) => new()
    {
        Architecture = network.Architecture,
        Recipe = recipe,
        Data = "data",
        Teacher = teacher,
        Seed = 7,
        Threads = 1,
        Precision = Precision.Fp32,
        Device = "cpu",
        BrokenPictures = BrokenPictureHandling.Fail,
    };
}
