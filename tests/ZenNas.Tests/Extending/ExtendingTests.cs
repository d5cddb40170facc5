using System.Runtime.CompilerServices;
using ZenNas.Architectures;
using ZenNas.Scores;
using ZenNas.Search;
using ZenNas.Tests.Search;

namespace ZenNas.Tests.Extending;

/// <summary>The example of docs/extending.md does what the document says.</summary>
public sealed class ExtendingTests
{
    private const int Steps = 200;

    private static readonly Registration Registered =
        new(ScoreCatalog.TensorFree.With(DepthWidthScore.Description, _ => new DepthWidthScore()));

    [Fact]
    public void Should_be_made_by_its_name()
    {
        var score = Registered.Catalog.Create("depth-width", new ScoreSettings());
        var network = Network.Lower(StructureString.Parse("SuperConvK3BNRELU(3,8,1,1)SuperConvK3BNRELU(8,16,2,1)", 32, 10));

        Assert.IsType<DepthWidthScore>(score);
        Assert.Equal([.. ScoreCatalog.TensorFree.Names, "depth-width"], Registered.Catalog.Names);
        Assert.Equal(Math.Log(8 * 16), score.Evaluate(network, seed: 0).Mean, tolerance: 1e-12);
    }

    [Fact]
    public void Should_be_evaluated_like_any_other_score()
    {
        var network = Network.Lower(StructureString.Parse("SuperConvK3BNRELU(3,8,1,1)SuperConvK3BNRELU(8,16,2,1)", 32, 10));

        var evaluation = Evaluation.Of(
            Registered.Catalog.Create("depth-width", new ScoreSettings()), network, seed: 3, repeats: 5, threads: 2,
            cancellation: TestContext.Current.CancellationToken);

        Assert.Same(DepthWidthScore.Description, evaluation.Info);
        Assert.Equal(DepthWidthScore.Description, Registered.Catalog.Info("depth-width"));
        Assert.Equal(ScoreValue.Exact(Math.Log(8) + Math.Log(16)), evaluation.Value);
        Assert.Equal(0, evaluation.Value.StandardError);
        Assert.NotEmpty(evaluation.Seconds);
    }

    [Fact]
    public void Should_be_maximised_by_a_search()
    {
        var score = Registered.Catalog.Create("depth-width", new ScoreSettings());
        var search = new EvolutionarySearch(Searches.Settings(seed: 1));
        var best = new List<double>();
        while (search.Ask(Steps) is { } proposal)
        {
            search.Tell(proposal, score.Evaluate(proposal.Network, seed: 0).Mean);
            best.Add(search.Best!.Score);
        }

        Assert.Equal(Steps, search.Step);
        Assert.Equal(best.Order(), best);
        Assert.True(best[^1] > 1.5 * best[0]);
    }

    [Fact]
    public void Should_stand_in_the_document_as_it_is_compiled()
    {
        var folder = Path.GetDirectoryName(ThisFile())!;
        var document = File.ReadAllText(Path.Combine(folder, "../../../docs/extending.md"));

        Assert.Contains(File.ReadAllText(Path.Combine(folder, "DepthWidthScore.cs")).Trim(), document, StringComparison.Ordinal);
        Assert.Contains(Registered.Line, document, StringComparison.Ordinal);
    }

    private static string ThisFile([CallerFilePath] string path = "") => path;

    /// <summary>A catalog with the text of the expression that makes it.</summary>
    private sealed record Registration(ScoreCatalog Catalog, [CallerArgumentExpression(nameof(Catalog))] string Line = "");
}
