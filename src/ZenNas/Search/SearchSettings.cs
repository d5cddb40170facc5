using ZenNas.Architectures;
using ZenNas.Complexity;
using ZenNas.Spaces;

namespace ZenNas.Search;

/// <summary>What determines a search, together with the score it uses.</summary>
public sealed record SearchSettings
{
    /// <summary>The paper's population size.</summary>
    public const int DefaultPopulationSize = 256;

    /// <summary>The paper's number of iterations T.</summary>
    public const long DefaultIterations = 96_000;

    /// <summary>Space to stay in.</summary>
    public required SearchSpace Space { get; init; }

    /// <summary>Network to start from; lies in the space and fits the budget.</summary>
    public required Architecture Initial { get; init; }

    /// <summary>Limits on cost.</summary>
    public required Budget Budget { get; init; }

    /// <summary>How networks are varied: one of <see cref="Variation.Presets"/>.</summary>
    public string Preset { get; init; } = PairVariation.PresetName;

    /// <summary>Seed of all random draws.</summary>
    public ulong Seed { get; init; }

    /// <summary>Most networks in the population.</summary>
    public int PopulationSize { get; init; } = DefaultPopulationSize;
}
