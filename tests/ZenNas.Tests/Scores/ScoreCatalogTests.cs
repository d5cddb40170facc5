using System.Text.RegularExpressions;
using ZenNas.Scores;

namespace ZenNas.Tests.Scores;

public sealed class ScoreCatalogTests
{
    private static readonly ScoreCatalog Catalog = ScoreCatalog.TensorFree;

    [Fact]
    public void Should_have_unique_names_of_lower_case_letters_digits_and_hyphens()
    {
        Assert.Equal(["closed-form", "finite-width", "flops", "params", "entropy", "random"], Catalog.Names);
        Assert.Equal(Catalog.Names.Distinct(), Catalog.Names);
        Assert.All(Catalog.Names, name => Assert.Matches(new Regex("^[a-z0-9-]{1,64}$"), name));
    }

    [Fact]
    public void Should_make_each_score_under_its_name()
    {
        Assert.Equal(Catalog.Names, Catalog.Infos.Select(i => i.Name));
        Assert.All(Catalog.Infos, info =>
        {
            Assert.Same(info, Catalog.Create(info.Name, new ScoreSettings()).Info);
            Assert.Same(info, Catalog.Info(info.Name));
            Assert.False(info.NeedsTensors);
            Assert.NotEmpty(info.Summary);
            Assert.NotEmpty(info.Source);
        });
    }

    [Fact]
    public void Should_refuse_an_unknown_name_and_list_the_allowed_ones()
    {
        var message = Assert.Throws<InvalidInputException>(() => Catalog.Create("accuracy", new ScoreSettings())).Message;

        Assert.Equal("score is 'accuracy'; allowed is one of closed-form, finite-width, flops, params, entropy, random", message);
        Assert.Equal(message, Assert.Throws<InvalidInputException>(() => Catalog.Info("accuracy")).Message);
    }

    [Theory]
    [InlineData("entropy")]
    [InlineData("")]
    [InlineData("Entropy")]
    [InlineData("depth width")]
    [InlineData("größe")]
    public void Should_refuse_to_register_a_name_that_is_taken_or_no_name(string name) =>
        Assert.Throws<ArgumentException>(() => Catalog.With(RandomScore.Description with { Name = name }, _ => new RandomScore()));

    [Fact]
    public void Should_leave_the_catalog_as_it_was_when_a_score_is_added()
    {
        var more = Catalog.With(RandomScore.Description with { Name = "dice" }, _ => new RandomScore());

        Assert.Equal([.. Catalog.Names, "dice"], more.Names);
        Assert.DoesNotContain("dice", Catalog.Names);
    }

    [Theory]
    [InlineData(0, 16)]
    [InlineData(2, 16)]
    [InlineData(double.NaN, 16)]
    [InlineData(0.01, 0)]
    [InlineData(0.01, ScoreSettings.MaxBatchSize + 1)]
    public void Should_refuse_settings_out_of_range(double alpha, int batch) =>
        Assert.Throws<InvalidInputException>(() => Catalog.Create("random", new ScoreSettings { Alpha = alpha, BatchSize = batch }));
}
