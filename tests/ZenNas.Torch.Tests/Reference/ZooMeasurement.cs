using System.Collections.Immutable;
using ZenNas.Architectures;
using ZenNas.Scores;
using ZenNas.Tests.Reference;

namespace ZenNas.Torch.Tests.Reference;

/// <summary>A line of zoo.csv: a released network with the scores that the paper's authors' program measured.</summary>
internal sealed record ZooMeasurement(string Name, VanillaNetwork Network, long Macs, ScoreValue Paper, ScoreValue ReleasedCode)
{
    public static ImmutableArray<ZooMeasurement> All { get; } = [.. Read()];

    public static ZooMeasurement Named(string name) => All.Single(m => m.Name == name);

    public ScoreValue Of(Convention convention) => convention == Convention.Paper ? Paper : ReleasedCode;

    private static IEnumerable<ZooMeasurement> Read()
    {
        var table = CsvTable.Read("zoo.csv");
        for (var i = 0; i < table.Count; i++)
        {
            var architecture = StructureString.Parse(
                table.Text(i, "structure"), (int)table.Integer(i, "resolution"), (int)table.Integer(i, "classes"));
            var repeats = (int)table.Integer(i, "repeats_n16");
            yield return new ZooMeasurement(
                table.Text(i, "name"), Architectures.Network.Lower(architecture).Vanilla, table.Integer(i, "macs_no_se"),
                new ScoreValue(table.Number(i, "zen_paper_mean"), table.Number(i, "zen_paper_sd"), repeats),
                new ScoreValue(table.Number(i, "zen_released_code_mean"), table.Number(i, "zen_released_code_sd"), repeats));
        }
    }
}
