using System.Collections.Immutable;
using System.Globalization;
using CsvHelper;
using CsvHelper.Configuration;
using ZenNas.Architectures;
using ZenNas.Cli.Input;
using ZenNas.Cli.Rendering;
using ZenNas.Correlation;

namespace ZenNas.Cli.Correlating;

/// <summary>A network with its known target.</summary>
/// <param name="Line">Row of the table, the first after the header being 1.</param>
/// <param name="Name">How the table names the network.</param>
/// <param name="Network">The lowered network.</param>
/// <param name="Target">Known accuracy, or whatever the scores should rank by.</param>
/// <param name="Group">Its group; empty without groups.</param>
internal sealed record TableRow(int Line, string Name, Network Network, double Target, string Group);

/// <summary>A row that can't be used.</summary>
/// <param name="Line">Row of the table, the first after the header being 1.</param>
/// <param name="Name">How the table names the network.</param>
/// <param name="Reason">Why.</param>
internal sealed record UnusedRow(int Line, string Name, string Reason);

/// <summary>Networks of known accuracy, read from a CSV file with a header.</summary>
internal sealed class NetworkTable
{
    private const int FileLimit = 64 * 1024 * 1024;
    private const int MostRows = 100_000;
    private const int FewestRows = 3;
    private const char ByteOrderMark = '\uFEFF';

    private NetworkTable(ImmutableArray<TableRow> rows, ImmutableArray<UnusedRow> unused) => (Rows, Unused) = (rows, unused);

    public ImmutableArray<TableRow> Rows { get; }

    public ImmutableArray<UnusedRow> Unused { get; }

    /// <summary>Reads the table; a row whose network or target can't be used is set aside with the reason.</summary>
    /// <exception cref="InvalidInputException">
    /// The file can't be read, a column is missing or there twice, a group has a name it can't have, or the rows can't yield a correlation.
    /// </exception>
    public static NetworkTable Read(string path, TableColumns columns, int? resolution, int? classes)
    {
        using var text = new StringReader(InputFile.Read(path, FileLimit).TrimStart(ByteOrderMark));
        using var csv = new CsvReader(text, new CsvConfiguration(CultureInfo.InvariantCulture)
        {
            TrimOptions = TrimOptions.Trim,
            AllowComments = true,
            MaxFieldSize = Limits.FileSize,
            BadDataFound = null,
            MissingFieldFound = null,
        });
        try
        {
            return Read(csv, path, columns, resolution, classes);
        }
        catch (CsvHelperException e)
        {
            var problem = e is MaxFieldSizeException ? $"a cell of more than {Limits.FileSize} characters" : "what isn't CSV";
            throw new InvalidInputException(
                $"file '{Quantity.Shown(path)}' has {problem} in line {csv.Parser.RawRow}; allowed is a CSV table with a header", e);
        }
    }

    private static NetworkTable Read(CsvReader csv, string path, TableColumns columns, int? resolution, int? classes)
    {
        if (!csv.Read() || !csv.ReadHeader())
        {
            throw new InvalidInputException($"file '{Quantity.Shown(path)}' is empty; allowed is a CSV table with a header");
        }

        var header = csv.HeaderRecord!;
        if (header.GroupBy(h => h).FirstOrDefault(g => g.Count() > 1) is { } twice)
        {
            throw new InvalidInputException($"file '{Quantity.Shown(path)}' has {twice.Count()} columns named '{Quantity.Shown(twice.Key)}'; allowed are names that differ");
        }

        Require(header, columns.Network, "--network-column");
        Require(header, columns.Target, "--target-column");
        if (columns.Group is { } group)
        {
            Require(header, group, "--group-column");
        }

        var rows = ImmutableArray.CreateBuilder<TableRow>();
        var unused = ImmutableArray.CreateBuilder<UnusedRow>();
        for (var line = 1; csv.Read(); line++)
        {
            if (line > MostRows)
            {
                throw new InvalidInputException($"file '{Quantity.Shown(path)}' has more than {MostRows} rows; allowed are at most {MostRows}");
            }

            var name = csv.GetField(columns.Network) ?? "";
            var label = columns.Group is null ? "" : Group(csv, columns.Group, line);
            try
            {
                rows.Add(ReadRow(csv, columns, line, name, label, resolution, classes));
            }
            catch (InvalidInputException e)
            {
                unused.Add(new UnusedRow(line, name, e.Message));
            }
        }

        if (rows.Count < FewestRows)
        {
            throw new InvalidInputException(
                $"file '{Quantity.Shown(path)}' has {Shown.Count(rows.Count, "row")} that can be used; allowed are at least {FewestRows}"
                + (unused.Count > 0 ? $" (row {unused[0].Line} can't: {unused[0].Reason})" : ""));
        }

        return rows.Any(r => !r.Target.Equals(rows[0].Target))
            ? new NetworkTable(rows.ToImmutable(), unused.ToImmutable())
            : throw new InvalidInputException(string.Create(
                CultureInfo.InvariantCulture, $"column {Quantity.Shown(columns.Target)} of file '{Quantity.Shown(path)}' is {rows[0].Target} in every row that can be used; allowed are targets that differ"));
    }

    private static TableRow ReadRow(CsvReader csv, TableColumns columns, int line, string name, string group, int? resolution, int? classes)
    {
        var network = Network.Lower(NetworkArgument.ResolveName(name, resolution, classes));
        var text = csv.GetField(columns.Target) ?? "";
        var isNumber = double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var target) && double.IsFinite(target);
        return isNumber
            ? new TableRow(line, name, network, target, group)
            : throw new InvalidInputException($"{columns.Target} is '{Quantity.Shown(text)}'; allowed is a number");
    }

    private static string Group(CsvReader csv, string column, int line) => csv.GetField(column) is { Length: > 0 } group and not ScoredNetworks.EveryGroup
        ? group
        : throw new InvalidInputException(
            $"column {Quantity.Shown(column)} is '{csv.GetField(column)}' in row {line}; allowed is any name but '{ScoredNetworks.EveryGroup}', which stands for all networks");

    private static void Require(string[] header, string column, string option)
    {
        if (!header.Contains(column))
        {
            throw new InvalidInputException(
                $"{option} is '{Quantity.Shown(column)}'; allowed is one of the table's columns, {string.Join(", ", header.Take(30).Select(Quantity.Shown))}");
        }
    }
}

/// <summary>Names of the columns that are read.</summary>
/// <param name="Network">Structure strings or zoo names.</param>
/// <param name="Target">Known accuracies.</param>
/// <param name="Group">Groups, or null.</param>
internal sealed record TableColumns(string Network, string Target, string? Group);
