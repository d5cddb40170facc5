using System.Collections.Immutable;

namespace ZenNas.Correlation;

/// <summary>Networks of about equal cost.</summary>
public sealed class IsoBudgetBin
{
    internal IsoBudgetBin(double lowestCost, double highestCost, ImmutableArray<int> rows) =>
        (LowestCost, HighestCost, Rows) = (lowestCost, highestCost, rows);

    /// <summary>Cost of the cheapest network, in the unit of the costs; above 0.</summary>
    public double LowestCost { get; }

    /// <summary>Cost of the dearest network, in the unit of the costs.</summary>
    public double HighestCost { get; }

    /// <summary>Rows of the networks, ascending; never empty.</summary>
    public ImmutableArray<int> Rows { get; }
}
