using System.CommandLine;
using ZenNas.Architectures;
using ZenNas.Cli.Clustered;
using ZenNas.Cluster;
using ZenNas.Data;
using ZenNas.Scores;
using ZenNas.Training;
using ZenNas.Training.Recipes;

namespace ZenNas.Cli.Input;

/// <summary>The options of <c>zennas train</c>.</summary>
internal sealed class TrainOptions
{
    private const string DefaultRecipe = "cifar";
    private const int MostWorkers = 256;

    // A warm-up that fits the recipe's own length would take all of a short training.
    private const double MostWarmUp = 0.25;

    private readonly Argument<string?> _network = new("network") { Description = NetworkArgument.Description, Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<string?> _data = DataArgument.Option();
    private readonly Option<string?> _recipe = Options.Text("--recipe", $"Recipe: {string.Join(", ", RecipeJson.BuiltinNames)} or a JSON file. [default: {DefaultRecipe}]", "RECIPE");
    private readonly Option<string[]> _set = new("--set")
    {
        Description = "Replaces a value of the recipe, as in --set labelSmoothing=0 --set augmentation.pad=2; 'zennas recipe' prints them all.",
        HelpName = "NAME=VALUE",
        AllowMultipleArgumentsPerToken = false,
    };

    private readonly Option<int?> _epochs = Options.Integer("--epochs", "Passes over the training images; the warm-up takes at most a quarter of them. [default: the recipe's]", 1, 100_000);
    private readonly Option<int?> _resolution = Options.Integer("--resolution", "Height and width of the input in pixels. [default: the network's; for a structure string the pictures']", 1, Limits.Resolution);
    private readonly Option<string?> _weights = Options.Text("--weights", "Weights in safetensors to start from. [default: untrained]", "FILE");
    private readonly Option<string?> _teacher = Options.Text("--teacher", "Network to learn from: an ONNX file, or weights that 'zennas train' wrote.", "FILE");
    private readonly Option<ulong?> _seed = Options.Seed();
    private readonly Option<int?> _threads = Options.Integer("--threads", "Threads that share each batch; another number leads to slightly other weights. [default: all cores]", 1, 4096);
    private readonly Option<int?> _workers = Options.Integer("--workers", "Threads that prepare pictures; they don't change the result. [default: all cores]", 1, MostWorkers);
    private readonly Option<string?> _precision = Options.Choice("--precision", "Number format of feature maps. [default: fp32]", [.. ScoreSettingNames.Precisions]);
    private readonly Option<string?> _device = Options.Device();
    private readonly Option<string?> _broken = DataArgument.BrokenPictures();
    private readonly Option<string?> _out = Options.Text("--out", "New folder of the training. [default: runs/train-DATA-sSEED]", "DIR");
    private readonly NatsOptions _nats = new("NATS server one of whose workers trains; it has to have the same pictures.");
    private readonly Option<string?> _resume = Options.Text("--resume", "Goes on with the training in a folder; everything else comes from there.", "DIR");

    public void AddTo(Command command)
    {
        command.Add(_network);
        foreach (var option in Settings)
        {
            command.Add(option);
        }

        command.Add(_workers);
        command.Add(_resume);
        _nats.AddTo(command);
    }

    /// <summary>Server one of whose workers trains; null where this process does.</summary>
    /// <exception cref="InvalidInputException">The options don't fit together.</exception>
    public ServerOptions? Server(ParseResult parsed) => _nats.Read(parsed);

    /// <summary>What to add to a command that resumes the training.</summary>
    public string Again(ParseResult parsed) => _nats.Again(parsed);

    public int Workers(ParseResult parsed) => parsed.GetValue(_workers) ?? Environment.ProcessorCount;

    /// <summary>Opens the folder to go on, or begins one, after everything was checked.</summary>
    /// <exception cref="InvalidInputException">Something doesn't fit; nothing was written.</exception>
    public TrainingRequest Open(ParseResult parsed, CancellationToken cancellation)
    {
        _ = Server(parsed);
        if (parsed.GetValue(_resume) is { } resume)
        {
            var surplus = Settings.FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false })?.Name ?? (parsed.GetValue(_network) is null ? null : "NETWORK");
            return surplus is null
                ? Resume(resume)
                : throw new InvalidInputException($"{surplus} is given with --resume, which takes everything from its folder; allowed are --workers, --json, --nats and its options");
        }

