using System.Collections.Immutable;
using System.Globalization;
using ZenNas.Cli.Input;
using ZenNas.Complexity;
using ZenNas.Search.Optimal;

namespace ZenNas.Cli.Fronts;

/// <summary>What <c>--vary</c> says: a limit and the values it takes, equally spaced in logarithms, of layers as far as they are whole.</summary>
/// <param name="Cost">Which limit.</param>
/// <param name="Limits">Its values, ascending.</param>
internal sealed record VariedLimit(FrontCost Cost, ImmutableArray<double> Limits)
{
    private const int MostPoints = 200;
    private const string Allowed = "allowed is max-params, max-flops, max-layers or max-latency with =LOWEST:HIGHEST:COUNT, as in max-params=0.25M:8M:12";
    private static readonly ImmutableArray<(string Name, FrontCost Cost)> Names =
        [("max-params", FrontCost.Parameters), ("max-flops", FrontCost.Macs), ("max-layers", FrontCost.Layers), ("max-latency", FrontCost.Latency)];

    /// <summary>Name of the limit, as options have it.</summary>
    public string Name => NameOf(Cost);

    /// <exception cref="InvalidInputException">The text isn't a limit with a range.</exception>
    public static VariedLimit Parse(string text)
    {
        var (name, range) = text.Split('=', 2) is [var n, var r] ? (n, r.Split(':')) : (text, []);
        if (Names.FirstOrDefault(entry => entry.Name == name) is not { Name: not null } known || range.Length != 3)
        {
            throw new InvalidInputException($"--vary is '{Quantity.Shown(text)}'; {Allowed}");
        }

        var (low, high) = (Value(range[0], known.Cost), Value(range[1], known.Cost));
        var count = (int)Quantity.Parse(range[2], "--vary, count", 2, MostPoints);
        if (!(low < high))
        {
            throw new InvalidInputException($"--vary is '{Quantity.Shown(text)}', whose highest value isn't above its lowest; {Allowed}");
        }

        var limits = Enumerable.Range(0, count).Select(i => low * Math.Pow(high / low, (double)i / (count - 1)));
        return new VariedLimit(known.Cost, known.Cost == FrontCost.Latency ? [.. limits] : [.. limits.Select(limit => Math.Round(limit)).Distinct()]);
    }

    /// <summary>A budget with the limit at one of its values.</summary>
    public Budget Within(Budget budget, double limit) => Cost switch
    {
        FrontCost.Parameters => budget with { MaxParameters = (long)limit },
        FrontCost.Macs => budget with { MaxMacs = (long)limit },
        FrontCost.Layers => budget with { MaxLayers = (int)limit },
        _ => budget with { MaxLatency = budget.MaxLatency! with { MaxMs = limit } },
    };

    /// <summary>Whether a budget limits the same cost already.</summary>
    public bool IsLimitedBy(Budget budget) => Cost switch
    {
        FrontCost.Parameters => budget.MaxParameters is not null,
        FrontCost.Macs => budget.MaxMacs is not null,
        FrontCost.Layers => budget.MaxLayers is not null,
        _ => false,
    };

    /// <summary>A budget without the limit.</summary>
    public Budget Without(Budget budget) => Cost == FrontCost.Latency ? budget with { MaxLatency = null } : budget;

    /// <summary>A value of the cost as people read it.</summary>
    public static string Shown(double value) => value < 1000 ? value.ToString("0.###", CultureInfo.InvariantCulture) : Rendering.Shown.Count((long)value);

    /// <summary>The cost in words, with its unit.</summary>
    public string Unit => Cost switch
    {
        FrontCost.Parameters => "parameters",
        FrontCost.Macs => "MACs per image",
        FrontCost.Layers => "layers",
        _ => "predicted latency in ms",
    };

    private static string NameOf(FrontCost cost) => Names.First(entry => entry.Cost == cost).Name;

    private static double Value(string text, FrontCost cost) => cost switch
    {
        FrontCost.Parameters => Quantity.Parse(text, "--vary max-params", 1, BudgetOptions.MostParameters),
        FrontCost.Macs => Quantity.Parse(text, "--vary max-flops", 1, BudgetOptions.MostMacs),
        FrontCost.Layers => Quantity.Parse(text, "--vary max-layers", 1, Architectures.Limits.Layers),
        _ => Options.Time("--vary max-latency", text, LatencyBudgetOptions.MostMs),
    };
}
