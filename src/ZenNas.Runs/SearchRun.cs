using System.Collections.Immutable;
using System.Diagnostics;
using ZenNas.Architectures;
using ZenNas.Complexity;
using ZenNas.Latency;
using ZenNas.Runs.Reports;
using ZenNas.Scores;
using ZenNas.Search;
using ZenNas.Search.Optimal;

namespace ZenNas.Runs;

/// <summary>
/// A search in a folder: options, state and history, results. A run that was killed continues from its last checkpoint, at most a second (or
/// one batch of measurements) old, and ends exactly as it would have undisturbed.
/// </summary>
public sealed class SearchRun : IDisposable
{
    private const int BatchesPerClockReading = 64;

    // Its networks are measured again at the end, which ranks them better than the single measurement that the search saw.
    private const string MeasuredZenScoreName = "measured";

    // Where hardly any proposal fits the budget, a batch ends without one, so that the search can be saved or stopped.
    private const int StepsPerBatch = 1024;
    private static readonly TimeSpan CheckpointInterval = TimeSpan.FromSeconds(0.9);

    private readonly RunDatabase _database;
    private readonly EvolutionarySearch _search;
    private readonly ConvergenceRecorder _recorder;
    private readonly RunClock _clock = new();
    private readonly List<UInt128> _newFingerprints = [];
    private readonly List<FailedNetwork> _newFailures = [];
    private Optimum? _optimum;

