using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Spectre.Console;
using ZenNas.Architectures;
using ZenNas.Cli.Input;
using ZenNas.Cli.Rendering;
using ZenNas.Complexity;
using ZenNas.Latency;
using ZenNas.Spaces;

namespace ZenNas.Cli.Commands.Latency;

/// <summary><c>zennas latency evaluate</c>: how good the predictions of a profile are, on networks it hasn't seen.</summary>
internal static class EvaluateCommand
{
    private const int DefaultNetworks = 40;
    private const double DefaultPatience = 5;
    private const double MostPatience = 240;

    // Where the machine is faster or slower by more than when it was profiled, a network is measured again later.
    private const double MostDifference = 0.05;

    // Far from the numbers of networks that a profile with the same seed may have used.
    private const int FirstNumber = 1_000_000;

    private static readonly LatencyProtocol Protocol = new() { Visits = 1, MostSeconds = 2, WarmUpSeconds = 0.1 };

    public static Command Create(CancellationToken cancellation)
    {
        var profile = Options.Text("--profile", "Profile of this device, from 'zennas latency profile'. Required.", "FILE");
        var space = Options.Text("--space", "Space of the networks. [default: the profile's; required where that was a file]", "SPACE");
        var networks = Options.Integer("--networks", "Random networks to measure. [default: 40]", 2, 100_000);
        var seed = Options.Seed();
        var patience = Options.Real(
            "--patience", "Minutes for measuring networks again that were measured while the machine was more than 5 % faster or slower than when it was profiled. [default: 5]", 0, MostPatience);
        var json = Options.Json();
        var command = new Command("evaluate", "Measure fresh random networks on this device and compare with a profile's predictions.") { profile, space, networks, seed, patience, json };
        command.SetAction(parsed =>
        {
            var file = parsed.GetValue(profile) ?? throw new InvalidInputException("--profile is missing; allowed is a file that 'zennas latency profile' wrote");
            var read = ProfileArgument.Read(file);
            ProfileArgument.CheckMachine(file, read);
            var chosen = SpaceOf(read, parsed.GetValue(space));
            var measured = Measure(
                read, chosen, parsed.GetValue(seed) ?? 0, parsed.GetValue(networks) ?? DefaultNetworks, TimeSpan.FromMinutes(parsed.GetValue(patience) ?? DefaultPatience), cancellation);
            if (parsed.GetValue(json))
            {
                Terminal.WriteJson(ToNode(read, measured));
            }
            else
            {
                Show(read, measured);
            }
        });
        return command;
    }

    private static SearchSpace SpaceOf(LatencyProfile profile, string? given)
    {
        if (given is null && SearchSpaceJson.Builtin(profile.Scope.Space) is null)
        {
            throw new InvalidInputException($"--space is missing for a profile of space '{Quantity.Shown(profile.Scope.Space)}', which isn't built in; allowed is the file it was made from");
        }

        var (space, text) = SpaceArgument.Resolve(given ?? profile.Scope.Space);
        var identity = SpaceArgument.Identity(space, text);
        return identity == profile.Scope.Space
            ? space
            : throw new InvalidInputException($"--space is '{Quantity.Shown(identity)}'; allowed is the one that was profiled, '{Quantity.Shown(profile.Scope.Space)}'");
    }

    private static List<CheckedNetwork> Measure(
        LatencyProfile profile, SearchSpace space, ulong seed, int count, TimeSpan patience, CancellationToken cancellation)
    {
        var runtime = RuntimeOptions.Create(profile.Conditions);
        if (runtime.Conditions != profile.Conditions)
        {
            throw new InvalidInputException($"--profile was made with {profile.Conditions}, here is {runtime.Conditions}; allowed is a profile of the runtime that measures");
        }

        var sampler = Sampler(space, profile.Scope, seed);
        using var yardsticks = new Yardsticks(runtime, Sampler(space, profile.Scope, profile.Scope.Seed));
        if (!yardsticks.Macs.SequenceEqual(profile.Yardsticks.Macs))
        {
            throw new InvalidInputException("--profile has other yardsticks than this version measures; allowed is a profile of this version (predictions can still be made from it)");
        }

        var predictor = profile.Predictor();
        CheckedNetwork Check(int number)
        {
            var network = Network.Lower(sampler.Random(FirstNumber + number));
            using var loaded = runtime.Load(network);
            var measured = yardsticks.Measure(loaded, Protocol, profile.Yardsticks.Typical, cancellation);
            var macs = NetworkCost.Of(network).Macs;
            return new CheckedNetwork(
                network.Architecture, macs, measured, measured.Yardsticks.PaceFor(measured.Network.MedianMs, profile.Yardsticks.Typical), predictor.Predict(network), macs * profile.MsPerMac);
        }

        var results = new List<CheckedNetwork>();
        using var progress = new ProgressLine();
        for (var i = 0; i < count; i++)
        {
            results.Add(Check(i));
            progress.Report("network", i + 1, count);
        }

        MeasureAgain(results, Check, patience, progress);
        return results;
    }

