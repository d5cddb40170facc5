using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Spectre.Console;
using ZenNas.Architectures;
using ZenNas.Cli.Correlating;
using ZenNas.Cli.Input;
using ZenNas.Cli.Rendering;
using ZenNas.Complexity;
using ZenNas.Correlation;
using ZenNas.Scores;
using ZenNas.Torch;

namespace ZenNas.Cli.Commands;

/// <summary><c>zennas correlate</c>: how well every proxy ranks networks of known accuracy.</summary>
internal static class CorrelateCommand
{
    private const int DefaultRepeats = 1;
    private const int DefaultBins = 3;
    private const int MostShown = 10;

    public static Command Create(CancellationToken cancellation)
    {
        var options = new CorrelateOptions();
        var json = Options.Json();
        var command = new Command("correlate", "Correlate every proxy with known accuracies of networks: Kendall, Spearman, Pearson, in all and within iso-budget bins.");
        options.AddTo(command);
        command.Add(json);
        command.SetAction(parsed =>
        {
            var request = options.Read(parsed);
            var result = Run(request, cancellation);
            result.WriteTo(request.Folder);
            if (parsed.GetValue(json))
            {
                Terminal.WriteJson(result.ToNode(request.Folder));
            }
            else
            {
                Show(result, request);
            }
        });
        return command;
    }

    private static CorrelationResult Run(CorrelateRequest request, CancellationToken cancellation)
    {
        var scores = request.Scores.Select(name => TorchScores.Catalog.Create(name, request.Settings)).ToArray();
        Directory.CreateDirectory(request.Folder);
        var store = new ValueStore(request.Folder, request.Describe());
        try
        {
            var values = Evaluate(request, scores, store, cancellation);
            store.Save();
            var networks = new ScoredNetworks(
                Columns(scores, values), [.. request.Table.Rows.Select(r => r.Target)], Costs(request), request.IsLowerBetter,
                request.HasGroups ? [.. request.Table.Rows.Select(r => r.Group)] : null);
            var baseline = request.Scores.Contains(ComplexityScore.Macs.Name) ? ComplexityScore.Macs.Name : null;
            var entries = new CorrelationStudy(baseline, request.Bins, new Bootstrap(request.Seed)).Evaluate(networks, request.Threads);
            return new CorrelationResult(request.Table, [.. scores.Select(s => s.Info)], values, entries, request.Describe());
        }
        catch (OperationCanceledException)
        {
            store.Save();
            Console.Error.WriteLine($"zennas: interrupted with {store.Count} values; the same command with --out {CommandText.Quote(request.Folder)} goes on from them");
            throw;
        }
        catch (ArgumentException e) when (e is not ArgumentNullException)
        {
            throw new InvalidInputException($"the table can't be correlated: {e.Message.Split('\n')[0]}", e);
        }
    }

    private static StoredValue[][] Evaluate(CorrelateRequest request, IScore[] scores, ValueStore store, CancellationToken cancellation)
    {
        using var progress = new ProgressLine();
        var rows = request.Table.Rows;
        var macs = rows.Select(r => (double)NetworkCost.Of(r.Network).Macs).ToArray();
        var done = 0.0;
        var watch = System.Diagnostics.Stopwatch.StartNew();
        var values = new StoredValue[rows.Length][];
        for (var i = 0; i < rows.Length; i++)
        {
            values[i] = new StoredValue[scores.Length];
            for (var s = 0; s < scores.Length; s++)
            {
                cancellation.ThrowIfCancellationRequested();
                values[i][s] = store.Find(rows[i].Network, scores[s].Info.Name) ?? Compute(request, scores[s], rows[i].Network, store, cancellation);
                // Time goes by MACs, about.
                var share = (done + macs[i] * (s + 1) / scores.Length) / macs.Sum();
                progress.Report($"network {i + 1} of {rows.Length}, {scores[s].Info.Name}", watch.Elapsed * ((1 - share) / share));
            }

            done += macs[i];
        }

        return values;
    }

    private static StoredValue Compute(CorrelateRequest request, IScore score, Network network, ValueStore store, CancellationToken cancellation)
    {
        var evaluation = Evaluation.Of(score, network, request.Seed, request.Repeats, request.Threads, cancellation: cancellation);
        var value = evaluation.Value;
        var stored = new StoredValue(
            value.Failure is null && !double.IsFinite(value.Mean) ? value with { Failure = ScoreFailure.NotFinite(value.Mean) } : value,
            evaluation.MedianSeconds);
        store.Add(network, score.Info.Name, stored);
        return stored;
    }

    /// <summary>A column for every score, and for one that combines two quantities the negative of their combined rank among these networks.</summary>
    private static ImmutableArray<ScoreColumn> Columns(IScore[] scores, StoredValue[][] values)
    {
        var columns = ImmutableArray.CreateBuilder<ScoreColumn>();
        for (var s = 0; s < scores.Length; s++)
        {
            var column = values.Select(row => row[s].Value).ToArray();
            columns.Add(new ScoreColumn(scores[s].Info.Name, [.. column.Select(v => v.Failure is null ? v.Mean : double.NaN)]));
            var withPair = column.Index().Where(c => c.Item.Pair is not null).ToArray();
            if (withPair.Length > 0)
            {
                var ranks = ScorePair.CombinedRanks([.. withPair.Select(c => c.Item.Pair!)]);
                var negated = Enumerable.Repeat(double.NaN, column.Length).ToArray();
                for (var i = 0; i < ranks.Length; i++)
                {
                    negated[withPair[i].Index] = -ranks[i];
                }

                columns.Add(new ScoreColumn(CorrelationResult.RankName(scores[s].Info), [.. negated]));
            }
        }

        return columns.ToImmutable();
    }

