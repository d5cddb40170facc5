using System.Text.Json.Nodes;
using CsCheck;
using NJsonSchema;
using ZenNas.Architectures;
using ZenNas.Search;
using ZenNas.Spaces;
using ZenNas.Tests.Architectures;
using ZenNas.Tests.Spaces;

namespace ZenNas.Tests.Schemas;

/// <summary>The published schemas say what the parsers do.</summary>
public sealed class SchemaTests
{
    /// <summary>Every property, at values that leave room for the others.</summary>
    private const string FullArchitecture = """
        {
          "format": "zennas/architecture", "version": 1, "resolution": 64, "classes": 10, "inputChannels": 3,
          "blocks": [
            { "type": "convolution", "kernel": 3, "width": 16, "stride": 2, "repeats": 2 },
            { "type": "max-pool", "kernel": 3, "width": 16, "stride": 2 },
            { "type": "basic", "kernel": 5, "width": 24, "stride": 1, "repeats": 2, "bottleneckWidth": 8, "projection": "first-unit", "squeezeExcitation": "none" },
            { "type": "bottleneck", "kernel": 7, "width": 32, "stride": 1, "repeats": 2, "bottleneckWidth": 64, "unitsPerRepeat": 1, "groupWidth": 1, "projection": "where-shape-changes", "squeezeExcitation": "quarter" },
            { "type": "inverted-bottleneck", "kernel": 3, "width": 40, "stride": 1, "repeats": 2, "bottleneckWidth": 24, "expansion": 4, "projection": "first-unit", "squeezeExcitation": "input-quarter" }
          ]
        }
        """;

    private const string FullSpace = """
        {
          "format": "zennas/space", "version": 1, "name": "full", "inputChannels": 3, "blocks": ["basic", "bottleneck", "inverted-bottleneck"],
          "kernels": [3, 5, 7], "expansions": [1, 2, 4, 6], "repeats": { "min": 1, "max": 256 }, "maxBlocksPerStage": 1,
          "layouts": [{
            "maxResolution": 4096,
            "stem": { "kernel": 3, "stride": 1, "width": { "min": 1, "max": 65536, "step": 1 } },
            "stages": [2],
            "head": { "kernel": 1, "stride": 1, "width": { "min": 1, "max": 65536, "step": 1 } },
            "width": { "min": 1, "max": 65536, "step": 1 },
            "bottleneckWidth": { "min": 1, "max": 65536, "step": 1 }
          }]
        }
        """;

    /// <summary>Refused for what several places hold together, which a schema can't express.</summary>
    private static readonly string[] Together =
        ["a divisor of", "group width is", "max pool of width", "directly after a block", "number of layers", "number of blocks", "no multiple of step", ".max: is"];

    private static readonly int[] Edges =
    [
        int.MinValue, -1, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 15, 16, 17, 32, 64, 100, 255, 256, 257, 1_023, 1_024, 1_025, 4_095, 4_096, 4_097, 65_535, 65_536, 65_537,
        999_999, 1_000_000, 1_000_001, int.MaxValue,
    ];

    public static TheoryData<string> Formats => ["architecture", "space"];

    [Fact]
    public async Task Should_accept_every_architecture_that_is_written()
    {
        var schema = await Load("architecture");
        ArchitectureGen.Any.Sample(a => Assert.Empty(schema.Validate(ArchitectureJson.Write(a))), iter: 500);
        Assert.All(ModelZoo.Entries, e => Assert.Empty(schema.Validate(ArchitectureJson.Write(e.Architecture))));
    }

    [Fact]
    public async Task Should_accept_the_built_in_spaces()
    {
        var schema = await Load("space");
        Assert.All(SearchSpaceJson.BuiltinNames, n => Assert.Empty(schema.Validate(SearchSpaceJson.BuiltinText(n)!)));
        Assert.Empty(schema.Validate(TestSpaces.Flat));
        Assert.Empty(schema.Validate(TestSpaces.Narrow));
    }

