using System.Globalization;
using System.Text.Json.Nodes;
using ZenNas.Search;

namespace ZenNas.Tests.Schemas;

/// <summary>Changes of single places of a JSON document. What comes out is still JSON.</summary>
internal static class JsonEdits
{
    private static readonly string[] Values =
    [
        "0", "-1", "1", "2", "3", "4", "5", "6", "7", "8", "16", "17", "64", "255", "256", "257", "1024", "4096", "4097", "65536", "65537", "1000000",
        "1000001", "2147483647", "2147483648", "1.5", "1e3", "1e400", "null", "true", "\"\"", "\"basic\"", "\"quarter\"", "\"input-quarter\"", "\"a\\nb\"", "\"1\"", "[]", "{}",
        "[1]", "[1,2]", "{\"min\":1,\"max\":2}",
    ];

    /// <summary>Every place of a document, the root first, as the steps that lead to it.</summary>
    public static IEnumerable<string[]> Places(JsonNode? node) => node switch
    {
        JsonObject o => o.SelectMany(p => Places(p.Value).Select(rest => (string[])[p.Key, .. rest])).Prepend([]),
        JsonArray a => a.SelectMany((item, i) => Places(item).Select(rest => (string[])[i.ToString(CultureInfo.InvariantCulture), .. rest])).Prepend([]),
        _ => [[]],
    };

    public static JsonNode? At(JsonNode? node, ReadOnlySpan<string> place)
    {
        foreach (var step in place)
        {
            node = node is JsonArray array ? array[int.Parse(step, CultureInfo.InvariantCulture)] : node![step];
        }

        return node;
    }

    public static string Replaced(JsonNode document, string[] place, JsonNode? value) => Edited(document, place, (parent, step) =>
    {
        if (parent is JsonArray array)
        {
            array[int.Parse(step, CultureInfo.InvariantCulture)] = value;
        }
        else
        {
            parent[step] = value;
        }
    });

    public static string Without(JsonNode document, string[] place) => Edited(document, place, (parent, step) =>
    {
        if (parent is JsonArray array)
        {
            array.RemoveAt(int.Parse(step, CultureInfo.InvariantCulture));
        }
        else
        {
            parent.AsObject().Remove(step);
        }
    });

    /// <summary>One or two random changes: a place replaced, removed, repeated or given a further property.</summary>
    public static string Random(JsonNode document, ref StepRandom random)
    {
        var text = document.ToJsonString();
        for (var left = random.Next(1, 2); left > 0; left--)
        {
            var current = JsonNode.Parse(text)!;
            string[][] places = [.. Places(current).Skip(1)];
            var place = places[random.Next(places.Length)];
            text = random.Next(8) switch
            {
                0 => Without(current, place),
                1 => Replaced(current, place, At(current, places[random.Next(places.Length)])?.DeepClone()),
                2 => Edited(current, place, (parent, _) => Further(parent)),
                _ => Replaced(current, place, JsonNode.Parse(Values[random.Next(Values.Length)])),
            };
        }

        return text;
    }

    private static void Further(JsonNode parent)
    {
        if (parent is JsonArray array)
        {
            array.Add(array[0]?.DeepClone());
        }
        else
        {
            parent["further"] = 1;
        }
    }

    private static string Edited(JsonNode document, string[] place, Action<JsonNode, string> edit)
    {
        var copy = document.DeepClone();
        edit(At(copy, place.AsSpan(0, place.Length - 1))!, place[^1]);
        return copy.ToJsonString();
    }
}
