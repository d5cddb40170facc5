using System.Collections.Immutable;
using System.Text.Json;

namespace ZenNas.Json;

/// <summary>Typed access to one JSON object; remembers what was read so that <see cref="Done"/> can refuse the rest.</summary>
internal sealed class JsonObjectReader
{
    private const int MaxItems = 1024;
    private readonly Dictionary<string, JsonElement> _unread = new(StringComparer.Ordinal);
    private readonly string _what;
    private readonly string _path;

    public JsonObjectReader(JsonElement element, string what, string path)
    {
        (_what, _path) = (what, path);
        if (element.ValueKind != JsonValueKind.Object)
        {
            throw Error("", element, "an object");
        }

        foreach (var property in element.EnumerateObject())
        {
            if (!_unread.TryAdd(NameOf(property), property.Value))
            {
                throw new InvalidInputException($"{what}, {At(Shown(property.Name))}: is given twice; allowed is once");
            }
        }
    }

    public bool Has(string name) => _unread.ContainsKey(name);

    public int Integer(string name, int minimum, int maximum, int? otherwise = null)
    {
        if (otherwise is { } value && !Has(name))
        {
            return value;
        }

        var element = Take(name);
        return element.ValueKind == JsonValueKind.Number && element.TryGetInt32(out var number) && number >= minimum && number <= maximum
            ? number
            : throw Error(name, element, $"a whole number from {minimum} to {maximum}");
    }

    public long Number(string name, long minimum, long maximum) => NumberOf(Take(name), At(name), minimum, maximum);

    public ImmutableArray<long> Numbers(string name, int most, long minimum, long maximum, int fewest = 1) =>
        Items(name, most, (element, path) => NumberOf(element, path, minimum, maximum), fewest);

    /// <summary>A whole number, or null where it is missing or null.</summary>
    public long? NumberOrNull(string name, long minimum, long maximum)
    {
        if (_unread.TryGetValue(name, out var element) && element.ValueKind == JsonValueKind.Null)
        {
            _unread.Remove(name);
        }

        return Has(name) ? Number(name, minimum, maximum) : null;
    }

    public double Real(string name)
    {
        var element = Take(name);
        return element.ValueKind == JsonValueKind.Number && element.TryGetDouble(out var number) && double.IsFinite(number)
            ? number
            : throw Error(name, element, "a number");
    }

