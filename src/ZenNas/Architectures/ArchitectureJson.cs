using System.Text.Json;
using System.Text.Json.Nodes;
using ZenNas.Json;

namespace ZenNas.Architectures;

/// <summary>The project's own architecture format, version 1. It holds everything an <see cref="Architecture"/> does;
/// the schema is <c>docs/schemas/architecture-v1.schema.json</c>.</summary>
public static class ArchitectureJson
{
    /// <summary>Value of the property <c>format</c>.</summary>
    public const string Format = "zennas/architecture";

    /// <summary>Value of the property <c>version</c>.</summary>
    public const int Version = 1;

    private static readonly EnumNames<Projection> Projections =
        new((Projection.FirstUnit, "first-unit"), (Projection.WhereShapeChanges, "where-shape-changes"));

    private static readonly EnumNames<SqueezeExcitation> Excitations = new(
        (SqueezeExcitation.None, "none"), (SqueezeExcitation.Quarter, "quarter"), (SqueezeExcitation.InputQuarter, "input-quarter"));

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>Reads an architecture.</summary>
    /// <param name="text">The document, at most <see cref="Limits.FileSize"/> bytes.</param>
    /// <exception cref="InvalidInputException">The document isn't an architecture; the message says where and what is allowed.</exception>
    public static Architecture Parse(string text) => StrictJson.Read(text, "architecture file", Limits.FileSize, Read);

    /// <summary>Reads an architecture out of another document.</summary>
    internal static Architecture Read(JsonObjectReader root)
    {
        StrictJson.CheckFormat(root, Format, Version);
        var resolution = root.Integer("resolution", 1, Limits.Resolution);
        var classes = root.Integer("classes", 1, Limits.Classes);
        var inputChannels = root.Integer("inputChannels", 1, Limits.Width, 3);
        var blocks = root.Objects("blocks", Limits.Blocks, ReadBlock);
        return root.Build(() => new Architecture(blocks, resolution, classes, inputChannels));
    }

    /// <summary>Writes an architecture; <see cref="Parse"/> reads back an equal one.</summary>
    public static string Write(Architecture architecture) => ToNode(architecture).ToJsonString(Indented);

    /// <summary>The architecture as a JSON object, to be put into other documents.</summary>
    public static JsonObject ToNode(Architecture architecture)
    {
        ArgumentNullException.ThrowIfNull(architecture);
        return new JsonObject
        {
            ["format"] = Format,
            ["version"] = Version,
            ["resolution"] = architecture.Resolution,
            ["classes"] = architecture.Classes,
            ["inputChannels"] = architecture.InputChannels,
            ["blocks"] = new JsonArray([.. architecture.Blocks.Select(ToNode)]),
        };
    }

    private static Block ReadBlock(JsonObjectReader o)
    {
        var type = o.OneOf("type", "convolution", "max-pool", "basic", "bottleneck", "inverted-bottleneck");
        var kernel = o.Integer("kernel", 1, 7);
        var width = o.Integer("width", 1, Limits.Width);
        var stride = o.Integer("stride", 1, Limits.Stride, 1);
        if (type == "max-pool")
        {
            return o.Build(() => new MaxPoolBlock(kernel, stride, width));
        }

        var repeats = o.Integer("repeats", 1, Limits.Repeats, 1);
        if (type == "convolution")
        {
            return o.Build(() => new ConvolutionBlock(kernel, width, stride, repeats));
        }

        var bottleneck = o.Integer("bottleneckWidth", 1, Limits.Width);
        var projection = Named(o, "projection", Projections);
        var excitation = Named(o, "squeezeExcitation", Excitations);
        if (type == "basic")
        {
            return o.Build(() => new BasicBlock(kernel, width, stride, bottleneck, repeats, projection, excitation));
        }

        if (type == "inverted-bottleneck")
        {
            var expansion = o.Integer("expansion", 1, 6);
            return o.Build(() => new InvertedBottleneckBlock(expansion, kernel, width, stride, bottleneck, repeats, projection, excitation));
        }

        var units = o.Integer("unitsPerRepeat", 1, 2, 2);
        int? groupWidth = o.Has("groupWidth") ? o.Integer("groupWidth", 1, Limits.Width) : null;
        return o.Build(() => new BottleneckBlock(kernel, width, stride, bottleneck, repeats, units, groupWidth, projection, excitation));
    }

    /// <summary>An enumeration's value; its usual one where the property is missing.</summary>
    private static T Named<T>(JsonObjectReader o, string property, EnumNames<T> names)
        where T : struct, Enum => names.Parse(o.OneOfOr(property, names.All[0], names.All.AsSpan()));

    private static JsonObject ToNode(Block block)
    {
        var node = new JsonObject
        {
            ["type"] = TypeName(block),
            ["kernel"] = block.Kernel,
            ["width"] = block.Width,
            ["stride"] = block.Stride,
        };
        if (block is MaxPoolBlock)
        {
            return node;
        }

        node["repeats"] = block.Repeats;
        if (block is not ResidualBlock residual)
        {
            return node;
        }

        node["bottleneckWidth"] = residual.BottleneckWidth;
        if (block is InvertedBottleneckBlock inverted)
        {
            node["expansion"] = inverted.Expansion;
        }

        if (block is BottleneckBlock bottleneck)
        {
            node["unitsPerRepeat"] = bottleneck.UnitsPerRepeat;
            if (bottleneck.GroupWidth is { } groupWidth)
            {
                node["groupWidth"] = groupWidth;
            }
        }

        node["projection"] = Projections.Of(residual.Projection);
        node["squeezeExcitation"] = Excitations.Of(residual.SqueezeExcitation);
        return node;
    }

    /// <summary>Name of a block's type in this format.</summary>
    public static string TypeName(Block block) => block switch
    {
        ConvolutionBlock => "convolution",
        MaxPoolBlock => "max-pool",
        BasicBlock => "basic",
        BottleneckBlock => "bottleneck",
        InvertedBottleneckBlock => "inverted-bottleneck",
        _ => throw new InvalidOperationException($"no name for {block.GetType().Name}"),
    };
}
