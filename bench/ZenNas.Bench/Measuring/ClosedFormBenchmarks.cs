using BenchmarkDotNet.Attributes;
using ZenNas.Architectures;
using ZenNas.Bench.Networks;
using ZenNas.Complexity;
using ZenNas.Scores;
using ZenNas.Search;

namespace ZenNas.Bench.Measuring;

/// <summary>What a search by the closed form does per network, on one thread.</summary>
public class ClosedFormBenchmarks
{
    /// <summary>Steps that the benchmarked search has taken before.</summary>
    public const int StepsBefore = 20_000;

    /// <summary>Steps per measurement.</summary>
    public const int Steps = 20_000;

    private static readonly SearchSettings Settings = BenchSpace.Residual.Settings(7, PairVariation.PresetName);
    private readonly ClosedFormZenScore _score = new();
    private readonly FiniteWidthZenScore _finiteWidth = new();
    private readonly Architecture _architecture = ModelZoo.Find("zennet_cifar_model_size1M_res32")!.Architecture;
    private readonly VanillaNetwork _vanilla;
    private readonly EvolutionarySearch _searchBefore = new(Settings);
    private EvolutionarySearch? _search;

    public ClosedFormBenchmarks()
    {
        _vanilla = Network.Lower(_architecture).Vanilla;
        ClosedFormSearch.Run(_searchBefore, _score, StepsBefore);
    }

    [Benchmark(Description = "score of a lowered network")]
    public double Score() => _score.Score(_vanilla);

    [Benchmark(Description = "the same with finite widths")]
    public double FiniteWidthScore() => _finiteWidth.Score(_vanilla);

    [Benchmark(Description = "lowering, cost and score of an architecture")]
    public double LowerCountAndScore()
    {
        var network = Network.Lower(_architecture);
        return NetworkCost.Of(network).Parameters + _score.Score(network.Vanilla);
    }

    [IterationSetup(Target = nameof(SearchSteps))]
    public void RestoreSearch() => _search = EvolutionarySearch.Restore(
        Settings, _searchBefore.Step, _searchBefore.Population, _searchBefore.Seen, _searchBefore.Counts, _searchBefore.Best);

    [Benchmark(Description = "step of a search", OperationsPerInvoke = Steps)]
    public void SearchSteps() => ClosedFormSearch.Run(_search!, _score, StepsBefore + Steps);
}
