using ZenNas.Training.Recipes;

namespace ZenNas.Training.Tests;

public sealed class RecipeJsonTests
{
    public static TheoryData<string> Names => [.. RecipeJson.BuiltinNames];

    [Theory]
    [MemberData(nameof(Names))]
    public void Should_read_what_it_writes(string name)
    {
        var recipe = RecipeJson.Parse(RecipeJson.Builtin(name)!);

        Assert.Equal(recipe, RecipeJson.Parse(RecipeJson.Write(recipe)));
    }

    /// <summary>The paper's appendix, and the code that was released with it.</summary>
    [Fact]
    public void Should_train_cifar_as_the_paper_does()
    {
        var recipe = RecipeJson.Parse(RecipeJson.Builtin("cifar")!);

        Assert.Equal((1440, 64, 0.1, 5.0), (recipe.Epochs, recipe.Batch, recipe.LearningRate, recipe.WarmUpEpochs));
        Assert.Equal((0.9, 5e-4, 0.01, 1e-3), (recipe.Momentum, recipe.WeightDecay, recipe.BatchNormMomentum, recipe.BatchNormEpsilon));
        Assert.Equal((0.1, 0.2, true), (recipe.LabelSmoothing, recipe.Mixup, recipe.ZeroResidualScales));
        Assert.Equal((4, true, 0.5), (recipe.Augmentation.Pad, recipe.Augmentation.Flip, recipe.Augmentation.Erasing));
    }

    [Fact]
    public void Should_replace_single_values()
    {
        var text = RecipeJson.Override(RecipeJson.Builtin("cifar")!, ["epochs=3", "labelSmoothing=0", "augmentation.autoAugment=none", "zeroResidualScales=false"]);
        var recipe = RecipeJson.Parse(text);

        Assert.Equal((3, 0.0, false), (recipe.Epochs, recipe.LabelSmoothing, recipe.ZeroResidualScales));
        Assert.Equal(RecipeJson.Parse(RecipeJson.Builtin("cifar")!).Augmentation with { AutoAugment = Data.Augmentation.AutoAugmentPolicy.None }, recipe.Augmentation);
    }

    [Theory]
    [InlineData("epochs")]
    [InlineData("nothing=1")]
    [InlineData("augmentation=1")]
    [InlineData("augmentation.nothing=1")]
    [InlineData("epochs.pad=1")]
    [InlineData("epochs=0")]
    [InlineData("epochs=1.5")]
    [InlineData("momentum=1")]
    [InlineData("learningRate=NaN")]
    [InlineData("augmentation.autoAugment=best")]
    public void Should_refuse_what_makes_no_sense(string value) =>
        Assert.Throws<InvalidInputException>(() => RecipeJson.Parse(RecipeJson.Override(RecipeJson.Builtin("quick")!, [value])));
}