    private SearchRun(string folder, RunOptions options, RunDatabase database)
    {
        (Folder, Options, _database) = (folder, options, database);
        try
        {
            _search = database.LoadSearch(options.Settings, _clock);
            _recorder = new ConvergenceRecorder(
                options.Strategy == SearchStrategy.Optimal ? 1 : Math.Max(1, options.Iterations / ConvergenceRecorder.PointsPerRun), database.LoadConvergence());
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    /// <summary>Folder of the run.</summary>
    public string Folder { get; }

    /// <summary>What determines the run.</summary>
    public RunOptions Options { get; }

    /// <summary>Steps taken so far.</summary>
    public long Step => _search.Step;

    /// <summary>Starts a run in a new or empty folder.</summary>
    /// <exception cref="InvalidInputException">The folder isn't empty or can't be written.</exception>
    public static SearchRun Create(string folder, RunOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);

        // What a process that was killed while it made the folder may have left.
        var unfinished = AtomicFile.TemporaryOf(Path.Combine(folder, RunOptions.FileName));
        if (File.Exists(folder) || (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any(entry => entry != unfinished)))
        {
            throw new InvalidInputException($"run folder '{folder}' exists and isn't empty; allowed is a new or empty folder, or resuming it with --resume");
        }

        try
        {
            Directory.CreateDirectory(folder);
            AtomicFile.WriteNew(Path.Combine(folder, RunOptions.FileName), options.Write());
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException($"run folder '{folder}' can't be written ({e.Message})", e);
        }

        return new SearchRun(folder, options, RunDatabase.Open(folder));
    }

    /// <summary>Opens a run to continue it.</summary>
    /// <param name="folder">Folder of the run.</param>
    /// <param name="measuring">Makes a source that measures latencies on this machine; needed by runs that measure every network.</param>
    /// <exception cref="InvalidInputException">The folder holds no run, or another process works on it.</exception>
    public static SearchRun Open(string folder, Func<LatencyConditions, ILatencySource>? measuring = null)
    {
        var file = Path.Combine(folder, RunOptions.FileName);
        if (!File.Exists(file))
        {
            throw new InvalidInputException($"'{folder}' holds no {RunOptions.FileName}; allowed is the folder of an earlier search");
        }

        if (new FileInfo(file).Length > RunOptions.FileLimit)
        {
            throw new InvalidInputException($"'{file}' is larger than {RunOptions.FileLimit} bytes; allowed is the folder of an earlier search");
        }

        var options = RunOptions.Parse(File.ReadAllText(file), measuring);
        return new SearchRun(folder, options, RunDatabase.Open(folder));
    }

    /// <summary>Takes the steps that are left.</summary>
    /// <param name="score">The score of <see cref="RunOptions.Score"/>.</param>
    /// <param name="threads">Networks scored at the same time.</param>
    /// <param name="progress">Told after every checkpoint.</param>
    /// <param name="cancellation">Ends the search after a checkpoint.</param>
    /// <exception cref="OperationCanceledException">It was cancelled; the folder holds a checkpoint.</exception>
    public void Search(IScore score, int threads, Action<SearchProgress>? progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(score);
        var firstStep = _search.Step;
        var sinceCheckpoint = Stopwatch.StartNew();
        var session = Stopwatch.StartNew();
        var batches = 0L;
        _clock.StartSearch();
        if (Options.Strategy == SearchStrategy.Optimal)
        {
            FindOptimum(score, threads, progress, cancellation);
        }

        while (_search.Step < LastStep)
        {
            var batch = Ask();
            Tell(batch, Evaluate(score, batch, threads));
            if (batch.Count == 1 && ++batches % BatchesPerClockReading != 0)
            {
                continue;
            }

            if (cancellation.IsCancellationRequested || sinceCheckpoint.Elapsed > CheckpointInterval)
            {
                Checkpoint();
                progress?.Invoke(Progress(firstStep, session.Elapsed));
                cancellation.ThrowIfCancellationRequested();
                sinceCheckpoint.Restart();
            }
        }

        _recorder.Record(_search, LastStep);
        _clock.StopSearch();
        Checkpoint();
        progress?.Invoke(Progress(firstStep, session.Elapsed));
    }

    /// <summary>The best networks of the finished search, measured where a way to measure is given; best first.</summary>
    /// <param name="measure">
    /// Measures a network with a seed, or returns null where it can't be measured here; its results are kept, so a resumed run measures none
    /// twice.
    /// </param>
    /// <param name="measureLatency">The same for the latency, where the run has a limit on it.</param>
    public ImmutableArray<VerifiedNetwork> Verify(Func<Network, ulong, ScoreValue?>? measure, Func<Network, LatencyMeasurement?>? measureLatency = null)
    {
        var closedForm = new ClosedFormZenScore(Options.Score.Settings.Alpha);
        var best = _search.Population.OrderByDescending(c => c.Score).ThenBy(c => c.Step).Take(Math.Max(1, Options.Verify));
        var verified = best.Select(candidate =>
        {
            var network = Network.Lower(candidate.Architecture);
            return new VerifiedNetwork(
                candidate, closedForm.Score(network.Vanilla), Options.Verify > 0 && measure is not null ? Measured(network, measure) : null,
                LatencyOf(network, measureLatency));
        }).ToList();

        return Options.Score.Name == MeasuredZenScoreName
            ? [.. verified.OrderByDescending(v => v.Measured?.Mean ?? v.Candidate.Score)]
            : [.. verified];
    }

    /// <summary>Writes the best architecture, the report and <c>result.json</c> into the folder.</summary>
    /// <param name="best">What <see cref="Verify"/> returned.</param>
    /// <returns>What was reported.</returns>
    public SearchReport Finish(ImmutableArray<VerifiedNetwork> best)
    {
        var report = new SearchReport
        {
            SpaceName = Options.Settings.Space.Name,
            Budget = Options.Settings.Budget,
            ScoreName = Options.Score.Name,
            Strategy = Options.Strategy,
            Preset = Options.Settings.Preset,
            UpperBound = _optimum?.UpperBound,
            Seed = Options.Settings.Seed,
            Iterations = _search.Step,
            Counts = _search.Counts,
            SearchSeconds = _clock.SearchSeconds,
            ElapsedSeconds = _clock.ElapsedSeconds,
            Command = Options.Command,
            Version = Options.ProgramVersion,
            Best = best,
            Given = Options.IsInitialGiven ? Given() : null,
            Failures = [.. _database.LoadFailures()],
            Convergence = [.. _recorder.Points],
            Population = [.. _search.Population],
        };
        var architecture = best[0].Candidate.Architecture;
        AtomicFile.Write(Path.Combine(Folder, "best.json"), ArchitectureJson.Write(architecture) + "\n");
        if (StructureString.TryFormat(architecture) is { } structure)
        {
            AtomicFile.Write(Path.Combine(Folder, "best.txt"), structure + "\n");
        }

        AtomicFile.Write(Path.Combine(Folder, "report.html"), HtmlReport.Render(report));
        return report;
    }

    /// <inheritdoc/>
    public void Dispose() => _database.Dispose();

    private VerifiedNetwork Given()
    {
        var network = Network.Lower(Options.Settings.Initial);
        var score = new ClosedFormZenScore(Options.Score.Settings.Alpha).Score(network.Vanilla);
        return new VerifiedNetwork(new Candidate(network.Architecture, score, NetworkCost.Of(network), 0), score, null);
    }

    private long LastStep => _optimum?.Visited.Length ?? Options.Iterations;

    /// <summary>
    /// A function of the options alone: a run that was interrupted finds the same again and goes on with it; so nothing of it is saved.
    /// </summary>
    private void FindOptimum(IScore score, int threads, Action<SearchProgress>? progress, CancellationToken cancellation)
    {
        var settings = Options.Settings;
        var closedForm = score switch
        {
            ClosedFormZenScore own => own,
            // No sum over layers: the optimum of the closed form and what is near it are ranked by it.
            FiniteWidthZenScore => new ClosedFormZenScore(Options.Score.Settings.Alpha),
            _ => throw new InvalidInputException(
                $"score is '{score.Info.Name}'; allowed with strategy '{SearchStrategyNames.Of(Options.Strategy)}' are '{ClosedFormZenScore.Description.Name}' and '{FiniteWidthZenScore.Description.Name}'"),
        };
        _optimum = OptimumFinder.For(settings.Budget, settings.Space, settings.Initial.Resolution, settings.Initial.Classes, closedForm, threads, cancellation, settings.Initial).Find(
            settings.Budget,
            p => progress?.Invoke(new SearchProgress(p.Networks, p.Networks, p.Best, 0) { UpperBound = p.UpperBound }), cancellation, settings.Initial);
        _search.Follow(_optimum.Visited);
    }

    private List<Proposal> Ask()
    {
        var batch = new List<Proposal>(Options.Score.Ahead);
        var last = Math.Min(_search.Step + Math.Max(StepsPerBatch, Options.Score.Ahead), LastStep);
        while (batch.Count < Options.Score.Ahead && _search.Ask(last) is { } proposal)
        {
            batch.Add(proposal);
            _newFingerprints.Add(proposal.Fingerprint);
        }

        return batch;
    }

    private ScoreValue[] Evaluate(IScore score, List<Proposal> batch, int threads) => batch.Count == 1
        ? [score.Evaluate(batch[0].Network, SeedOf(batch[0].Fingerprint))]
        : score.EvaluateAll([.. batch.Select(p => (p.Network, SeedOf(p.Fingerprint)))], threads);

    private void Tell(List<Proposal> batch, ScoreValue[] scores)
    {
        for (var i = 0; i < batch.Count; i++)
        {
            _recorder.Record(_search, batch[i].Step - 1);
            var failure = scores[i].Failure ?? (double.IsFinite(scores[i].Mean) ? null : ScoreFailure.NotFinite(scores[i].Mean));
            _search.Tell(batch[i], failure is null ? scores[i].Mean : double.NaN);
            if (failure is not null)
            {
                _newFailures.Add(new FailedNetwork(batch[i].Step, batch[i].Network.Architecture, failure));
            }
        }

        if (_search.Best is null && _newFailures.Count > 0)
        {
            throw new InvalidInputException($"the initial network has no score, {_newFailures[0].Failure}; start from another one with --init or --seed");
        }
    }

    private ScoreValue? Measured(Network network, Func<Network, ulong, ScoreValue?> measure)
    {
        if (_database.LoadMeasured(network.Architecture) is { } known)
        {
            return known;
        }

        var value = measure(network, SeedOf(Fingerprint.Of(network.Architecture)));
        if (value is { } measured)
        {
            _database.SaveMeasured(network.Architecture, measured);
        }

        return value;
    }

    private NetworkLatency? LatencyOf(Network network, Func<Network, LatencyMeasurement?>? measure)
    {
        if (Options.Latency is not { } latency)
        {
            return null;
        }

        LatencyPrediction? predicted = latency.Source is LatencyPredictor predictor ? predictor.Predict(network) : null;
        return new NetworkLatency(latency.Conditions, predicted, Options.Verify > 0 && measure is not null ? MeasuredLatency(network, latency, measure) : null);
    }

    private LatencyMeasurement? MeasuredLatency(Network network, LatencyOptions latency, Func<Network, LatencyMeasurement?> measure)
    {
        if (_database.LoadLatency(network.Architecture) is { } known)
        {
            return new LatencyMeasurement(latency.Conditions, known);
        }

        var measured = measure(network);
        if (measured is not null)
        {
            _database.SaveLatency(network.Architecture, measured.SortedMs);
        }

        return measured;
    }

    private ulong SeedOf(UInt128 fingerprint) => StepRandom.Derive(Options.Settings.Seed, (ulong)fingerprint ^ (ulong)(fingerprint >> 64));

    private void Checkpoint()
    {
        _database.Save(_search, _clock, new CheckpointNews(_newFingerprints, _recorder.TakeNew(), _newFailures));
        _newFingerprints.Clear();
        _newFailures.Clear();
    }

    private SearchProgress Progress(long firstStep, TimeSpan session) => new(
        _search.Step, LastStep, _search.Best?.Score, (_search.Step - firstStep) / session.TotalSeconds);
}
