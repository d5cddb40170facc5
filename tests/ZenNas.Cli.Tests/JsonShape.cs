using System.Text.Json;

namespace ZenNas.Cli.Tests;

/// <summary>Which properties a JSON object has to have, and of what type.</summary>
internal static class JsonShape
{
    /// <summary>Types: string, integer, number, boolean, object, array, null; several with a bar between them.</summary>
    public static void AssertHas(this JsonElement element, params (string Name, string Types)[] properties)
    {
        Assert.Equal(JsonValueKind.Object, element.ValueKind);
        Assert.Equal(properties.Select(p => p.Name).Order(StringComparer.Ordinal), element.EnumerateObject().Select(p => p.Name).Order(StringComparer.Ordinal));
        foreach (var (name, types) in properties)
        {
            Assert.True(types.Split('|').Any(type => Is(element.GetProperty(name), type)), $"{name} is {element.GetProperty(name)}, not {types}");
        }
    }

    private static bool Is(JsonElement value, string type) => type switch
    {
        "string" => value.ValueKind == JsonValueKind.String,
        "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
        "number" => value.ValueKind == JsonValueKind.Number && double.IsFinite(value.GetDouble()),
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "object" => value.ValueKind == JsonValueKind.Object,
        "array" => value.ValueKind == JsonValueKind.Array,
        "null" => value.ValueKind == JsonValueKind.Null,
        _ => throw new ArgumentException($"no type {type}"),
    };
}
