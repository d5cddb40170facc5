using System.Collections.Immutable;

namespace ZenNas.Tests.Reference;

/// <summary>A line of pycls_baselines.csv but for EfficientNets: a network with the counts of the program that trained it.</summary>
internal sealed record PyclsRow(string Name, long Parameters, long Flops, long Activations)
{
    public static ImmutableArray<PyclsRow> All { get; } = [.. Read()];

    public static PyclsRow Named(string name) => All.Single(r => r.Name == name);

    private static IEnumerable<PyclsRow> Read()
    {
        var table = CsvTable.Read("pycls_baselines.csv");
        return Enumerable.Range(0, table.Count)
            .Select(i => new PyclsRow(table.Text(i, "name"), table.Integer(i, "params"), table.Integer(i, "flops"), table.Integer(i, "acts")))
            .Where(r => !r.Name.StartsWith("EfficientNet", StringComparison.Ordinal));
    }
}
