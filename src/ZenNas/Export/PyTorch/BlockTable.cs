using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace ZenNas.Export.PyTorch;

/// <summary>The list of a network's blocks as source: a line for every run of equal units.</summary>
internal static class BlockTable
{
    public static string Of(ImmutableArray<ImmutableArray<UnitCall>> blocks)
    {
        var text = new StringBuilder("BLOCKS = [\n");
        for (var i = 0; i < blocks.Length; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"    # block{i + 1}\n    ").AppendJoin("\n    + ", UnitRun.Of(blocks[i]).Select(Row)).Append(",\n");
        }

        return text.Append(']').ToString();
    }

    private static string Row(UnitRun run)
    {
        var times = run.Times == 1 ? "" : $"{run.Times} * ";
        return run.Second is null
            ? $"{times}[{run.First.Text}]"
            : $"{times}[\n        {run.First.Text},\n        {run.Second.Text},\n    ]";
    }
}