    private static ImmutableArray<double> Costs(CorrelateRequest request) =>
        [.. request.Table.Rows.Select(r => NetworkCost.Of(r.Network)).Select(c => (double)(request.BinsByParameters ? c.Parameters : c.Macs))];

    private static void Show(CorrelationResult result, CorrelateRequest request)
    {
        foreach (var group in result.Entries.GroupBy(e => e.Group))
        {
            Terminal.Output.WriteLine($"{Quantity.Shown(group.Key)}: {group.Max(e => e.Networks)} networks");
            var table = Terminal.Table("score", "Kendall τ", "95 % interval", "τ less flops'", "95 % interval", "within bins", "Spearman ρ", "Pearson r", "failed");
            foreach (var score in group.GroupBy(e => e.Score))
            {
                var all = score.Where(e => e.Bin == CorrelationStudy.EveryCost).ToDictionary(e => e.Statistic);
                var kendall = all[Statistic.Kendall];
                var within = score.FirstOrDefault(e => e is { Bin: CorrelationStudy.PooledBins, Statistic: Statistic.Kendall });
                table.AddRow(
                    score.Key, Number(kendall.Value), Interval(kendall.Interval), Number(kendall.DifferenceFromBaseline), Interval(kendall.DifferenceInterval),
                    Number(within?.Value), Number(all[Statistic.Spearman].Value), Number(all[Statistic.Pearson].Value), $"{kendall.Failed}");
            }

            Terminal.Output.Write(table);
        }

        ShowFailures(result);
        Terminal.Output.WriteLine(
            $"positive: larger scores go with better networks. {request.Repeats} repeats of scores with noise, N = {request.Settings.BatchSize}, seed {request.Seed}; "
            + $"bins: {request.Bins} of about equal {(request.BinsByParameters ? "parameters" : "MACs")}");
        Terminal.Output.WriteLine($"tables and plots: {request.Folder}");
    }

    private static void ShowFailures(CorrelationResult result)
    {
        foreach (var unused in result.Table.Unused.Take(MostShown))
        {
            Terminal.Output.WriteLine($"row {unused.Line} not used: {unused.Reason}");
        }

        foreach (var (row, score, failure) in result.Failures().Take(MostShown))
        {
            Terminal.Output.WriteLine($"{score} of row {row.Line}, {Quantity.Shown(row.Name)}, failed: {failure}");
        }

        var failures = result.Failures().Count();
        if (result.Table.Unused.Length + failures > 0)
        {
            Terminal.Output.WriteLine($"{result.Table.Unused.Length} rows not used, {failures} scores failed; correlations.json names all");
        }
    }

    private static string Number(double? value) => value is { } v && double.IsFinite(v) ? v.ToString("0.000", CultureInfo.InvariantCulture) : "";

    private static string Interval(ConfidenceInterval? interval) => interval is { } i ? $"{Number(i.Low)} to {Number(i.High)}" : "";

    /// <summary>The options, and what they ask for.</summary>
    private sealed class CorrelateOptions
    {
        private readonly Argument<string> _table = new("TABLE") { Description = "CSV file with a header: a network and its known accuracy in each row." };
        private readonly Option<string?> _network = Options.Text("--network-column", "Column of structure strings or zoo names. Required.", "COLUMN");
        private readonly Option<string?> _target = Options.Text("--target-column", "Column of known accuracies. Required.", "COLUMN");
        private readonly Option<bool> _lower = new("--lower-is-better") { Description = "The target is an error." };
        private readonly Option<string?> _group = Options.Text("--group-column", "Column of groups, for example families, that are correlated apart too.", "COLUMN");
        private readonly Option<string?> _scores = ScoreList.Create();
        private readonly Option<int?> _resolution = Options.Integer("--resolution", "Height and width of the input in pixels. [default: each network's own; 224 for a structure string]", 1, Limits.Resolution);
        private readonly Option<int?> _classes = Options.Integer("--classes", "Outputs of the classifier. [default: each network's own; 1000 for a structure string]", 1, Limits.Classes);
        private readonly Option<int?> _repeats = Options.Integer("--repeats", "Independent measurements of each score that has noise. [default: 1]", 1, 100_000);
        private readonly Option<int?> _bins = Options.Integer("--bins", "Iso-budget bins of each group, of about equally many networks, at least 4. [default: 3]", 1, 1000);
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
            return new CorrelateRequest(
                NetworkTable.Read(path, columns, parsed.GetValue(_resolution), parsed.GetValue(_classes)), columns.Group is not null,
                parsed.GetValue(_lower), ScoreList.Parse(parsed.GetValue(_scores)), _measuring.Read(parsed), parsed.GetValue(_repeats) ?? DefaultRepeats,
                parsed.GetValue(_bins) ?? DefaultBins, parsed.GetValue(_binBy) == "params", _measuring.Seed(parsed), _measuring.Threads(parsed),
                parsed.GetValue(_out) ?? Path.Combine("runs", $"correlate-{Path.GetFileNameWithoutExtension(path)}"));
        }
    }

    private sealed record CorrelateRequest(
        NetworkTable Table, bool HasGroups, bool IsLowerBetter, ImmutableArray<string> Scores, ScoreSettings Settings, int Repeats, int Bins,
        bool BinsByParameters, ulong Seed, int Threads, string Folder)
    {
        /// <summary>What determines the values.</summary>
        public JsonObject Describe()
        {
            var node = EvaluationView.ToNode(Settings, Seed);
            node["repeats"] = Repeats;
            return node;
        }
    }
}
