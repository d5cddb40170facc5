using System.CommandLine;
using ZenNas.Architectures;
using ZenNas.Cli.Correlating;

namespace ZenNas.Cli.Input;

/// <summary>The options of <c>zennas correlate</c>, and what they ask for.</summary>
internal sealed class CorrelateOptions
{
    private const int DefaultRepeats = 1;
    private const int DefaultBins = 3;

    private readonly Argument<string> _table = new("TABLE") { Description = "CSV file with a header: a network and its known accuracy in each row." };
    private readonly Option<string?> _network = Options.Text("--network-column", "Column of structure strings or zoo names. Required.", "COLUMN");
    private readonly Option<string?> _target = Options.Text("--target-column", "Column of known accuracies. Required.", "COLUMN");
    private readonly Option<bool> _lower = new("--lower-is-better") { Description = "The target is an error." };
    private readonly Option<string?> _group = Options.Text("--group-column", "Column of groups, for example families, that are correlated apart too.", "COLUMN");
    private readonly Option<string?> _scores = ScoreList.Create();
    private readonly Option<int?> _resolution = Options.Integer("--resolution", "Height and width of the input in pixels. [default: each network's own; 224 for a structure string]", 1, Limits.Resolution);
    private readonly Option<int?> _classes = Options.Integer("--classes", "Outputs of the classifier. [default: each network's own; 1000 for a structure string]", 1, Limits.Classes);
    private readonly Option<int?> _repeats = Options.Integer("--repeats", "Independent measurements of each score that has noise. [default: 1]", 1, 100_000);
    private readonly Option<int?> _bins = Options.Integer("--bins", "Iso-budget bins of each group, of about equally many networks, at least 4; none where there are too few for two. [default: 3]", 1, 1000);
    private readonly Option<string?> _binBy = Options.Choice("--bin-by", "Cost that bins are made by. [default: macs]", "macs", "params");
    private readonly Option<string?> _out = Options.Text("--out", "Folder of tables, plots and values; values that are there are not computed again. [default: runs/correlate-<table>]", "FOLDER");
    private readonly MeasuringOptions _measuring = new();

    public void AddTo(Command command)
    {
        command.Add(_table);
        foreach (var option in new Option[] { _network, _target, _lower, _group, _scores, _resolution, _classes, _repeats, _bins, _binBy, _out })
        {
            command.Add(option);
        }

        _measuring.AddTo(command);
    }

    /// <exception cref="InvalidInputException">An option or the table can't be used.</exception>
    public CorrelateRequest Read(ParseResult parsed)
    {
        var path = parsed.GetRequiredValue(_table);
        var columns = new TableColumns(
            parsed.GetValue(_network) ?? throw new InvalidInputException("--network-column is missing; allowed is the name of a column"),
            parsed.GetValue(_target) ?? throw new InvalidInputException("--target-column is missing; allowed is the name of a column"),
            parsed.GetValue(_group));
        var (resolution, classes) = (parsed.GetValue(_resolution), parsed.GetValue(_classes));
        return new CorrelateRequest(
            path, NetworkTable.Read(path, columns, resolution, classes), columns, parsed.GetValue(_lower), resolution, classes,
            ScoreList.Parse(parsed.GetValue(_scores)), _measuring.Read(parsed), parsed.GetValue(_repeats) ?? DefaultRepeats,
            parsed.GetValue(_bins) ?? DefaultBins, parsed.GetValue(_binBy) == "params", _measuring.Seed(parsed), _measuring.Threads(parsed),
            parsed.GetValue(_out) ?? Path.Combine("runs", $"correlate-{Path.GetFileNameWithoutExtension(path)}"));
    }
}
