using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using ZenNas.Data.Augmentation;
using ZenNas.Json;

namespace ZenNas.Training.Recipes;

/// <summary>Recipes as JSON, version 1.</summary>
public static class RecipeJson
{
    /// <summary>Value of the property <c>format</c>.</summary>
    public const string Format = "zennas/recipe";

    /// <summary>Value of the property <c>version</c>.</summary>
    public const int Version = 1;

    /// <summary>Largest file in bytes.</summary>
    public const int FileLimit = 1 << 16;

    private const string What = "recipe";
    private const int MostEpochs = 100_000;
    private const int MostBatch = 65_536;
    private const int MostPad = 1024;

    /// <summary>Names of the recipes that come with the program.</summary>
    public static ImmutableArray<string> BuiltinNames { get; } = ["cifar", "imagenet", "quick"];

    /// <summary>The text of a recipe that comes with the program.</summary>
    /// <returns>Null where the name is none of <see cref="BuiltinNames"/>.</returns>
    public static string? Builtin(string name)
    {
        if (!BuiltinNames.Contains(name))
        {
            return null;
        }

        using var stream = typeof(RecipeJson).Assembly.GetManifestResourceStream($"recipes/{name}.json")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    /// <summary>Reads a recipe.</summary>
    /// <exception cref="InvalidInputException">It isn't valid; the message names the place, the value and what is allowed.</exception>
    public static Recipe Parse(string text) => StrictJson.Read(text, What, FileLimit, root =>
    {
        StrictJson.CheckFormat(root, Format, Version);
        return Read(root);
    });

    /// <summary>Writes a recipe.</summary>
    public static string Write(Recipe recipe)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        return ToNode(recipe).ToJsonString(new JsonSerializerOptions { WriteIndented = true });
    }

    /// <summary>The text with single values replaced.</summary>
    /// <param name="text">A recipe.</param>
    /// <param name="values">Each <c>name=value</c>; the names inside an object have its name before them, as in <c>augmentation.pad=2</c>.</param>
    /// <exception cref="InvalidInputException">A name is unknown; values are checked when the text is parsed.</exception>
    public static string Override(string text, IEnumerable<string> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        var root = ToNode(Parse(text));
        foreach (var value in values)
        {
            Replace(root, value);
        }

        return root.ToJsonString();
    }

    private static void Replace(JsonObject root, string assignment)
    {
        var cut = assignment.IndexOf('=', StringComparison.Ordinal);
        var path = cut > 0 ? assignment[..cut].Split('.') : [];
        var parent = root;
        foreach (var part in path.SkipLast(1))
        {
            parent = parent?[part] as JsonObject;
        }

        if (path.Length == 0 || parent is null || !parent.ContainsKey(path[^1]) || parent[path[^1]] is JsonObject)
        {
            throw new InvalidInputException(
                $"'{Excerpt.Of(assignment, 60)}' names no value of the recipe; allowed is NAME=VALUE with one of {string.Join(", ", Names(root))}");
        }

        parent[path[^1]] = ToValue(assignment[(cut + 1)..]);
    }

    private static IEnumerable<string> Names(JsonObject node) => node.Where(p => p.Key is not ("format" or "version"))
        .SelectMany(p => p.Value is JsonObject inner ? Names(inner).Select(name => $"{p.Key}.{name}") : [p.Key]);

