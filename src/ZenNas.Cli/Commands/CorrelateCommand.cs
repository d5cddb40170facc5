using System.Collections.Immutable;
using System.CommandLine;
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
                CorrelationText.Show(result, request);
            }
        });
        return command;
    }

    private static CorrelationResult Run(CorrelateRequest request, CancellationToken cancellation)
    {
        var scores = request.Scores.Select(name => TorchScores.Catalog.Create(name, request.Settings)).ToArray();
        OutputFolder.Open(request.Folder);
        var store = new ValueStore(request.Folder, request.DescribeValues());
        try
        {
            var values = Evaluate(request, scores, store, cancellation);
            store.Save();
            var networks = new ScoredNetworks(
                Columns(scores, values), [.. request.Table.Rows.Select(r => r.Target)], Costs(request), request.IsLowerBetter,
                request.Columns.Group is not null ? [.. request.Table.Rows.Select(r => r.Group)] : null);
            var entries = new CorrelationStudy(request.Baseline, request.Bins, new Bootstrap(request.Seed)).Evaluate(networks, request.Threads);
            return new CorrelationResult(request.Table, [.. scores.Select(s => s.Info)], values, entries, request.Describe());
        }
        catch (OperationCanceledException)
        {
            store.Save();
            Console.Error.WriteLine($"zennas: interrupted with {Shown.Count(store.Count, "value")}; the same command with --out {CommandText.Quote(request.Folder)} goes on from them");
            throw;
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
}
