using System.Collections.Immutable;

namespace ZenNas.Json;

/// <summary>How the values of an enumeration are called in files and on the command line; the one place for both directions.</summary>
internal sealed class EnumNames<T>(params ImmutableArray<(T Value, string Name)> pairs)
    where T : struct, Enum
{
    /// <summary>All names, the usual one first.</summary>
    public ImmutableArray<string> All { get; } = [.. pairs.Select(p => p.Name)];

    public string Of(T value) => pairs.First(p => EqualityComparer<T>.Default.Equals(p.Value, value)).Name;

    /// <summary>The value of one of <see cref="All"/>.</summary>
    public T Parse(string name) => pairs.First(p => p.Name == name).Value;
}