    private static JsonValue ToValue(string text) =>
        bool.TryParse(text, out var flag) ? JsonValue.Create(flag)
        : long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) ? JsonValue.Create(whole)
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? JsonValue.Create(number)
        : JsonValue.Create(text);

    private static Recipe Read(JsonObjectReader o) => new()
    {
        Epochs = o.Integer("epochs", 1, MostEpochs),
        Batch = o.Integer("batch", 1, MostBatch),
        LearningRate = Within(o, "learningRate", 0, 100),
        WarmUpEpochs = Within(o, "warmUpEpochs", 0, MostEpochs),
        Momentum = Within(o, "momentum", 0, 0.9999),
        WeightDecay = Within(o, "weightDecay", 0, 1),
        BatchNormMomentum = Within(o, "batchNormMomentum", 1e-6, 1),
        BatchNormEpsilon = Within(o, "batchNormEpsilon", 1e-12, 1),
        LabelSmoothing = Within(o, "labelSmoothing", 0, 0.99),
        Mixup = Within(o, "mixup", 0, 100),
        AverageDecay = Within(o, "averageDecay", 0, 0.999999),
        Initialization = o.OneOf("initialization", "he", "xavier") == "he" ? Initialization.He : Initialization.Xavier,
        ZeroResidualScales = o.Flag("zeroResidualScales"),
        Augmentation = o.Object("augmentation", ReadAugmentation),
        Distillation = o.Object("distillation", d => new DistillationRecipe(
            Within(d, "softLabels", 0, 1000), Within(d, "temperature", 0.01, 1000), Within(d, "features", 0, 1000))),
    };

    private static AugmentationRecipe ReadAugmentation(JsonObjectReader o) => new(
        o.Integer("pad", 0, MostPad), o.Flag("flip"), o.Flag("randomResizedCrop"),
        o.OneOf("autoAugment", "none", "cifar", "imagenet") switch
        {
            "cifar" => AutoAugmentPolicy.Cifar,
            "imagenet" => AutoAugmentPolicy.ImageNet,
            _ => AutoAugmentPolicy.None,
        },
        Within(o, "erasing", 0, 1), Within(o, "lighting", 0, 10), Within(o, "evaluationCrop", 0.1, 1));

    private static double Within(JsonObjectReader o, string name, double least, double most)
    {
        var value = o.Real(name);
        return value >= least && value <= most
            ? value
            : throw new InvalidInputException(string.Create(
                CultureInfo.InvariantCulture, $"{What}, {name}: is {value}; allowed is a number from {least} to {most}"));
    }

    private static JsonObject ToNode(Recipe recipe) => new()
    {
        ["format"] = Format,
        ["version"] = Version,
        ["epochs"] = recipe.Epochs,
        ["batch"] = recipe.Batch,
        ["learningRate"] = recipe.LearningRate,
        ["warmUpEpochs"] = recipe.WarmUpEpochs,
        ["momentum"] = recipe.Momentum,
        ["weightDecay"] = recipe.WeightDecay,
        ["batchNormMomentum"] = recipe.BatchNormMomentum,
        ["batchNormEpsilon"] = recipe.BatchNormEpsilon,
        ["labelSmoothing"] = recipe.LabelSmoothing,
        ["mixup"] = recipe.Mixup,
        ["averageDecay"] = recipe.AverageDecay,
        ["initialization"] = recipe.Initialization == Initialization.He ? "he" : "xavier",
        ["zeroResidualScales"] = recipe.ZeroResidualScales,
        ["augmentation"] = new JsonObject
        {
            ["pad"] = recipe.Augmentation.Pad,
            ["flip"] = recipe.Augmentation.Flip,
            ["randomResizedCrop"] = recipe.Augmentation.RandomResizedCrop,
            ["autoAugment"] = recipe.Augmentation.AutoAugment switch
            {
                AutoAugmentPolicy.Cifar => "cifar",
                AutoAugmentPolicy.ImageNet => "imagenet",
                _ => "none",
            },
            ["erasing"] = recipe.Augmentation.Erasing,
            ["lighting"] = recipe.Augmentation.Lighting,
            ["evaluationCrop"] = recipe.Augmentation.EvaluationCrop,
        },
        ["distillation"] = new JsonObject
        {
            ["softLabels"] = recipe.Distillation.SoftLabels,
            ["temperature"] = recipe.Distillation.Temperature,
            ["features"] = recipe.Distillation.Features,
        },
    };
}
