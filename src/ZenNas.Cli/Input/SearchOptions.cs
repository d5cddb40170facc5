using System.CommandLine;
using System.Globalization;
using ZenNas.Architectures;
using ZenNas.Cli.Clustered;
using ZenNas.Cli.Rendering;
using ZenNas.Cluster;
using ZenNas.Complexity;
using ZenNas.Latency;
using ZenNas.Runs;
using ZenNas.Scores;
using ZenNas.Search;
using ZenNas.Search.Optimal;
using ZenNas.Spaces;
using ZenNas.Torch;

namespace ZenNas.Cli.Input;

/// <summary>The options of <c>zennas search</c>, and the run they describe.</summary>
internal sealed class SearchOptions
{
    private const int MeasurementsAhead = 4;
    private const int JobsAhead = 64;
    private const int DefaultVerify = 2;
    private const long MostIterations = 1_000_000_000;

    private readonly BudgetOptions _target = new();
    private readonly Option<string?> _strategy = Options.Choice(
        "--strategy", "Evolution, or the optimum of the closed form with a bound on how far it may be from the best possible. [default: evolution]", [.. SearchStrategyNames.All]);

    private readonly Option<string?> _score = Options.Choice(
        "--score", "What to maximise. [default: closed-form]", [.. TorchScores.Catalog.Names]);
    private readonly Option<long?> _iterations = Options.Number("--iterations", "Steps of the search. [default: 96000]", 1, MostIterations);
    private readonly Option<int?> _population = Options.Integer("--population", "Networks kept. [default: 256]", 1, 100_000);
    private readonly Option<string?> _preset = Options.Choice(
        "--preset", "How networks are varied: two blocks at once, Algorithm 3 as printed, or as the released program does. [default: pair]", [.. Variation.Presets]);

    private readonly Option<string?> _init = Options.Text("--init", "Network to start from and improve; has to lie in the space and fit the budget. Without any limit, its own parameters, MACs and layers are the budget. [default: a small random one]", "NETWORK");
    private readonly Option<int?> _verify = Options.Integer("--verify", "How many of the best networks are measured at the end; 0 for none. [default: 2]", 0, 1000);
    private readonly Option<string?> _out = Options.Text("--out", "Folder of the run, new or empty. [default: runs/<space>-r<resolution>-s<seed>]", "FOLDER");
    private readonly Option<string?> _resume = Options.Text("--resume", "Continue the run in this folder; its options are kept.", "FOLDER");
    private readonly Option<int?> _ahead = Options.Integer(
        "--ahead", "Proposals scored at the same time, drawn from one population; more keep more workers busy, and lead to another search. [default: 1, 4 for measured scores, 64 with --nats]", 1, ScoreOptions.MostAhead);

    private readonly NatsOptions _nats = new("NATS server whose workers compute the scores, and measure latencies with --device-class.");
    private readonly Option<string?> _deviceClass = DeviceClassArgument.Option("Measure the latency of the best networks on a worker of this device class; needs --nats and --latency-profile.");
    private readonly MeasuringOptions _measuring = new();

    public void AddTo(Command command)
    {
        foreach (var option in Determining().Append(_out).Append(_resume))
        {
            command.Add(option);
        }

        command.Add(_deviceClass);
        _nats.AddTo(command);
        _measuring.AddTo(command, withConvention: false);
    }

    /// <summary>Server whose workers compute the scores; null where this process does.</summary>
    /// <exception cref="InvalidInputException">The options don't fit together.</exception>
    public ServerOptions? Server(ParseResult parsed) => _nats.Read(parsed);

    /// <summary>Class of the device that measures the best networks; null where this machine does.</summary>
    public string? DeviceClass(ParseResult parsed) => parsed.GetValue(_deviceClass);

    /// <summary>What to add to a command that resumes the run.</summary>
    public string Again(ParseResult parsed) =>
        _nats.Again(parsed) + (parsed.GetValue(_deviceClass) is { } name ? $" {_deviceClass.Name} {name}" : "");