    [Theory, MemberData(nameof(Formats))]
    public async Task Should_have_the_limits_of_the_parser(string format)
    {
        var schema = await Load(format);
        var document = Full(format);
        var numbers = JsonEdits.Places(document).Where(p => JsonEdits.At(document, p) is JsonValue v && v.TryGetValue<int>(out _)).ToArray();
        Assert.True(numbers.Length > 20);
        foreach (var place in numbers)
        {
            var outcomes = Edges.Select(edge => Agree(schema, format, JsonEdits.Replaced(document, place, edge))).ToHashSet();
            Assert.Equal(new HashSet<bool> { true, false }, outcomes);
        }
    }

    [Theory, MemberData(nameof(Formats))]
    public async Task Should_require_and_name_what_the_parser_does(string format)
    {
        var schema = await Load(format);
        var document = Full(format);
        Assert.True(Agree(schema, format, document.ToJsonString()));
        var required = 0;
        foreach (var place in JsonEdits.Places(document).Skip(1))
        {
            required += Agree(schema, format, JsonEdits.Without(document, place)) ? 0 : 1;
            if (JsonEdits.At(document, place) is JsonObject o)
            {
                var further = o.DeepClone().AsObject();
                further["further"] = 1;
                Assert.False(Agree(schema, format, JsonEdits.Replaced(document, place, further)));
            }

            if (JsonEdits.At(document, place) is JsonValue value && value.TryGetValue<string>(out var text))
            {
                Assert.Equal(text == "full", Agree(schema, format, JsonEdits.Replaced(document, place, text + "x")));
                Assert.False(Agree(schema, format, JsonEdits.Replaced(document, place, "")));
            }
        }

        Assert.True(required > 10);
    }

    [Theory]
    [InlineData("architecture", 2_000)]
    [InlineData("space", 2_000)]
    public async Task Should_refuse_only_what_the_parser_refuses_too(string format, int count)
    {
        var schema = await Load(format);
        JsonNode[] documents = format == "space"
            ? [Full(format), JsonNode.Parse(TestSpaces.Flat)!, JsonNode.Parse(TestSpaces.Narrow)!]
            : [Full(format), .. ArchitectureVariants.All.Select(ArchitectureJson.ToNode)];
        var refused = 0;
        for (var i = 0; i < count; i++)
        {
            var random = new StepRandom(8, (ulong)i);
            refused += Agree(schema, format, JsonEdits.Random(documents[random.Next(documents.Length)], ref random)) ? 0 : 1;
        }

        Assert.InRange(refused, count / 2, count - count / 20);
    }

    [Theory, MemberData(nameof(Formats))]
    public void Should_be_closed_and_described_everywhere(string format)
    {
        var schema = JsonNode.Parse(Read(format))!;
        foreach (var place in JsonEdits.Places(schema))
        {
            if (JsonEdits.At(schema, place) is not JsonObject o || place is [.., "properties" or "definitions"])
            {
                continue;
            }

            if (o["type"]?.GetValue<string>() == "object")
            {
                Assert.False(o["additionalProperties"]!.GetValue<bool>());
            }

            if (place.Length == 0 || place[^2] is "properties" or "definitions")
            {
                Assert.True(o["$ref"] is not null || (o["title"] is not null && o["description"] is not null), string.Join('.', place));
            }
        }
    }

    /// <summary>
    /// Checks that schema and parser say the same about a document, but for what only the parser can see. Returns whether the schema
    /// accepts it.
    /// </summary>
    private static bool Agree(JsonSchema schema, string format, string text)
    {
        var errors = schema.Validate(text);
        string? refusal = null;
        try
        {
            _ = format == "space" ? (object)SearchSpaceJson.Parse(text) : ArchitectureJson.Parse(text);
        }
        catch (InvalidInputException e)
        {
            refusal = e.Message;
        }

        if (errors.Count > 0)
        {
            Assert.True(refusal is not null, $"only the schema refuses {text}: {errors.First()}");
        }
        else if (refusal is not null)
        {
            Assert.True(Together.Any(t => refusal.Contains(t, StringComparison.Ordinal)), $"only the parser refuses {text}: {refusal}");
        }

        return errors.Count == 0;
    }

    private static JsonNode Full(string format) => JsonNode.Parse(format == "space" ? FullSpace : FullArchitecture)!;

    private static Task<JsonSchema> Load(string format) => JsonSchema.FromJsonAsync(Read(format), TestContext.Current.CancellationToken);

    private static string Read(string format) =>
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Schemas", $"{format}-v1.schema.json"));
}
