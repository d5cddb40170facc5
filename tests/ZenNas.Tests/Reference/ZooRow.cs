using System.Collections.Immutable;

namespace ZenNas.Tests.Reference;

/// <summary>A line of zoo.csv: a released network with the counts of the released program and of torch.</summary>
internal sealed record ZooRow(
    string Name, string Structure, int Resolution, int Classes, long Parameters, long Macs, long ParametersWithExcitation,
    long MacsWithExcitation, long ReleasedSize, long ReleasedFlops, int ConvLayers, double ClosedForm, double MeasuredZenScore)
{
    public static ImmutableArray<ZooRow> All { get; } = [.. Read()];

    public static ZooRow Named(string name) => All.Single(r => r.Name == name);

    private static IEnumerable<ZooRow> Read()
    {
        var table = CsvTable.Read("zoo.csv");
        for (var i = 0; i < table.Count; i++)
        {
            yield return new ZooRow(
                table.Text(i, "name"), table.Text(i, "structure"), (int)table.Integer(i, "resolution"), (int)table.Integer(i, "classes"),
                table.Integer(i, "params_no_se"), table.Integer(i, "macs_no_se"), table.Integer(i, "params_se"), table.Integer(i, "macs_se"),
                table.Integer(i, "released_code_model_size"), table.Integer(i, "released_code_flops"), (int)table.Integer(i, "conv_layers"),
                table.Number(i, "zen_closed_form"), table.Number(i, "zen_paper_mean"));
        }
    }
}
