using System.Text;

namespace ZenNas.Tests.Reference;

/// <summary>A small table with a header line; fields may be quoted.</summary>
internal sealed class CsvTable
{
    private readonly List<string> _columns;
    private readonly List<List<string>> _rows;

    private CsvTable(List<List<string>> lines) => (_columns, _rows) = (lines[0], lines[1..]);

    public int Count => _rows.Count;

    public static CsvTable Read(string file) => new(
        [.. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Reference", file)).Where(l => l.Length > 0).Select(Split)]);

    public string Text(int row, string column) => _rows[row][_columns.IndexOf(column)];

    public long Integer(int row, string column) => long.Parse(Text(row, column), System.Globalization.CultureInfo.InvariantCulture);

    public double Number(int row, string column) => double.Parse(Text(row, column), System.Globalization.CultureInfo.InvariantCulture);

    private static List<string> Split(string line)
    {
        var fields = new List<string>();
        var field = new StringBuilder();
        var quoted = false;
        foreach (var c in line)
        {
            if (c == '"')
            {
                quoted = !quoted;
            }
            else if (c == ',' && !quoted)
            {
                fields.Add(field.ToString());
                field.Clear();
            }
            else
            {
                field.Append(c);
            }
        }

        fields.Add(field.ToString());
        return fields;
    }
}
