using ZenNas.Json;

namespace ZenNas.Search;

/// <summary>How the best network is looked for.</summary>
public enum SearchStrategy
{
    /// <summary>Algorithm 2 of the paper: evolution, for any score.</summary>
    Evolution,

    /// <summary>Dynamic programming with prices, for the closed form only; says how far its answer may be from the best possible one.</summary>
    Optimal,
}

/// <summary>Names of strategies in options and files.</summary>
public static class SearchStrategyNames
{
    private static readonly EnumNames<SearchStrategy> Names = new((SearchStrategy.Evolution, "evolution"), (SearchStrategy.Optimal, "optimal"));

    /// <summary>All names, the default first.</summary>
    public static IReadOnlyList<string> All => Names.All;

    /// <summary>Name of a strategy.</summary>
    public static string Of(SearchStrategy strategy) => Names.Of(strategy);

    /// <summary>The strategy of a name out of <see cref="All"/>.</summary>
    public static SearchStrategy Parse(string name) => Names.Parse(name);
}