        var path = DataArgument.Required(parsed.GetValue(_data));
        var data = DatasetFolder.Open(path);
        var architecture = Architecture(parsed, data);
        var weights = parsed.GetValue(_weights) is { } file ? WeightsArgument.Read(file, Network.Lower(architecture)) : null;
        if (weights is { IsFolded: true })
        {
            throw new InvalidInputException($"--weights is '{Quantity.Shown(parsed.GetValue(_weights)!)}', whose batch normalisations are folded; allowed are weights that have them");
        }

        var seed = parsed.GetValue(_seed) ?? 0;
        var plan = new TrainingPlan
        {
            Architecture = architecture,
            Recipe = Recipe(parsed),
            Data = Path.GetFullPath(path),
            DataSha256 = DataFingerprint.Of(data),
            Teacher = parsed.GetValue(_teacher) is { } teacher ? Path.GetFullPath(teacher) : null,
            Seed = seed <= long.MaxValue ? seed : throw new InvalidInputException($"--seed is '{seed}'; allowed is a whole number from 0 to {long.MaxValue}"),
            Threads = parsed.GetValue(_threads) ?? Environment.ProcessorCount,
            Precision = parsed.GetValue(_precision) is { } precision ? ScoreSettingNames.ParsePrecision(precision) : Precision.Fp32,
            Device = parsed.GetValue(_device) ?? new ScoreSettings().Device,
            BrokenPictures = DataArgument.ParseBrokenPictures(parsed.GetValue(_broken)),
        };
        Trainer.Check(plan, data);
        plan = plan with { TeacherSha256 = plan.Teacher is null ? null : DataFingerprint.OfFile(plan.Teacher) };
        ClusterSession.Check(Server(parsed), cancellation);
        return new TrainingRequest(TrainingFolder.Create(parsed.GetValue(_out) ?? DefaultFolder(path, seed), plan, weights), data);
    }

    private Option[] Settings =>
        [_data, _recipe, _set, _epochs, _resolution, _weights, _teacher, _seed, _threads, _precision, _device, _broken, _out];

    private static TrainingRequest Resume(string path)
    {
        var folder = TrainingFolder.Open(path);
        try
        {
            var data = DatasetFolder.Open(folder.Plan.Data);
            Trainer.Check(folder.Plan, data);
            CheckSame(folder.Plan, data);
            return new TrainingRequest(folder, data);
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    /// <summary>With other pictures or another teacher it would be another training.</summary>
    private static void CheckSame(TrainingPlan plan, DatasetPair data)
    {
        if (plan.DataSha256 is { } known && DataFingerprint.Of(data) != known)
        {
            throw new InvalidInputException($"the pictures in '{Quantity.Shown(plan.Data)}' aren't those that the training began with; allowed are the same, or a new training");
        }

        if (plan.TeacherSha256 is { } teacher && DataFingerprint.OfFile(plan.Teacher!) != teacher)
        {
            throw new InvalidInputException($"teacher '{Quantity.Shown(plan.Teacher!)}' isn't the file that the training began with; allowed is the same, or a new training");
        }
    }

    private static string DefaultFolder(string data, ulong seed) =>
        Path.Combine("runs", $"train-{Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(data)))}-s{seed}");

    private Architecture Architecture(ParseResult parsed, DatasetPair data)
    {
        var text = parsed.GetValue(_network) ?? throw new InvalidInputException("NETWORK is missing; allowed is a structure string, a zoo name or a file, or --resume DIR");
        return NetworkArgument.Resolve(text, parsed.GetValue(_resolution), data.Training.ClassNames.Length, DataArgument.Defaults(data.Training));
    }

    private Recipe Recipe(ParseResult parsed)
    {
        var name = parsed.GetValue(_recipe) ?? DefaultRecipe;
        var text = RecipeArgument.Text(name);
        try
        {
            var recipe = RecipeJson.Parse(RecipeJson.Override(text, parsed.GetValue(_set) ?? []));
            return parsed.GetValue(_epochs) is { } epochs
                ? recipe with { Epochs = epochs, WarmUpEpochs = Math.Min(recipe.WarmUpEpochs, MostWarmUp * epochs) }
                : recipe;
        }
        catch (InvalidInputException e)
        {
            throw new InvalidInputException($"--recipe '{Quantity.Shown(name)}' with --set: {e.Message}", e);
        }
    }
}
