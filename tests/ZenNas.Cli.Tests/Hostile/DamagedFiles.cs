using System.Text;
using System.Text.Json.Nodes;

namespace ZenNas.Cli.Tests.Hostile;

/// <summary>Architecture and space files, damaged in ways that leave none valid.</summary>
internal static class DamagedFiles
{
    public const string Architecture = """
        {
          "format": "zennas/architecture", "version": 1, "resolution": 32, "classes": 10, "inputChannels": 3,
          "blocks": [
            { "type": "convolution", "kernel": 3, "width": 16, "stride": 2, "repeats": 1 },
            { "type": "max-pool", "kernel": 3, "width": 16, "stride": 2 },
            { "type": "basic", "kernel": 5, "width": 24, "stride": 1, "repeats": 2, "bottleneckWidth": 16 },
            { "type": "bottleneck", "kernel": 3, "width": 32, "stride": 1, "repeats": 1, "bottleneckWidth": 12, "unitsPerRepeat": 1, "groupWidth": 3 },
            { "type": "inverted-bottleneck", "kernel": 7, "width": 40, "stride": 1, "repeats": 1, "bottleneckWidth": 24, "expansion": 4, "squeezeExcitation": "quarter" }
          ]
        }
        """;

    private static readonly string[] RootProperties = ["format", "version", "resolution", "classes", "blocks"];
    private static readonly string[] BlockProperties = ["type", "kernel", "width"];
    private static readonly string[] SpaceProperties = ["format", "version", "name", "blocks", "kernels", "repeats", "maxBlocksPerStage", "layouts"];
    private static readonly string[] WrongTypes = ["[true]", "{}", "null", "true", "\"\\u0000\"", "-1", "1.5", "1e99", "99999999999999999999"];

    private static readonly string[] NoObjects = ["", " \n ", "[]", "null", "{}", "{", "\"x\"", "NaN", "{'a':1}", "{\"a\":1,}", "/**/{}", "\0\0\0\0", "{\"\\ud800\":1}"];

    /// <summary>Bytes of an architecture file that no reader may accept.</summary>
    public static byte[] MakeArchitecture(int kind, Random random)
    {
        var text = Architecture;
        return (kind % 13) switch
        {
            0 or 1 => Utf8(text[..random.Next(1, text.Length - 1)]),
            2 => Utf8(Edit(text, root => Place(root, random)["surplus"] = 1)),
            3 => Utf8(text.Replace("\"version\": 1", "\"version\": 1, \"version\": 1", StringComparison.Ordinal)),
            4 => Utf8(Edit(text, root => root[Pick(RootProperties, random)] = JsonNode.Parse(Pick(WrongTypes, random)))),
            5 => Utf8(Edit(text, root => Block(root, random)[Pick(BlockProperties, random)] = JsonNode.Parse(Pick(WrongTypes, random)))),
            6 => Utf8(Edit(text, root => root.Remove(Pick(RootProperties, random)))),
            7 => Utf8(Edit(text, root => Block(root, random).Remove(Pick(BlockProperties, random)))),
            8 => Utf8(OutOfRange(text, random)),
            9 => Utf8(string.Concat(Enumerable.Repeat(random.Next(2) == 0 ? "[" : "{\"blocks\":", 5000))),
            10 => NoText(random),
            11 => Utf8(text.PadRight(300_000)),
            _ => Utf8(Pick(NoObjects, random)),
        };
    }

    /// <summary>Text of a space file that no reader may accept.</summary>
    public static byte[] MakeSpace(string valid, int kind, Random random) => (kind % 5) switch
    {
        0 => Utf8(valid.TrimEnd()[..random.Next(1, valid.TrimEnd().Length - 1)]),
        1 => Utf8(Edit(valid, root => root.Remove(Pick(SpaceProperties, random)))),
        2 => Utf8(Edit(valid, root => root[Pick(SpaceProperties, random)] = JsonNode.Parse(Pick(WrongTypes, random)))),
        3 => Utf8(Edit(valid, root => root["layouts"]![0]!["width"] = JsonNode.Parse("""{ "min": 9, "max": 8, "step": 8 }"""))),
        _ => Utf8(Edit(valid, root => root["layouts"]![0]!["stages"] = JsonNode.Parse("[]"))),
    };

    private static string OutOfRange(string text, Random random) => random.Next(6) switch
    {
        0 => text.Replace("\"resolution\": 32", "\"resolution\": 4097", StringComparison.Ordinal),
        1 => text.Replace("\"classes\": 10", "\"classes\": 0", StringComparison.Ordinal),
        2 => text.Replace("\"kernel\": 5", "\"kernel\": 4", StringComparison.Ordinal),
        3 => text.Replace("\"groupWidth\": 3", "\"groupWidth\": 5", StringComparison.Ordinal),
        4 => text.Replace("\"expansion\": 4", "\"expansion\": 3", StringComparison.Ordinal),
        _ => text.Replace("\"repeats\": 2", "\"repeats\": 257", StringComparison.Ordinal),
    };

    private static byte[] NoText(Random random)
    {
        var bytes = new byte[random.Next(1, 5000)];
        random.NextBytes(bytes);
        // 0xFF never occurs in UTF-8.
        return random.Next(2) == 0 ? Encoding.Unicode.GetBytes(Architecture) : [0xFF, .. bytes];
    }

    private static string Edit(string text, Action<JsonObject> edit)
    {
        var root = JsonNode.Parse(text)!.AsObject();
        edit(root);
        return root.ToJsonString();
    }

    private static JsonObject Place(JsonObject root, Random random) => random.Next(2) == 0 ? root : Block(root, random);

    private static JsonObject Block(JsonObject root, Random random) => root["blocks"]!.AsArray()[random.Next(5)]!.AsObject();

    private static string Pick(string[] texts, Random random) => texts[random.Next(texts.Length)];

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
