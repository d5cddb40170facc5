using ZenNas.Complexity;
using ZenNas.Search;
using ZenNas.Spaces;

namespace ZenNas.Bench.Networks;

/// <summary>A search space with the task and budget that the benchmarks use it for.</summary>
/// <param name="Space">The space.</param>
/// <param name="Resolution">Input resolution in pixels.</param>
/// <param name="Classes">Class count.</param>
/// <param name="Budget">Limits on cost.</param>
internal sealed record BenchSpace(SearchSpace Space, int Resolution, int Classes, Budget Budget)
{
    public static BenchSpace Residual { get; } =
        new(SearchSpaceJson.Builtin("residual")!, 32, 100, new Budget(MaxParameters: 1_000_000, MaxLayers: 18));

    public static BenchSpace Mobile { get; } =
        new(SearchSpaceJson.Builtin("mobile")!, 224, 1000, new Budget(MaxMacs: 400_000_000, MaxLayers: 14));

    public static IReadOnlyList<BenchSpace> All { get; } = [Residual, Mobile];

    public string Name => Space.Name;

    /// <summary>Resolution, classes and limits in words.</summary>
    public string Task => string.Join(", ", new[]
    {
        $"{Resolution}×{Resolution}",
        $"{Classes} classes",
        Budget.MaxParameters is { } parameters ? $"at most {parameters / 1e6:0.##} M parameters" : null,
        Budget.MaxMacs is { } macs ? $"at most {macs / 1e6:0.##} M MACs" : null,
        Budget.MaxLayers is { } layers ? $"at most {layers} layers" : null,
    }.OfType<string>());

    /// <summary>Finds a space by name.</summary>
    public static BenchSpace Of(string name) => All.Single(s => s.Name == name);

    public SearchSettings Settings(ulong seed, string preset) => new()
    {
        Space = Space,
        Initial = InitialNetwork.Generate(Space, Resolution, Classes, Budget, seed),
        Budget = Budget,
        Preset = preset,
        Seed = seed,
    };
}