    /// <summary>A number, one of some words that stand for one, or null where it is null.</summary>
    public double? RealOr(string name, params ReadOnlySpan<(string Word, double Value)> words)
    {
        var element = Take(name);
        if (element.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        foreach (var (word, value) in words)
        {
            if (TextOf(element) == word)
            {
                return value;
            }
        }

        return element.ValueKind == JsonValueKind.Number && element.TryGetDouble(out var number) && double.IsFinite(number)
            ? number
            : throw Error(name, element, "a number or null");
    }

    public bool Flag(string name)
    {
        var element = Take(name);
        return element.ValueKind is JsonValueKind.True or JsonValueKind.False ? element.GetBoolean() : throw Error(name, element, "true or false");
    }

    public ImmutableArray<double> Reals(string name, int most, int fewest = 1) => Items(
        name, most,
        (element, path) => element.ValueKind == JsonValueKind.Number && element.TryGetDouble(out var number) && double.IsFinite(number)
            ? number
            : throw ErrorAt(path, element, "a number"),
        fewest);

    public string OneOf(string name, params ReadOnlySpan<string> allowed) => OneOfOr(name, null, allowed);

    public string OneOfOr(string name, string? otherwise, params ReadOnlySpan<string> allowed)
    {
        if (otherwise is not null && !Has(name))
        {
            return otherwise;
        }

        var element = Take(name);
        return TextOf(element) is { } text && allowed.Contains(text)
            ? text
            : throw Error(name, element, allowed.Length == 1 ? $"\"{allowed[0]}\"" : $"one of {string.Join(", ", allowed.ToArray())}");
    }

    public string Text(string name, int longest)
    {
        var element = Take(name);
        return TextOf(element) is { Length: > 0 } text && text.Length <= longest && text.All(Excerpt.IsPrintable)
            ? text
            : throw Error(name, element, $"a text of 1 to {longest} printable characters");
    }

    /// <summary>A text that may hold anything, or null where it is missing or null.</summary>
    public string? TextOrNull(string name, int longest)
    {
        if (_unread.TryGetValue(name, out var element) && element.ValueKind == JsonValueKind.Null)
        {
            _unread.Remove(name);
        }

        return Has(name) ? Verbatim(name, longest) : null;
    }

    /// <summary>A text that may hold anything, line ends too.</summary>
    public string Verbatim(string name, int longest)
    {
        var element = Take(name);
        return TextOf(element) is { } text && text.Length <= longest ? text : throw Error(name, element, $"a text of at most {longest} characters");
    }

    /// <summary>An object, or null where it is missing or null.</summary>
    public T? ObjectOrNull<T>(string name, Func<JsonObjectReader, T> read)
        where T : class
    {
        if (_unread.TryGetValue(name, out var element) && element.ValueKind == JsonValueKind.Null)
        {
            _unread.Remove(name);
        }

        return Has(name) ? Object(name, read) : null;
    }

    /// <summary>The text of an object that is read later, or null where it is missing or null.</summary>
    public string? TextOfObjectOrNull(string name)
    {
        if (!_unread.Remove(name, out var element) || element.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        return element.ValueKind == JsonValueKind.Object ? element.GetRawText() : throw Error(name, element, "an object");
    }

    /// <summary>Leaves the other properties to somebody who needs them.</summary>
    public void IgnoreRest() => _unread.Clear();

    /// <summary>An object of texts by any names.</summary>
    public ImmutableDictionary<string, string> TextsByName(string name, int longest) => ReadObject(
        Take(name), At(name), texts => texts._unread.Keys.ToArray().ToImmutableDictionary(key => key, key => texts.Verbatim(key, longest)));

    public T Object<T>(string name, Func<JsonObjectReader, T> read) => ReadObject(Take(name), At(name), read);

    /// <summary>Reads an object whose text is wanted too.</summary>
    public T Object<T>(string name, Func<JsonObjectReader, string, T> read)
    {
        var element = Take(name);
        return ReadObject(element, At(name), reader => read(reader, element.GetRawText()));
    }

    public ImmutableArray<T> Objects<T>(string name, int most, Func<JsonObjectReader, T> read, int fewest = 1) =>
        Items(name, most, (element, path) => ReadObject(element, path, read), fewest);

    public ImmutableArray<int> Integers(string name, ReadOnlySpan<int> allowed, int most = MaxItems)
    {
        var allowedValues = allowed.ToArray();
        return Items(name, most, (element, path) =>
            element.ValueKind == JsonValueKind.Number && element.TryGetInt32(out var number) && allowedValues.Contains(number)
                ? number
                : throw ErrorAt(path, element, $"one of {string.Join(", ", allowedValues)}"));
    }

    public ImmutableArray<int> IntegersWithin(string name, int minimum, int maximum, int most) => Items(name, most, (element, path) =>
        element.ValueKind == JsonValueKind.Number && element.TryGetInt32(out var number) && number >= minimum && number <= maximum
            ? number
            : throw ErrorAt(path, element, $"a whole number from {minimum} to {maximum}"));

    public ImmutableArray<string> Texts(string name, params string[] allowed) =>
        Items(name, MaxItems, (element, path) =>
            TextOf(element) is { } text && allowed.Contains(text)
                ? text
                : throw ErrorAt(path, element, $"one of {string.Join(", ", allowed)}"));

    public ImmutableArray<string> AnyTexts(string name, int most, int longest) =>
        Items(name, most, (element, path) => TextOf(element) is { } text && text.Length <= longest && text.All(Excerpt.IsPrintable)
            ? text
            : throw ErrorAt(path, element, $"a text of at most {longest} printable characters"), fewest: 0);

    /// <summary>Runs a constructor that checks its arguments; what it refuses is reported with this object's place.</summary>
    public T Build<T>(Func<T> build)
    {
        try
        {
            return build();
        }
        catch (InvalidInputException e)
        {
            throw new InvalidInputException(_path.Length == 0 ? $"{_what}: {e.Message}" : $"{_what}, {_path}: {e.Message}", e);
        }
    }

    /// <summary>Refuses what nobody read.</summary>
    public void Done()
    {
        if (_unread.Count > 0)
        {
            throw new InvalidInputException($"{_what}, {At(Shown(_unread.Keys.First()))}: is unknown here; remove it");
        }
    }

    private ImmutableArray<T> Items<T>(string name, int most, Func<JsonElement, string, T> read, int fewest = 1)
    {
        var element = Take(name);
        if (element.ValueKind != JsonValueKind.Array || element.GetArrayLength() < fewest || element.GetArrayLength() > most)
        {
            throw Error(name, element, $"a list of {fewest} to {most} items");
        }

        var items = ImmutableArray.CreateBuilder<T>(element.GetArrayLength());
        foreach (var item in element.EnumerateArray())
        {
            items.Add(read(item, $"{At(name)}[{items.Count}]"));
        }

        return items.ToImmutable();
    }

    private T ReadObject<T>(JsonElement element, string path, Func<JsonObjectReader, T> read)
    {
        var reader = new JsonObjectReader(element, _what, path);
        var value = read(reader);
        reader.Done();
        return value;
    }

    private long NumberOf(JsonElement element, string path, long minimum, long maximum) =>
        element.ValueKind == JsonValueKind.Number && element.TryGetInt64(out var number) && number >= minimum && number <= maximum
            ? number
            : throw ErrorAt(path, element, $"a whole number from {minimum} to {maximum}");

    private JsonElement Take(string name) =>
        _unread.Remove(name, out var element)
            ? element
            : throw new InvalidInputException($"{_what}, {At(name)}: is missing");

    private string At(string name) => _path.Length == 0 ? name : name.Length == 0 ? _path : $"{_path}.{name}";

    private InvalidInputException Error(string name, JsonElement element, string allowed) => ErrorAt(At(name), element, allowed);

    private InvalidInputException ErrorAt(string path, JsonElement element, string allowed) => new(
        path.Length == 0 ? $"{_what} is {Shown(element)}; allowed is {allowed}" : $"{_what}, {path}: is {Shown(element)}; allowed is {allowed}");

    private static string Shown(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => $"a list of {element.GetArrayLength()} items",
        _ => Shown(element.GetRawText()),
    };

    private static string Shown(string text) => Excerpt.Of(text, 40);

    private string NameOf(JsonProperty property)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException e)
        {
            throw new InvalidInputException($"{(_path.Length == 0 ? _what : $"{_what}, {_path}")}: a name holds half a surrogate pair; allowed is valid Unicode", e);
        }
    }

    /// <summary>The value of a string; null for other kinds, and for escapes that are half a surrogate pair, which no string can hold.</summary>
    private static string? TextOf(JsonElement element)
    {
        try
        {
            return element.ValueKind == JsonValueKind.String ? element.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
