using System.Collections.Immutable;
using ZenNas.Architectures;
using ZenNas.Json;

namespace ZenNas.Spaces;

/// <summary>Search spaces as JSON files, version 1; the schema is <c>docs/schemas/space-v1.schema.json</c>.</summary>
public static class SearchSpaceJson
{
    /// <summary>Value of the property <c>format</c>.</summary>
    public const string Format = "zennas/space";

    /// <summary>Value of the property <c>version</c>.</summary>
    public const int Version = 1;

    /// <summary>Names of the built-in spaces.</summary>
    public static ImmutableArray<string> BuiltinNames { get; } = ["residual", "mobile"];

    /// <summary>A built-in space, or null where the name is none.</summary>
    public static SearchSpace? Builtin(string name) => BuiltinText(name) is { } text ? Parse(text) : null;

    /// <summary>The file of a built-in space, a template for one's own; null where the name is none.</summary>
    public static string? BuiltinText(string name)
    {
        if (!BuiltinNames.Contains(name))
        {
            return null;
        }

        using var stream = typeof(SearchSpaceJson).Assembly.GetManifestResourceStream($"spaces/{name}.json")!;
        return new StreamReader(stream).ReadToEnd();
    }

    /// <summary>Reads a space.</summary>
    /// <param name="text">The document, at most <see cref="Limits.FileSize"/> bytes.</param>
    /// <exception cref="InvalidInputException">The document isn't a search space; the message says where and what is allowed.</exception>
    public static SearchSpace Parse(string text) => StrictJson.Read(text, "space file", Limits.FileSize, Read);

    /// <summary>Reads a space out of another document.</summary>
    internal static SearchSpace Read(JsonObjectReader root)
    {
        StrictJson.CheckFormat(root, Format, Version);
        var kinds = ReadKinds(root);
        var expansions = root.Has("expansions") ? Distinct(root, "expansions", 1, 2, 4, 6) : [1, 2, 4, 6];
        var space = new SearchSpace
        {
            Name = root.Text("name", 64),
            InputChannels = root.Integer("inputChannels", 1, Limits.Width, 3),
            Blocks = kinds,
            Kernels = Distinct(root, "kernels", 3, 5, 7),
            Expansions = expansions,
            Repeats = root.Object("repeats", o => ReadRange(o, Limits.Repeats, stepped: false)),
            MaxBlocksPerStage = root.Integer("maxBlocksPerStage", 1, 16),
            Constraints = root.Has("constraints") ? root.Object("constraints", ReadConstraints) : SpaceConstraints.None,
            Layouts = [.. root.Objects("layouts", 16, ReadLayout).OrderBy(l => l.MaxResolution)],
        };
        return root.Build(() => Bounded(space));
    }

    /// <summary>Refuses a space whose largest networks no architecture can hold: a search would stop in the middle.</summary>
    private static SearchSpace Bounded(SearchSpace space)
    {
        // Stem and head are blocks and layers too.
        var blocks = 2 + space.MaxBlocksPerStage * space.Layouts.Max(l => l.StageStrides.Length);
        Guard.InRange(blocks, 1, Limits.Blocks, "number of blocks (stages times maxBlocksPerStage, stem and head)");
        Guard.InRange(2 + (blocks - 2) * space.Repeats.Last, 1, Limits.Layers, "number of layers (those blocks times repeats.max, stem and head)");
        foreach (var layout in space.Layouts)
        {
            _ = ShallowestStages.Of(space, layout);
        }

        return space;
    }

    private static SpaceConstraints ReadConstraints(JsonObjectReader o)
    {
        double? Real(string name, double minimum, double maximum) =>
            o.Has(name) ? o.Build(() => Guard.InRange(o.Real(name), minimum, maximum, name)) : null;

        return new SpaceConstraints
        {
            NonDecreasingWidths = o.OneOfOr("widths", "any", "any", "non-decreasing") == "non-decreasing",
            MinWidthRatio = Real("minWidthRatio", 1.0 / Limits.Width, 1),
            MaxWidthRatio = Real("maxWidthRatio", 1, Limits.Width),
            MaxDepthToWidth = Real("maxDepthToWidth", 1e-6, 1e6),
            MinLayerShare = Real("minLayerShare", 0, 1),
        };
    }

    private static ImmutableArray<BlockKind> ReadKinds(JsonObjectReader root) =>
    [
        .. root.Texts("blocks", "basic", "bottleneck", "inverted-bottleneck").Distinct().Select(name => name switch
        {
            "basic" => BlockKind.Basic,
            "bottleneck" => BlockKind.Bottleneck,
            _ => BlockKind.InvertedBottleneck,
        }),
    ];

    private static ImmutableArray<int> Distinct(JsonObjectReader root, string name, params int[] allowed) =>
        [.. root.Integers(name, allowed).Distinct().Order()];

    private static SpaceLayout ReadLayout(JsonObjectReader o) => new()
    {
        MaxResolution = o.Integer("maxResolution", 1, Limits.Resolution, Limits.Resolution),
        Stem = o.Object("stem", ReadConvolution),
        StageStrides = o.Integers("stages", [1, 2, 3, 4], 16),
        StageLayers = o.Has("stageLayers") ? o.Objects("stageLayers", 16, ReadLayers) : [],
        Head = o.Has("head") ? o.Object("head", ReadConvolution) : null,
        Width = o.Object("width", p => ReadRange(p, Limits.Width)),
        BottleneckWidth = o.Object("bottleneckWidth", p => ReadRange(p, Limits.Width)),
    };

    private static SpaceConvolution ReadConvolution(JsonObjectReader o) => new(
        o.Build(() => Guard.OneOf(o.Integer("kernel", 1, 7), [1, 3, 5, 7], "kernel")),
        o.Integer("stride", 1, Limits.Stride, 1),
        o.Object("width", p => ReadRange(p, Limits.Width)));

    private static LayerRange ReadLayers(JsonObjectReader o)
    {
        var minimum = o.Integer("min", 1, Limits.Layers, 1);
        return new LayerRange(minimum, o.Integer("max", minimum, Limits.Layers, Limits.Layers));
    }

    private static IntRange ReadRange(JsonObjectReader o, int most, bool stepped = true)
    {
        var minimum = o.Integer("min", 1, most);
        var maximum = o.Integer("max", minimum, most);
        var range = new IntRange(minimum, maximum, stepped ? o.Integer("step", 1, most, 1) : 1);
        return range.Count > 0
            ? range
            : o.Build<IntRange>(() => throw new InvalidInputException(
                $"no multiple of step {range.Step} lies from {minimum} to {maximum}; allowed is a range that holds one"));
    }
}