    public int Threads(ParseResult parsed) => _measuring.Threads(parsed);

    /// <summary>Starts the run that the options describe, or opens the one to resume.</summary>
    /// <exception cref="InvalidInputException">The options don't fit together.</exception>
    public SearchRun Open(ParseResult parsed, CancellationToken cancellation)
    {
        CheckCluster(parsed);
        if (parsed.GetValue(_resume) is { } folder)
        {
            var extra = Determining().Append(_out).FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false });
            return extra is null && !_measuring.AnyGiven(parsed)
                ? SearchRun.Open(folder, LatencyBudgetOptions.Measure)
                : throw new InvalidInputException(
                    $"{extra?.Name ?? "an option of the measurement"} is given with --resume; allowed there are --threads, --json, --nats and its options, the run keeps its own options");
        }

        var options = Describe(parsed);
        CheckMeasuring(options, isRemote: Server(parsed) is not null);
        ClusterSession.Check(Server(parsed), cancellation);
        return SearchRun.Create(parsed.GetValue(_out) ?? DefaultFolder(options), options);
    }

    private IEnumerable<Option> Determining() =>
        [.. _target.All, _strategy, _score, _iterations, _population, _preset, _init, _verify, _ahead];

    private RunOptions Describe(ParseResult parsed)
    {
        var (space, text, resolution, classes, budget, latency) = _target.Read(parsed);
        var strategy = SearchStrategyNames.Parse(parsed.GetValue(_strategy) ?? SearchStrategyNames.All[0]);
        CheckStrategy(parsed, strategy, budget);
        var seed = _measuring.Seed(parsed);
        var given = parsed.GetValue(_init) is { } init ? NetworkArgument.Resolve(init, resolution, classes) : null;
        budget = given is not null && budget == new Budget() ? BudgetOf(given) : budget;
        if (strategy == SearchStrategy.Optimal)
        {
            OptimumFinder.CheckSize(space, resolution, budget.MaxLayers);
        }

        var initial = given is null ? InitialNetwork.Generate(space, resolution, classes, budget, seed) : CheckedInitial(given, space, budget);
        var measuring = _measuring.Read(parsed);
        var score = parsed.GetValue(_score) ?? ClosedFormZenScore.Description.Name;
        return new RunOptions
        {
            SpaceText = text,
            IsInitialGiven = given is not null,
            Latency = latency,
            Strategy = strategy,
            Iterations = parsed.GetValue(_iterations) ?? SearchSettings.DefaultIterations,
            Verify = parsed.GetValue(_verify) ?? DefaultVerify,
            Command = Command(parsed),
            ProgramVersion = ProgramVersion.Current,
            Score = new ScoreOptions(score, measuring, parsed.GetValue(_ahead) ?? DefaultAhead(parsed, score)),
            Settings = new SearchSettings
            {
                Space = space,
                Initial = initial,
                Budget = budget,
                Preset = parsed.GetValue(_preset) ?? Variation.Presets[0],
                Seed = seed,
                PopulationSize = parsed.GetValue(_population) ?? SearchSettings.DefaultPopulationSize,
            },
        };
    }

    private int DefaultAhead(ParseResult parsed, string score) => Server(parsed) is not null ? JobsAhead
        : TorchScores.Catalog.Info(score).NeedsTensors ? MeasurementsAhead
        : 1;

    private void CheckCluster(ParseResult parsed)
    {
        var server = Server(parsed);
        if (server is null && DeviceClass(parsed) is not null)
        {
            throw new InvalidInputException($"{_deviceClass.Name} is given without {NatsOptions.UrlName}; allowed are both or none");
        }

        if (server is not null && parsed.GetValue(_strategy) == SearchStrategyNames.Of(SearchStrategy.Optimal))
        {
            throw new InvalidInputException($"{NatsOptions.UrlName} is given with --strategy optimal, which has nothing to distribute; allowed is --strategy evolution");
        }
    }

    /// <summary>Finds out before the folder is made whether what the run measures can be measured here; workers have devices of their own.</summary>
    private static void CheckMeasuring(RunOptions options, bool isRemote)
    {
        var (name, settings, _) = options.Score;
        if (isRemote)
        {
            return;
        }

        if (TorchScores.Catalog.Info(name).NeedsTensors)
        {
            _ = TorchScores.Catalog.Create(name, settings);
        }

        if (options.Verify > 0)
        {
            MeasuredZenScore.CheckMemory(Network.Lower(options.Settings.Initial).Vanilla, settings);
            if (settings.Device != new ScoreSettings().Device)
            {
                _ = new MeasuredZenScore(settings);
            }
        }
    }

    private void CheckStrategy(ParseResult parsed, SearchStrategy strategy, Budget budget)
    {
        if (strategy != SearchStrategy.Optimal)
        {
            return;
        }

        Option? evolution = new Option[] { _iterations, _population, _preset }.FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false });
        if (evolution is not null)
        {
            throw new InvalidInputException($"{evolution.Name} is given with --strategy optimal, which takes no steps; allowed is --strategy evolution");
        }

        if (parsed.GetValue(_score) is { } score && score != ClosedFormZenScore.Description.Name && score != FiniteWidthZenScore.Description.Name)
        {
            throw new InvalidInputException(
                $"--score is '{score}'; allowed with --strategy optimal is {ClosedFormZenScore.Description.Name}, a sum over layers, or {FiniteWidthZenScore.Description.Name}, which ranks the networks near its optimum");
        }

        if (budget.MaxLatency is { Source: not LatencyPredictor })
        {
            throw new InvalidInputException("--latency is 'measured'; allowed with --strategy optimal is --latency-profile, which predicts a sum over layers");
        }
    }

    private static Budget BudgetOf(Architecture architecture)
    {
        var cost = NetworkCost.Of(Network.Lower(architecture));
        return new Budget(cost.Parameters, cost.Macs, cost.Layers);
    }

    private static Architecture CheckedInitial(Architecture architecture, SearchSpace space, Budget budget)
    {
        if (SpaceMembership.WhyOutside(space, architecture) is { } reason)
        {
            throw new InvalidInputException($"--init doesn't lie in space '{space.Name}': {reason}");
        }

        var network = Network.Lower(architecture);
        var cost = NetworkCost.Of(network);
        var latency = budget.MaxLatency is { } limit ? string.Create(CultureInfo.InvariantCulture, $", and takes {limit.Source.Ms(network):G3} ms") : "";
        return budget.Fits(network, cost)
            ? architecture
            : throw new InvalidInputException(
                $"--init has {cost.Parameters} parameters, {cost.Macs} MACs and {Shown.Count(cost.Layers, "layer")}{latency}; allowed is a network within the budget of {budget}");
    }

    /// <summary>The command line with the run's folder and output format left out: they don't determine the result.</summary>
    private string Command(ParseResult parsed)
    {
        var words = new List<string> { "zennas", "search" };
        foreach (var result in parsed.CommandResult.Children.OfType<System.CommandLine.Parsing.OptionResult>())
        {
            if (!result.Implicit && result.Option != _out && result.Option != _deviceClass && result.Option.Name is not ("--json" or "--threads")
                && !result.Option.Name.StartsWith(NatsOptions.UrlName, StringComparison.Ordinal))
            {
                words.Add(result.Option.Name);
                words.AddRange(result.Tokens.Select(t => CommandText.Quote(t.Value)));
            }
        }

        return string.Join(' ', words);
    }

    private static string DefaultFolder(RunOptions options)
    {
        var settings = options.Settings;
        var name = string.Create(
            CultureInfo.InvariantCulture, $"{FileName(settings.Space.Name)}-r{settings.Initial.Resolution}-s{settings.Seed}");
        for (var number = 1; ; number++)
        {
            var folder = Path.Combine("runs", number == 1 ? name : $"{name}-{number}");
            if (!Path.Exists(folder))
            {
                return folder;
            }
        }
    }

    private static string FileName(string name) => string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-'));
}
