using System.CommandLine;
using ZenNas.Architectures;
using ZenNas.Complexity;
using ZenNas.Runs;
using ZenNas.Spaces;

namespace ZenNas.Cli.Input;

/// <summary>What networks are looked for: space, input, classes, and limits on costs.</summary>
internal sealed class BudgetOptions
{
    private readonly Option<string?> _space = Options.Text("--space", "Search space: residual, mobile or a space file. Required.", "SPACE");
    private readonly Option<int?> _resolution = Options.Integer("--resolution", "Height and width of the input in pixels. Required.", 1, Limits.Resolution);
    private readonly Option<int?> _classes = Options.Integer("--classes", "Outputs of the classifier. Required.", 1, Limits.Classes);
    private readonly Option<long?> _maxParams = Options.Number("--max-params", "Most parameters, for example 1M.", 1, MostParameters);
    private readonly Option<long?> _maxFlops = Options.Number("--max-flops", "Most multiply–adds per image (papers say FLOPs), for example 400M.", 1, MostMacs);
    private readonly Option<int?> _maxLayers = Options.Integer("--max-layers", "Most layers: repeats summed over blocks, the paper's depth limit L.", 1, Limits.Layers);
    private readonly LatencyBudgetOptions _latency = new();

    /// <summary>Largest limit on parameters.</summary>
    public const long MostParameters = 1_000_000_000_000;

    /// <summary>Largest limit on multiply–adds.</summary>
    public const long MostMacs = 1_000_000_000_000_000;

    public IEnumerable<Option> All => [_space, _resolution, _classes, _maxParams, _maxFlops, _maxLayers, .. _latency.All];

    /// <summary>What the options say.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="variedLatency">Largest limit on latency where that is varied.</param>
    /// <exception cref="InvalidInputException">One is missing, or they don't fit together.</exception>
    public SearchTarget Read(ParseResult parsed, double? variedLatency = null)
    {
        var (space, text) = SpaceArgument.Resolve(Required(parsed.GetValue(_space), "--space", "residual, mobile or a space file"));
        var resolution = Required(parsed.GetValue(_resolution), "--resolution", $"1 to {Limits.Resolution} pixels");
        var classes = Required(parsed.GetValue(_classes), "--classes", $"1 to {Limits.Classes}");
        var identity = SpaceArgument.Identity(space, text);
        var latency = variedLatency is { } most ? _latency.ReadVaried(parsed, identity, resolution, most) : _latency.Read(parsed, identity, resolution);
        return new SearchTarget(
            space, text, resolution, classes, new Budget(parsed.GetValue(_maxParams), parsed.GetValue(_maxFlops), parsed.GetValue(_maxLayers), latency?.Limit), latency);
    }

    private static T Required<T>(T? value, string option, string allowed)
        where T : struct => value ?? throw new InvalidInputException($"{option} is missing; allowed is {allowed}");

    private static string Required(string? value, string option, string allowed) =>
        value ?? throw new InvalidInputException($"{option} is missing; allowed is {allowed}");
}

/// <summary>What networks are looked for.</summary>
/// <param name="Space">The space.</param>
/// <param name="SpaceText">Its file's text.</param>
/// <param name="Resolution">Input resolution.</param>
/// <param name="Classes">Classes.</param>
/// <param name="Budget">Limits on costs.</param>
/// <param name="Latency">The limit on latency with all that belongs to it; null for none.</param>
internal sealed record SearchTarget(SearchSpace Space, string SpaceText, int Resolution, int Classes, Budget Budget, LatencyOptions? Latency);