    /// <summary>Measures networks again, and keeps what was measured nearest to the profile's pace.</summary>
    private static void MeasureAgain(List<CheckedNetwork> results, Func<int, CheckedNetwork> check, TimeSpan patience, ProgressLine progress)
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        while (clock.Elapsed < patience && results.Exists(IsOutOfPace))
        {
            for (var i = 0; i < results.Count && clock.Elapsed < patience; i++)
            {
                if (IsOutOfPace(results[i]))
                {
                    var again = check(i);
                    results[i] = Difference(again) < Difference(results[i]) ? again : results[i];
                    progress.Report($"measuring again {results.Count(IsOutOfPace)} networks that were measured at another pace", patience - clock.Elapsed);
                }
            }
        }
    }

    private static double Difference(CheckedNetwork network) => Math.Abs(Math.Log(network.Pace));

    private static bool IsOutOfPace(CheckedNetwork network) => Difference(network) > MostDifference;

    private static NetworkSampler Sampler(SearchSpace space, ProfileScope scope, ulong seed) => new(space, scope.Resolution, scope.Classes, scope.MaxMacs, seed);

    private static double AsMeasured(CheckedNetwork network) => network.Measured.Network.MedianMs;

    private static double MedianVisit(CheckedNetwork network) => network.Measured.MedianVisitMs;

    private static JsonObject ToNode(LatencyProfile profile, List<CheckedNetwork> networks) => new()
    {
        ["space"] = profile.Scope.Space,
        ["resolution"] = profile.Scope.Resolution,
        ["conditions"] = LatencyProfileJson.ToNode(profile.Conditions),
        ["machine"] = LatencyProfileJson.ToNode(profile.Machine),
        ["profiledNetworks"] = profile.Networks.Length,
        ["yardsticksMs"] = LatencyProfileJson.ToNode(profile.Yardsticks.Typical),
        ["outOfPace"] = networks.Count(IsOutOfPace),
        ["predictor"] = ToNode(LatencyAccuracy.Of(networks, n => n.Prediction.Ms, n => n.AtProfilesPaceMs)),
        ["predictorAsMeasured"] = ToNode(LatencyAccuracy.Of(networks, n => n.Prediction.Ms, AsMeasured)),
        ["predictorMedianVisit"] = ToNode(LatencyAccuracy.Of(networks, n => n.Prediction.Ms, MedianVisit)),
        ["macsOnly"] = ToNode(LatencyAccuracy.Of(networks, n => n.MacsMs, n => n.AtProfilesPaceMs)),
        ["macsOnlyAsMeasured"] = ToNode(LatencyAccuracy.Of(networks, n => n.MacsMs, AsMeasured)),
        ["networks"] = new JsonArray([.. networks.Select(n => new JsonObject
        {
            ["structure"] = StructureString.TryFormat(n.Architecture),
            ["macs"] = n.Macs,
            ["measuredMs"] = AsMeasured(n),
            ["medianVisitMs"] = MedianVisit(n),
            ["visitsMs"] = new JsonArray([.. n.Measured.VisitsMs.Select(ms => JsonValue.Create(ms))]),
            ["yardsticksMs"] = LatencyProfileJson.ToNode(n.Measured.Yardsticks),
            ["pace"] = n.Pace,
            ["atProfilesPaceMs"] = n.AtProfilesPaceMs,
            ["predictedMs"] = n.Prediction.Ms,
            ["extrapolated"] = n.Prediction.IsExtrapolated,
            ["macsOnlyMs"] = n.MacsMs,
        })]),
    };

    private static JsonObject ToNode(LatencyAccuracy accuracy) => new()
    {
        ["medianAbsoluteError"] = accuracy.MedianError,
        ["withinTenPercent"] = accuracy.WithinTenPercent,
        ["largestAbsoluteError"] = accuracy.LargestError,
        ["medianError"] = accuracy.MedianDifference,
        ["kendallTau"] = accuracy.Tau,
    };

    private static void Show(LatencyProfile profile, List<CheckedNetwork> networks)
    {
        var table = Terminal.Table("prediction", "median error", "within 10 %", "largest error", "median bias", "Kendall τ");
        AddRow(table, "predictor", LatencyAccuracy.Of(networks, n => n.Prediction.Ms, n => n.AtProfilesPaceMs));
        AddRow(table, "predictor, times as measured", LatencyAccuracy.Of(networks, n => n.Prediction.Ms, AsMeasured));
        AddRow(table, "predictor, median visit", LatencyAccuracy.Of(networks, n => n.Prediction.Ms, MedianVisit));
        AddRow(table, "proportional to MACs", LatencyAccuracy.Of(networks, n => n.MacsMs, n => n.AtProfilesPaceMs));
        AddRow(table, "proportional to MACs, times as measured", LatencyAccuracy.Of(networks, n => n.MacsMs, AsMeasured));
        Terminal.Output.Write(table);
        Terminal.Output.WriteLine(
            $"{networks.Count} random networks of {LatencyView.Ms(networks.Min(AsMeasured))} to {LatencyView.Ms(networks.Max(AsMeasured))}, "
            + $"{networks.Count(n => n.Prediction.IsExtrapolated)} with kernels outside the profiled range; {profile.Conditions}; {profile.Machine}");
        Terminal.Output.WriteLine(
            $"Compared with the profile, the machine took {Pace(networks.Min(n => n.Pace))} to {Pace(networks.Max(n => n.Pace))} as long for the networks that were measured in between; "
            + $"{Shown.Count(networks.Count(IsOutOfPace), "network")} at a pace that differs by more than 5 %. Times are of the fastest visit and brought to the profile's pace where nothing else is said; as measured: without that; median visit: of a visit at any moment.");
    }

    private static string Pace(double value) => $"{value.ToString("0.00", CultureInfo.InvariantCulture)}×";

    private static void AddRow(Table table, string name, LatencyAccuracy accuracy) => table.AddRow(
        name, LatencyView.Percent(accuracy.MedianError), LatencyView.Percent(accuracy.WithinTenPercent), LatencyView.Percent(accuracy.LargestError),
        LatencyView.Percent(accuracy.MedianDifference), accuracy.Tau.ToString("0.000", CultureInfo.InvariantCulture));
}
